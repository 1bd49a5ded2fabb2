"""A trace as lines to read: the hosts it passes, what decided where, and the verdict."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hnsemu.domain.tracing.model import Result, Step, Trace, Verdict
from hnsemu.domain.visible import visible

MARKS = {
    Result.ALLOW: "+",
    Result.PASS: ">",
    Result.BLOCK: "x",
    Result.DROP: "x",
    Result.NO_MATCH: " ",
    Result.REWRITE: "~",
    Result.ENCAP: "[",
    Result.DECAP: "]",
    Result.HAIRPIN: "^",
    Result.ROUTE: "-",
    Result.REDIRECT: "~",
    Result.FLOW: "=",
    Result.FORWARD: "-",
    Result.DELIVER: "*",
}
_GUID = re.compile(r"\b([0-9A-Fa-f]{8})-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\b")
_DOCKER_ID = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")  # what Docker names endpoints by


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and what it is: "head", "host", a Result, or a Verdict."""

    kind: str
    text: str


def plain(trace: Trace) -> str:
    """Return the trace as text; a name with line ends of its own stays on its line."""
    return "\n".join(visible(line.text) for line in lines(trace)) + "\n"


def lines(trace: Trace, indent: str = "") -> Iterator[Line]:
    """Yield the lines of a trace, its reply behind; what did not match is left out."""
    backend = f", backend {trace.backend}" if trace.backend else ""
    yield Line("head", f"{indent}{trace.sent}{backend}")
    host = ""
    for step in trace.steps:
        if step.host != host:
            host = step.host
            yield Line("host", f"{indent}  {host}")
        if step.result is not Result.NO_MATCH:
            place = _place(step)
            yield Line(step.result, f"{indent}    {MARKS[step.result]} {place:58} {step.text}")
    yield Line(trace.verdict, f"{indent}  {headline(trace)}: {trace.text}")
    if trace.reply is not None:
        yield Line("head", f"{indent}  reply")
        yield from lines(trace.reply, f"{indent}  ")


def headline(trace: Trace) -> str:
    """Return the verdict in capitals; its reason beside it where that adds something."""
    if trace.verdict is Verdict.DELIVERED:
        return "DELIVERED"
    return f"{trace.verdict.upper()} ({trace.reason})"


def short(text: str) -> str:
    """Return the text with eight digits of each GUID and twelve of each id of Docker."""
    return _DOCKER_ID.sub(r"\1", _GUID.sub(r"\1", text))


def _place(step: Step) -> str:
    parts = (short(step.where), step.direction, step.layer)
    return " ".join(part for part in parts if part)
