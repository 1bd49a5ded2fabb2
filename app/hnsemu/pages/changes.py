"""/ui/changes: which hosts were written to, as Server-Sent Events, for all pages of a browser.

A browser opens six connections to a server, so its pages share one stream (`assets/changes.js`),
and each looks again when its host is named. What is written is looked for once for all streams.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress

import orjson
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.sse import format_sse_event

from hnsemu.api.deps import Service, service
from hnsemu.api.events import HEADERS, EventStream, comment
from hnsemu.api.faults import UNAVAILABLE
from hnsemu.errors import HnsError
from hnsemu.storage.database import Database
from hnsemu.storage.marks import Mark

_GATHERED = 0.5  # seconds in which what is written becomes one event
_LOOKS = 1.0  # seconds between two looks at PostgreSQL, where other processes write
_UNAVAILABLE = (*UNAVAILABLE, HnsError)

router = APIRouter()


class Listener:
    """One stream: what it has not sent yet."""

    def __init__(self) -> None:
        """Begin with nothing to send."""
        self._names: set[str] = set()
        self._is_any = False
        self._told = asyncio.Event()

    def tell(self, names: frozenset[str] | None) -> None:
        """Add hosts that were written to; None for any."""
        self._is_any = self._is_any or names is None
        self._names |= names or frozenset()
        self._told.set()

    async def next(self, seconds: float) -> bytes:
        """Return the next event: the names of hosts, or null for any; a comment after a silence."""
        try:
            await asyncio.wait_for(self._told.wait(), seconds)
        except TimeoutError:
            return comment("keep-alive")
        self._told.clear()
        names = None if self._is_any else sorted(self._names)
        self._names, self._is_any = set(), False
        return format_sse_event(event="changed", data_str=orjson.dumps(names).decode())


class Changes:
    """Looks what is written while there are streams, and tells them. It runs in the event loop."""

    def __init__(self, database: Database) -> None:
        """Begin without streams."""
        self._database = database
        self._listeners: set[Listener] = set()
        self._following: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Listener]:
        """Let a stream be told while the block lasts; it misses nothing from its begin on.

        Raises: what reading the database raises.
        """
        mark = await self._mark()
        listener = Listener()
        self._listeners.add(listener)
        if self._following is None:
            self._following = asyncio.create_task(self._follow(mark))
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            if not self._listeners and self._following is not None:
                self._following.cancel()
                self._following = None

    async def _follow(self, mark: Mark) -> None:
        wakes = self._database.wakes
        with wakes.watching() as watcher:
            while not wakes.stopped:
                watcher.prepare()
                with suppress(*_UNAVAILABLE):  # it may be back at the next look
                    mark, earlier = await self._mark(), mark
                    if (names := mark.written_since(earlier)) is None or names:
                        self._tell(names)
                await asyncio.sleep(_GATHERED)
                await watcher.wait(_LOOKS - _GATHERED if not self._database.is_sqlite else 60)
        self._tell(frozenset())

    def _tell(self, names: frozenset[str] | None) -> None:
        for listener in self._listeners:
            listener.tell(names)

    async def _mark(self) -> Mark:
        if self._database.is_sqlite:
            return self._database.mark()
        return await run_sync(self._database.mark)


@router.get("/ui/changes", include_in_schema=False)
async def follow_changes(request: Request) -> Response:
    """The names of hosts that were written to, as they are; "" is for journals, null for any.

    Nothing is told of what was written before: who connects looks once.
    """
    held = service(request)
    return EventStream(_events(held, _changes(request, held.database)), headers=HEADERS)


async def _events(held: Service, changes: Changes) -> AsyncGenerator[bytes]:
    try:
        async with changes.listening() as listener:
            yield comment("connected")
            while not held.database.wakes.stopped:
                yield await listener.next(held.settings.keep_alive)
            yield comment("the service stops")
    except _UNAVAILABLE:
        yield comment("the database does not answer; come back")


def _changes(request: Request, database: Database) -> Changes:
    held = request.app.state
    if not hasattr(held, "changes"):
        held.changes = Changes(database)
    changes: Changes = held.changes
    return changes
