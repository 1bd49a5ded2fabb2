"""Drawing gives everything once, nothing twice, and the oldest release first."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hnsemu.domain.drawing import Draw, State, Urn, draw
from hnsemu.domain.permutation import element


class Urns:
    """A pool of numbers with the book of who has what, as rows of a table keep it."""

    def __init__(self, size: int, reserved: frozenset[int] = frozenset(), seed: int = 0) -> None:
        """Open a pool of which nothing was drawn yet."""
        self.size, self.reserved, self.seed, self.cursor = size, reserved, seed, 0
        self.taken: set[int] = set()
        self.released: list[int] = []  # oldest first
        self.questions: list[int] = []
        self.counted = 0

    def key_at(self, index: int) -> int | None:
        """Return the number at an index of the permutation."""
        key = element(index, self.size, self.seed)
        return None if key in self.reserved else key

    def states(self, keys: Sequence[int]) -> Mapping[int, State]:
        """Answer a question and remember how long it was."""
        self.questions.append(len(keys))
        return {
            key: "taken" if key in self.taken else "released"
            for key in keys
            if key in self.taken or key in self.released
        }

    def is_full(self) -> bool:
        """Tell whether everything was given out, and remember the question."""
        self.counted += 1
        return len(self.taken) + len(self.released) == self.size - len(self.reserved)

    def draw(self) -> int | None:
        """Draw and keep what was drawn."""
        oldest = self.released[0] if self.released else None
        urn = Urn(self.cursor, self.size, self.key_at, self.states, self.is_full, lambda: oldest)
        drawn = draw(urn)
        if drawn is None:
            return None
        assert drawn.state == ("released" if drawn.key in self.released else "free")
        self.cursor = drawn.cursor
        self.claim(drawn.key)
        return drawn.key

    def claim(self, key: int) -> None:
        """Take a number out of turn."""
        assert key not in self.taken
        self.taken.add(key)
        if key in self.released:
            self.released.remove(key)

    def release(self, key: int) -> None:
        """Give a number back."""
        self.taken.remove(key)
        self.released.append(key)


@given(st.integers(1, 300), st.integers(0, 2**31), st.data())
def test_everything_is_given_exactly_once(size: int, seed: int, data: st.DataObject) -> None:
    reserved = data.draw(st.frozensets(st.integers(0, size - 1), max_size=3))
    urns = Urns(size, reserved, seed)
    given_out = [urns.draw() for _ in range(size - len(reserved))]
    assert sorted(address for address in given_out if address is not None) == sorted(
        set(range(size)) - reserved
    )
    assert urns.draw() is None


@given(st.integers(2, 200), st.integers(0, 2**31), st.data())
def test_what_was_released_first_is_given_first(size: int, seed: int, data: st.DataObject) -> None:
    urns = Urns(size, seed=seed)
    drawn = [urns.draw() for _ in range(size)]
    back = data.draw(st.permutations(range(size)))
    for key in back:
        urns.release(key)
    assert [urns.draw() for _ in drawn] == list(back)


class Pool(RuleBasedStateMachine):
    """Draws, claims out of turn and releases in any order."""

    @initialize(size=st.integers(1, 40), seed=st.integers(0, 2**31), reserved=st.integers(0, 3))
    def open(self, size: int, seed: int, reserved: int) -> None:
        """Start with a pool of which the first numbers are reserved."""
        self.urns = Urns(size, frozenset(range(min(reserved, size))), seed)
        self.fresh = set(range(size)) - self.urns.reserved

    @rule()
    def draws(self) -> None:
        """Draw what nobody ever had, or what waits."""
        waiting = list(self.urns.released)
        key = self.urns.draw()
        if key is None:
            assert self.urns.taken == set(range(self.urns.size)) - self.urns.reserved
        elif key not in self.fresh:
            assert key in waiting
        self.fresh.discard(key if key is not None else -1)

    @precondition(lambda self: self.fresh)
    @rule(data=st.data())
    def claims(self, data: st.DataObject) -> None:
        """Claim what nobody ever had."""
        key = data.draw(st.sampled_from(sorted(self.fresh)))
        self.urns.claim(key)
        self.fresh.discard(key)

    @precondition(lambda self: self.urns.taken)
    @rule(data=st.data())
    def releases(self, data: st.DataObject) -> None:
        """Release anything."""
        self.urns.release(data.draw(st.sampled_from(sorted(self.urns.taken))))

    @invariant()
    def nothing_reserved_is_given(self) -> None:
        """Hold at all times."""
        if hasattr(self, "urns"):
            assert not self.urns.taken & self.urns.reserved
            assert not self.urns.taken & set(self.urns.released)


TestPool = Pool.TestCase


def test_a_draw_is_one_question_as_a_rule() -> None:
    urns = Urns(1000)
    for _ in range(500):
        urns.draw()
    assert urns.questions == [1] * 500
    assert urns.counted == 0


def test_claims_out_of_turn_are_passed_in_growing_portions() -> None:
    urns = Urns(4096)
    for index in range(700):
        urns.claim(element(index, 4096, 0))
    urns.draw()
    assert urns.questions == [1, 8, 64, 439, 1, 8, 64, 512]
    assert urns.counted == 1
    urns.draw()
    assert urns.questions[8:] == [1]


@pytest.mark.parametrize("released", [None, 7])
def test_a_full_pool_is_noticed_instead_of_searched(released: int | None) -> None:
    urns = Urns(100_000)
    urns.taken = set(range(100_000))
    if released is not None:
        urns.release(released)
    assert urns.draw() == released
    assert sum(urns.questions) == 512
    assert urns.counted == 1


def test_an_exhausted_pool_asks_nothing() -> None:
    urns = Urns(10)
    urns.cursor = 10
    assert draw(Urn(10, 10, urns.key_at, urns.states, urns.is_full, lambda: 3)) == Draw(
        3, "released", 10
    )
    assert urns.questions == []
