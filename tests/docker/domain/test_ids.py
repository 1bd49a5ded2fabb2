"""Docker's ids: 64 hexadecimal digits."""

import pytest

from hnsemu.docker.domain.ids import is_prefix, new_id, short
from hnsemu.host import SeededSource


def test_a_new_id_has_64_digits_and_is_repeatable() -> None:
    first, again = new_id(SeededSource(7)), new_id(SeededSource(7))
    assert first == again
    assert len(first) == 64
    assert is_prefix(first)


def test_people_see_twelve_digits() -> None:
    assert short("0123456789abcdef" * 4) == "0123456789ab"


@pytest.mark.parametrize("text", ["", "xyz", "ABC", "a%"])
def test_other_characters_begin_no_id(text: str) -> None:
    assert not is_prefix(text)
