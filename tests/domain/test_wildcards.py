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
        ("a*b*c", "a-b-b-c", True),
        ("a*b*c", "a-c-b", False),
        ("*ab*ab", "ab", False),
        ("*ab*ab", "abab", True),
        ("*a?c**d*", "-abc--d-", True),
        ("*" + "a*" * 100 + "b", "a" * 4000, False),  # by trying every place: never decided
    ],
)
def test_a_pattern_is_of_the_whole_text(pattern: str, text: str, *, is_match: bool) -> None:
    assert matches(pattern, text) is is_match
