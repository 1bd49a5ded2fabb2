"""Patterns of filters, and those that are not tried."""

import pytest

from hnsemu.docker.domain.patterns import is_like, is_match
from hnsemu.docker.errors import DockerError


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("^web$", "web"), ("w.b", "a web"), ("^(web|db)$", "db"), ("we+b", "weeb"), ("", "any")],
)
def test_a_pattern_is_found(pattern: str, text: str) -> None:
    assert is_match(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^eb", "web"),
        ("(", "("),
        ("(?=web)", "web"),
        (r"(w)\1", "ww"),
        ("(a+)+$", "a" * 40 + "b"),
        ("a*a*a*a*b", "a" * 40),
        ("x" * 300, "x" * 300),
        ("a{99999999999}", "a"),
    ],
)
def test_a_bad_or_slow_pattern_matches_nothing(pattern: str, text: str) -> None:
    assert not is_match(pattern, text)


@pytest.mark.parametrize(
    ("name", "pattern", "matches"),
    [
        ("web:1", "web:1", True),
        ("web:1", "web*", True),
        ("web:1", "w?b:*", True),
        ("team/web", "*", False),
        ("team/web", "*/web", True),
        ("web", "Web", False),
        ("a" * 5_000, "*a" * 200 + "b", False),
        ("team/web:1", "team/*b:[0-9]", True),
        ("web:1", "w[^a-d]b:1", True),
        ("web:1", "w[^e]b:1", False),
        ("web:1", "w[e-]b:1", None),
        ("web:1", r"w[\]e]b:1", True),
        ("web:1", "w[z-a]b:1", False),
        ("web:1", "w[^z-a]b:1", True),
        ("w*b", r"w\*b", True),
        ("web", r"w\*b", False),
        ("a.b", "a?b", True),
        ("axb", "a.b", False),
        ("abab", "*ab", True),
        ("abcab", "a**b", True),
        ("", "*", True),
        ("team/web", "team*web", False),
    ],
)
def test_a_name_is_like_a_pattern(name: str, pattern: str, *, matches: bool | None) -> None:
    if matches is None:
        with pytest.raises(DockerError, match="syntax error in pattern"):
            is_like(name, pattern)
    else:
        assert is_like(name, pattern) is matches


@pytest.mark.parametrize(
    "pattern", ["[", "[]", "[]a]", "[^]", "[-a]", "[a-]", "[a", "x[", "x\\", "[\\"]
)
def test_a_bad_pattern_is_refused_whatever_the_name_is(pattern: str) -> None:
    for name in ("web", "", "x"):
        with pytest.raises(DockerError) as refused:
            is_like(name, pattern)
        assert (refused.value.status, refused.value.message) == (500, "syntax error in pattern")
