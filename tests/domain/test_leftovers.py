"""What calls made and nobody removed."""

from hnsemu.domain.journal import Change
from hnsemu.domain.leftovers import Leftover, Maker, left, made


def call(number: int, operation: str, *changes: Change) -> Maker:
    """Return a call that made and removed these."""
    return Maker(number, operation, changes)


CREATED = call(1, "HcnCreateNetwork", Change("network", "n", is_new=True))
ATTACHED = call(2, "docker start", Change("endpoint", "e", is_new=True))
DELETED = call(3, "HcnDeleteNetwork", Change("network", "n", is_new=False))


def test_what_a_call_made_is_named_with_the_call() -> None:
    names = {("endpoint", "e"): "", ("network", "n"): "a"}
    assert left(made([CREATED, ATTACHED]), names) == [
        Leftover("network", "n", "a", 1, "HcnCreateNetwork"),
        Leftover("endpoint", "e", "", 2, "docker start"),
    ]


def test_what_another_call_removed_is_no_leftover() -> None:
    assert list(made([CREATED, ATTACHED, DELETED])) == [("endpoint", "e")]


def test_what_was_removed_and_made_again_is_of_the_later_call() -> None:
    again = call(4, "HcnCreateNetwork", Change("network", "n", is_new=True))
    assert [maker.number for maker in made([CREATED, DELETED, again]).values()] == [4]


def test_what_went_without_a_call_is_no_leftover() -> None:
    found = made([CREATED, ATTACHED])
    assert [leftover.kind for leftover in left(found, {("endpoint", "e"): ""})] == ["endpoint"]
