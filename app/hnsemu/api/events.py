"""Notifications as Server-Sent Events (docs/adr/0011-notification-streams.md).

A stream reads a page of notifications from the database and sends it, then reads the next page or
waits for new ones. While it sends or waits it has no connection and no transaction: a slow reader
costs a socket and one page.
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
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # for nginx: do not buffer


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

        Raises: E_INVALIDARG for a text that is not the number of an event.
        """
        name, text = "Last-Event-ID", self.last_event_id
        if not text:
            name, text = "after", self.after
        if text is None:
            return None
        if not _NUMBER.fullmatch(text):
            raise HnsError(
                Hr.E_INVALIDARG,
                f"{name}: {text!r} is not the number of an event; leave it out to begin now",
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
        return Response(headers=HEADERS, media_type=EventSourceResponse.media_type)
    return EventStream(_events(request, position), headers=HEADERS)


class EventStream(EventSourceResponse):
    """A stream that ends as soon as its reader leaves, not at the next garbage collection."""

    async def stream_response(self, send: Send) -> None:
        """Send the events."""
        assert isinstance(self.body_iterator, AsyncGenerator)  # noqa: S101 (created by `stream`)
        async with aclosing(self.body_iterator):
            await super().stream_response(send)


async def _events(request: Request, position: Position) -> AsyncGenerator[bytes]:
    """Yield the events after `position`, and comments about the stream.

    The first comment has the number of the position, and so have later ones if the position has
    moved without an event: a reader with few events on a busy host can resume from there.
    """
    wakes = hns_of(request).database.wakes
    silence, pages = service(request).settings.keep_alive, service(request).pages
    with wakes.waiting(position.host_key) as waiter:
        yield _comment("connected", position)
        seen, is_current = position.number, False
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
            if page.has_more:
                continue
            if not is_current and position.number != seen:
                # What was stored is read, and its end belongs to others: a reader of it can go.
                yield _comment("keep-alive", position, seen)
                seen = position.number
            is_current = True
            if not await waiter.wait(silence):
                yield _comment("keep-alive", position, seen)
                seen = position.number
                wakes.look_again()
        yield _comment("the service stops", position, seen)


async def _next(request: Request, position: Position) -> tuple[Page, bytes]:
    """Return the next page and its events; an empty last page when the database does not answer."""
    try:
        page = await call(request, notifications.read_on, position)
    except UNAVAILABLE as error:
        _log.warning("a stream of notifications ends: the database does not answer: %s", error)
        hns_of(request).database.wakes.look_again()  # for readers that reconnect
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


def comment(text: str, number: int | None = None) -> bytes:
    """Return a comment, with the number that the stream has reached if it is given."""
    return format_sse_event(comment=text, id=None if number is None else str(number))


def _comment(text: str, position: Position, seen: int | None = None) -> bytes:
    """Return a comment, with the number of the position unless the reader has `seen` it."""
    return comment(text, None if position.number == seen else position.number)
