"""Notifications as Server-Sent Events (docs/adr/0011-notification-streams.md).

The tables are the truth: a stream reads a page, sends it, and only then reads on or waits to be
woken. While it sends or waits it holds no connection and no transaction, so a slow reader costs
its socket and one page.
"""

import functools
import logging
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated

from fastapi import Request, Response
from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.types import Send

from hnsemu.api.declarations import HeaderParameter, QueryParameter
from hnsemu.api.deps import call, hns_of, service
from hnsemu.api.faults import UNAVAILABLE
from hnsemu.domain.notifications import Handle, Page, Position
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.notifications import event_data
from hnsemu.services import notifications

_log = logging.getLogger("hnsemu.api")

_NUMBER = re.compile(r"[0-9]{1,18}")
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx passes on at once


@dataclass(frozen=True, slots=True)
class Resumption:
    """Where a stream begins: behind an event, or now when neither is given.

    A browser that reconnects sends the header, and its first address again; the header wins.
    """

    last_event_id: Annotated[
        str | None,
        HeaderParameter(
            name="Last-Event-ID",
            description="Number of the last event received; the stream continues after it. "
            "Wins over `after`.",
            schema={"type": "string", "pattern": "^[0-9]{1,18}$"},
        ),
    ] = None
    after: Annotated[
        str | None,
        QueryParameter(
            name="after",
            description="Continue after the event with this number; 0 begins with the oldest "
            "event that is kept.",
            schema={
                "type": "integer",
                "format": "int64",
                "minimum": 0,
                "maximum": 10**18 - 1,
            },
        ),
    ] = None

    def number(self) -> int | None:
        """Return the number of the event to continue after, None to begin now.

        Raises: E_INVALIDARG for a text that is no number of an event.
        """
        name, text = "Last-Event-ID", self.last_event_id
        if not text:
            name, text = "after", self.after
        if text is None:
            return None
        if not _NUMBER.fullmatch(text):
            raise HnsError(
                Hr.E_INVALIDARG,
                f"{name}: {text!r} is no number of an event; leave it out to start now",
            )
        return int(text)


async def stream(
    request: Request, resumption: Resumption, handle: Handle, object_id: str = ""
) -> Response:
    """Return the stream of the notifications on a handle.

    Raises: what `Resumption.number` and `notifications.begin` raise.
    """
    after = resumption.number()
    position = await call(request, notifications.begin, handle, object_id, after)
    if request.method == "HEAD":
        return Response(headers=_HEADERS, media_type=EventSourceResponse.media_type)
    return _Stream(_events(request, position), headers=_HEADERS)


class _Stream(EventSourceResponse):
    """A stream whose reader is forgotten at once when it goes, not when memory is cleaned up."""

    async def stream_response(self, send: Send) -> None:
        """Send the events."""
        assert isinstance(self.body_iterator, AsyncGenerator)  # noqa: S101 (made by `stream`)
        async with aclosing(self.body_iterator):
            await super().stream_response(send)


async def _events(request: Request, position: Position) -> AsyncGenerator[bytes]:
    """Yield the events behind `position`, and comments that say what the stream does.

    The first comment carries the number where the reader stands, and others do where it moved on
    without an event: who hears little of a busy host can come back all the same.
    """
    wakes = hns_of(request).database.wakes
    silence, pages = service(request).settings.keep_alive, service(request).pages
    with wakes.waiting(position.host_key) as waiter:
        yield _comment("connected", position)
        seen = position.number
        while not wakes.stopped:
            waiter.prepare()
            work = functools.partial(_next, request, position)
            page, text = await pages.get(position, wakes.version, work)
            position = page.position
            if text:
                seen = page.notifications[-1].number
                yield text
            if page.end:
                yield _comment(page.end, position, seen)
                return
            if not page.has_more and not await waiter.wait(silence):
                yield _comment("keep-alive", position, seen)
                seen = position.number
                wakes.look_again()
        yield _comment("the service stops", position, seen)


async def _next(request: Request, position: Position) -> tuple[Page, bytes]:
    """Return the next page, one that says so when the database cannot tell, and its events."""
    try:
        page = await call(request, notifications.read_on, position)
    except UNAVAILABLE as error:
        _log.warning("a stream of notifications ends: the database does not answer: %s", error)
        hns_of(request).database.wakes.look_again()  # who comes back asks it again
        return Page((), position, end="the database does not answer; come back"), b""
    text = (
        format_sse_event(
            id=str(notification.number),
            event=notification.kind.text,
            data_str=event_data(notification),
        )
        for notification in page.notifications
    )
    return page, b"".join(text)


def _comment(text: str, position: Position, seen: int | None = None) -> bytes:
    """Return a comment, with the number of the position unless the reader has `seen` that."""
    number = None if position.number == seen else str(position.number)
    return format_sse_event(comment=text, id=number)
