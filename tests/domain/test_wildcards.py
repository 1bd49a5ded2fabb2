"""Patterns with `*` and `?`."""

import pytest

from hnsemu.domain.wildcards import matches


@pytest.mark.parametrize(
    ("pattern", "text", "is_match"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("pod-?", "pod-1", True),
        ("pod-?", "pod-12", False),
        ("POD-*", "pod-12", True),
        ("a.c", "abc", False),
        ("[a]*", "[a]b", True),
        ("*b", "a\nb", True),
        ("a|b*", "bc", True),
        ("a|b*", "ab", False),
    ],
)
def test_a_pattern_is_of_the_whole_text(pattern: str, text: str, *, is_match: bool) -> None:
    assert matches(pattern, text) is is_match
