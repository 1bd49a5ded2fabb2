"""No test fails because its machine is busy."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import until

TESTS = Path(__file__).parent
CALLS = {"get", "post", "put", "patch", "delete", "head", "request", "stream", "Client"}


def test_what_there_is_in_the_end_is_found() -> None:
    looks: Iterator[object] = iter([None, [], 0, "found"])
    assert until(lambda: next(looks), "nothing is found") == "found"


def test_what_never_comes_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.waiting.PATIENCE", 0)
    with pytest.raises(AssertionError, match="nothing is found"):
        until(lambda: None, "nothing is found")


def hasty(path: Path) -> Iterator[str]:
    """Yield the calls of httpx that give up after the five seconds that it has by itself."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name("httpx"), attr=name), keywords=words):
                named = {word.arg for word in words}
                if name in CALLS and not named & {"timeout", "transport"}:
                    yield f"{path.relative_to(TESTS)}:{node.lineno}"


def test_every_request_to_a_server_has_patience() -> None:
    assert [call for path in sorted(TESTS.rglob("*.py")) for call in hasty(path)] == []
