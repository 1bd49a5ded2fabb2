"""Wrong values in refusals."""

import pytest

from hnsemu.domain.shown import shown
from tests.work import calls


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        ("a", '"a"'),
        ({"a": [None, True]}, '{"a": [null, true]}'),
        ("a" * 58, f'"{"a" * 58}"'),
        ("a" * 59, f'"{"a" * 59}…'),
    ],
)
def test_a_value_is_shown_as_json_of_at_most_60_characters(value: object, text: str) -> None:
    assert shown(value) == text


def test_what_a_refusal_does_not_show_costs_nothing() -> None:
    long = [{"number": number} for number in range(10_000)]
    assert shown(long) == shown(long[:20])
    assert calls(lambda: shown(long)) == calls(lambda: shown(long[:20]))
