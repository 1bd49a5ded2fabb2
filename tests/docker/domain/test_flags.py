"""Booleans of queries, as every client spells them."""

import pytest

from hnsemu.docker.domain.flags import is_true


@pytest.mark.parametrize("text", ["1", "true", "True", "yes", "x", " 2 "])
def test_anything_says_yes(text: str) -> None:
    assert is_true(text)


@pytest.mark.parametrize("text", ["", "0", "no", "False", " false ", "None", "NONE"])
def test_five_words_say_no(text: str) -> None:
    assert not is_true(text)
