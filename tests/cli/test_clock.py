"""hnsemu clock: the clock of all hosts, shown and changed."""

import pytest

from tests.cli.conftest import Hnsemu

NEW_YEAR = "2027-01-01T00:00:00Z"


def test_it_is_shown_and_changed(hnsemu: Hnsemu) -> None:
    try:
        assert hnsemu("clock", "freeze").stdout.endswith(" frozen\n")
        assert hnsemu("clock", "set", NEW_YEAR).stdout == f"{NEW_YEAR} frozen\n"
        assert hnsemu("clock", "advance", "5m").stdout == "2027-01-01T00:05:00Z frozen\n"
        assert hnsemu("clock", "show").stdout == "2027-01-01T00:05:00Z frozen\n"
        assert '"filetime": 134432355000000000' in hnsemu("clock", "show", "-o", "json").stdout
    finally:
        assert hnsemu("clock", "release").stdout.endswith(" machine\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("advance", "soon"), "advance: 'soon' is not a duration"),
        (("set", "20000-01-01"), "set: '20000-01-01' is out of bounds"),
    ],
)
def test_nonsense_is_refused(hnsemu: Hnsemu, words: tuple[str, ...], sentence: str) -> None:
    refused = hnsemu("clock", *words)
    assert refused.exit_code == 4
    assert sentence in refused.stderr
