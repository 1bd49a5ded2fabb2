"""A number in a text: ASCII digits, and no more of them than a number here has."""

import pytest

from hnsemu.domain.digits import LARGEST, number_in


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("80", 80), ("007", 7), (str(LARGEST), LARGEST), ("0" * 5000 + "8", 8)],
)
def test_digits_are_a_number(text: str, number: int) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "1.0", " 1", "1_0", "0x1", "٣", "²", str(LARGEST + 1), "9" * 5000],
)
def test_another_text_is_no_number(text: str) -> None:
    assert number_in(text) is None


def test_a_number_over_the_largest_is_none() -> None:
    assert (number_in("255", 255), number_in("256", 255)) == (255, None)
