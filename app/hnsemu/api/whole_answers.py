"""An answer whose length is known goes to the socket with one write, head and body together.

uvicorn writes the two apart, which costs a system call, and checks each header by two patterns.
"""

import functools
import re

from starlette.types import Message
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

_START, _BODY = "http.response.start", "http.response.body"
_EMPTY = {204, 304}
_LENGTH, _CONNECTION = b"content-length", {b"connection", b"transfer-encoding"}
_NAME = re.compile(rb"[\w!#$%&'*+.^`|~-]+")
_IN_LINES = bytes(sorted({*range(32, 127), *range(128, 256), *b"\t"}))
"""What stands in the lines of a head; between them are CR and LF."""


class WholeAnswer:
    """Sends one answer in place of uvicorn's cycle, which sends any that does not end at once."""

    def __init__(self, cycle: RequestResponseCycle) -> None:
        """Answer the request of `cycle`."""
        self._cycle = cycle
        self._send = cycle.send
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        """Hold the head back until the body is there."""
        start, self._start = self._start, None
        if start is not None:
            if self._write(start, message):
                return
            await self._send(start)  # type: ignore[arg-type]  # the same messages
        elif not self._cycle.response_started and _is_announced(message):
            self._start = message
            return
        await self._send(message)  # type: ignore[arg-type]

    def _write(self, start: Message, end: Message) -> bool:
        """Write a whole answer; return False if uvicorn has to send it."""
        cycle, body = self._cycle, end.get("body", b"")
        if end["type"] != _BODY or end.get("more_body", False):
            return False
        if cycle.flow.write_paused or cycle.disconnected:
            return False
        head = _head(cycle, start, len(body))
        if head is None:
            return False
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        if not cycle.transport.is_closing():  # uvloop would raise
            cycle.transport.write(head if cycle.scope["method"] == "HEAD" else head + body)
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()
        return True


def _is_announced(message: Message) -> bool:
    """Tell whether this is a head that says how long the body is, which follows at once."""
    if message["type"] != _START:
        return False
    return message["status"] in _EMPTY or any(name == _LENGTH for name, _ in message["headers"])


def _head(cycle: RequestResponseCycle, start: Message, size: int) -> bytes | None:
    """Return the head of an answer with `size` bytes, None for one that uvicorn has to look at."""
    lines, announced = [STATUS_LINE[start["status"]][:-2]], 0
    for given, value in (*cycle.default_headers, *start["headers"]):
        name = _lowered(given)
        if name is None or name in _CONNECTION:
            return None
        if name == _LENGTH:
            announced = int(value)
        lines.append(b"%b: %b" % (name, value))
    if not cycle.keep_alive:
        lines.append(b"connection: close")
    head = b"\r\n".join(lines)
    if len(head.translate(None, _IN_LINES)) != 2 * (len(lines) - 1):
        return None  # a value has a control character
    if announced != size and cycle.scope["method"] != "HEAD":
        return None
    return head + b"\r\n\r\n"


@functools.lru_cache(maxsize=256)
def _lowered(name: bytes) -> bytes | None:
    return name.lower() if _NAME.fullmatch(name) else None
