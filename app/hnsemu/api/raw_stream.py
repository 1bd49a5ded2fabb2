"""Answers that take up a client's offer and go on as a stream of bytes in both directions."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import anyio
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

EXTENSION = "hnsemu.stream"
"""Among the extensions of a scope whose request offers a stream; see hnsemu.protocol."""

_SWITCHING, _OK = 101, 200
_BEAT = 0.05
"""Seconds between the head and the first byte. Nothing that a process prints comes sooner, and
docker-py counts on it: it reads the head through a buffer, then from the socket behind that.
"""


@dataclass(frozen=True, slots=True)
class Stream:
    """One client's connection, once it has become a stream."""

    _received: Receive
    _sent: Send

    async def read(self) -> bytes:
        """Return what the client sent next, empty once it sends no more.

        Raises: ClientDisconnect when the connection is gone.
        """
        message = await self._received()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        data: bytes = message.get("data", b"")
        return data

    async def write(self, data: bytes) -> None:
        """Send these bytes; nothing happens when the connection is gone."""
        await self._sent({"type": "http.response.body", "body": data, "more_body": True})


class StreamResponse(Response):
    """101 and a conversation with the client; 200 and only our half for one that offered nothing.

    A client that hangs up ends the conversation without a word.
    """

    def __init__(
        self, converse: Callable[[Stream], Awaitable[None]], headers: Mapping[str, str]
    ) -> None:
        """Answer with these headers; the connection is closed when `converse` returns."""
        super().__init__(headers=headers)
        del self.headers["content-length"]
        self._converse = converse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the offer up, and converse."""
        is_offered = EXTENSION in scope.get("extensions", {})
        headers = list(self.raw_headers)
        if is_offered:
            headers += [(b"connection", b"Upgrade"), (b"upgrade", b"tcp")]
        status = _SWITCHING if is_offered else _OK
        await send({"type": "http.response.start", "status": status, "headers": headers})
        is_there = True
        try:
            if is_offered:
                await anyio.sleep(_BEAT)
            await self._converse(Stream(receive, send))
        except* ClientDisconnect:  # alone, or in the group of a conversation's tasks
            is_there = False
        if is_there:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
