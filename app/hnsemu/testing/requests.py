"""What programs called on a host: listed, waited for, verified, printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hnsemu.testing.http import Api, Json

Call = dict[str, Any]
"""A call as `GET /emulator/hosts/{name}/requests` has it."""

_SHOWN = 50  # calls of a journal that is printed
_WIDTH = 160  # characters of a body


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
        """Return the newest calls, one a line."""
        answer = self.api.get("/requests")
        calls, lost = answer["requests"], answer["journal"]["lost"]
        left_out = len(calls) - _SHOWN if len(calls) > _SHOWN else 0
        lines = [_line(call) for call in calls[left_out:]]
        if left_out + lost:
            lines.insert(0, f"… {left_out + lost} earlier calls")
        return "\n".join(lines) or "no calls"


def _line(call: Call) -> str:
    body = " ".join(call["request"].split())
    if len(body) > _WIDTH:
        body = f"{body[:_WIDTH]}…"
    parts = (
        f"{call['number']:>4}",
        str(call["status"]),
        call["hresult"],
        call["operation"],
        "" if call["operation"].startswith(call["method"]) else call["path"],
        f"by {call['process']}" if call["process"] else "",
        body,
    )
    return "  ".join(part for part in parts if part)


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
