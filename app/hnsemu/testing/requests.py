"""What programs called on a host: listed, waited for, verified, printed."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from textwrap import wrap
from typing import Any

from hnsemu.testing.http import Api, Json

Call = dict[str, Any]
"""A call as `GET /emulator/hosts/{name}/requests` has it."""

_SHOWN = 50  # calls of a journal that is printed
_WIDTH = 80  # characters of a line of it
_ROOM = 160  # characters of a body that does not fit beside its call
_MARGIN = "      "
_REFUSED = 400
_DONE = "0x00000000"


@dataclass(frozen=True)
class Requests:
    """The journal of a host. Calls that the test itself makes are in it, too.

    api: below /emulator/hosts/{name}.
    """

    api: Api

    def __iter__(self) -> Iterator[Call]:
        """Yield the calls, oldest first."""
        return iter(self.list())

    def __len__(self) -> int:
        """Return how many calls the journal has."""
        return len(self.list())

    def list(
        self,
        operation: str | None = None,
        *,
        status: int | str | None = None,
        hresult: int | str | None = None,
        text: str | None = None,
        since: int | None = None,
        wait: float | None = None,
        least: int | None = None,
    ) -> Sequence[Call]:
        """Return the calls that match, oldest first.

        operation: a pattern such as `HcnCreate*`. since: a number of a call, only those behind it.
        wait: seconds, at the most, until there are `least` such calls (1 if not given).
        """
        waiting = None if wait is None else f"{round(wait * 1000)}ms"
        answer = self.api.get(
            "/requests",
            op=operation,
            status=status,
            hresult=hresult,
            text=text,
            since=since,
            wait=waiting,
            min=least,
        )
        calls: Sequence[Call] = answer["requests"]
        return calls

    def clear(self) -> None:
        """Empty the journal, after a test has prepared what its program finds."""
        self.api.delete("/requests")

    def verify(self, expectation: Json) -> Json:
        """Return what the journal says of an expectation, as `POST …/requests/verify` takes it.

        Raises: AssertionError with the calls that come nearest, unless it is met.
        """
        __tracebackhide__ = True  # pytest shows the line of the test
        verification = self.api.post("/requests/verify", expectation)
        if not verification["verified"]:
            raise AssertionError(_shortfall(expectation, verification))
        return verification

    def text(self) -> str:
        """Return the newest calls, and why they were refused; equal ones behind another once."""
        answer = self.api.get("/requests")
        calls, lost = answer["requests"], answer["journal"]["lost"]
        left_out = len(calls) - _SHOWN if len(calls) > _SHOWN else 0
        lines = list(_lines(calls[left_out:]))
        if left_out + lost:
            lines.insert(0, f"… {left_out + lost} earlier calls")
        return "\n".join(lines) or "no calls"


def _lines(calls: Sequence[Call]) -> Iterator[str]:
    for said, several in groupby(calls, key=_said):
        first, *others = several
        yield f"{first['number']:>4}  {said[0]}"
        yield from (f"{_MARGIN}{line}" for line in said[1:])
        if others:
            yield f"{_MARGIN}and {len(others)} more like it, to call {others[-1]['number']}"


def _said(call: Call) -> Sequence[str]:
    """Return the lines of a call without its number: the body beside it if there is room."""
    parts = (
        str(call["status"]),
        call["hresult"] if call["hresult"] != _DONE else "",
        call["operation"],
        "" if call["operation"].startswith(call["method"]) else call["path"],
        f"by {call['process']}" if call["process"] else "",
    )
    head, body = "  ".join(part for part in parts if part), _shown(call["request"])
    beside = f"{head}  {body}" if body else head
    fits = len(_MARGIN) + len(beside) <= _WIDTH
    return [*([beside] if fits else [head, *_wrapped(body)]), *_wrapped(_reason(call))]


def _wrapped(text: str) -> Sequence[str]:
    return wrap(text, _WIDTH - len(_MARGIN), break_on_hyphens=False)


def _shown(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _ROOM else f"{plain[:_ROOM]}…"


def _reason(call: Call) -> str:
    """Return why a call was refused, "" for one that was not, or does not say."""
    if call["status"] < _REFUSED:
        return ""
    try:
        answer = json.loads(call["answer"])
    except ValueError:
        return ""
    if not isinstance(answer, dict):
        return ""
    return _shown(str(answer.get("Detail") or answer.get("Error") or answer.get("message") or ""))


def _shortfall(expectation: Json, verification: Json) -> str:
    """Return what was expected, what was seen, and which calls come nearest."""
    wanted = {name: value for name, value in expectation.items() if name in {"match", "sequence"}}
    numbers = ", ".join(map(str, verification["numbers"]))
    lines = [
        f"expected {verification['expected']} {wanted or ''}".rstrip(),
        f"seen: {verification['seen']}" + (f" (calls {numbers})" if numbers else ""),
    ]
    for call in verification["nearest"]:
        lines.append(f"near: call {call['number']}, {call['operation']} {call['path']}")
        lines += [
            f"      {difference['member']}: expected {difference['expected']}, "
            f"found {difference['found']}"
            for difference in call["differences"]
        ]
    return "\n".join(lines)
