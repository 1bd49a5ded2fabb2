"""Lines of a listing: how it begins and ends, indents, and the words of flags."""

import pytest

from hnsemu.domain.vfp.text.lines import at, crlf, listing, words

NAMES = ((1, "one"), (2, "two"), (4, "four"))


def test_a_listing_has_a_title_and_an_end() -> None:
    assert listing("list-rule", ["a", "b"]).split("\r\n") == [
        " ITEM LIST",
        "===========",
        "",
        "a",
        "b",
        "Command list-rule succeeded!",
        "",
    ]


def test_lines_end_as_windows_ends_them() -> None:
    assert crlf(["a", ""]) == "a\r\n\r\n"
    assert crlf([]) == ""


def test_lines_stand_behind_blanks() -> None:
    assert list(at(4, ["a", "b"])) == ["    a", "    b"]


@pytest.mark.parametrize(("flags", "text"), [(0, ""), (5, "one four"), (10, "two")])
def test_flags_are_called_by_their_words(flags: int, text: str) -> None:
    assert words(flags, NAMES) == text
    assert words(flags, NAMES, ", ") == text.replace(" ", ", ")
