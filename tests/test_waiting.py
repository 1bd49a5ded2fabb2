"""No test fails because its machine is busy."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import until

TESTS = Path(__file__).parent
LONG = 100
"""Seconds, of which a busy machine needs fewer for anything that is waited for."""

WAITS = {"wait", "wait_for", "result", "join", "fail_after", "timeout", "settimeout", "communicate"}
"""Functions whose last argument is a number of seconds, if it is a number."""

GIVE_UP = {"asyncio.wait", "web.restart"}
"""Calls whose time is meant to be over, and Docker's own timeout of a stop."""

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


def impatient(path: Path) -> Iterator[str]:
    """Yield the calls that wait for something, and no longer than a busy machine may need."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) in GIVE_UP:
            continue
        named = [word.value for word in node.keywords if word.arg == "timeout"]
        given = node.args[-1:] if ast.unparse(node.func).rpartition(".")[2] in WAITS else []
        numbers = [value.value for value in (*named, *given) if isinstance(value, ast.Constant)]
        # what is shorter than a second paces a loop
        if any(isinstance(number, int | float) and 1 <= number < LONG for number in numbers):
            yield f"{path.relative_to(TESTS.parent)}:{node.lineno}"


def test_whatever_is_waited_for_has_time() -> None:
    folders = ("tests", "demo", "tools")
    paths = [path for folder in folders for path in (TESTS.parent / folder).rglob("*.py")]
    assert len(paths) > len(folders)
    assert [call for path in sorted(paths) for call in impatient(path)] == []


def test_every_request_to_a_server_has_patience() -> None:
    assert [call for path in sorted(TESTS.rglob("*.py")) for call in hasty(path)] == []
