"""Which known word is meant by one that is not known."""

import pytest

from hnsemu.domain.near import nearest

KNOWN = ("Name", "MacAddress", "list-rule")


@pytest.mark.parametrize(
    ("word", "meant"),
    [("name", "Name"), ("MACADRESS", "MacAddress"), ("list-rules", "list-rule"), ("zzz", None),
     ("", None)],
)  # fmt: skip
def test_the_word_most_like_it_is_meant_in_whatever_case(word: str, meant: str | None) -> None:
    assert nearest(word, KNOWN) == meant
