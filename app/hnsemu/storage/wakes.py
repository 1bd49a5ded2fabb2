"""Who waits for news of which host, and what wakes them; the news itself is in the tables.

On SQLite the one process wakes its readers after each commit. On PostgreSQL a commit notifies
every process, each of which listens on a connection of its own while it has readers; on a replica,
which has no listeners, they are woken every second. A reader is
woken once for many commits, and at times for none: it looks into the tables each time.
"""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from hnsemu.storage.failures import is_read_only
from hnsemu.storage.notifications import CHANNEL_QUERY, EVERYONE

_log = logging.getLogger("hnsemu.storage")

_AGAIN = 1.0  # seconds until a lost connection is made again, or a replica is looked into


class Waiter:
    """One reader, waiting in its event loop."""

    def __init__(self, host_key: int) -> None:
        """Wait for news of a host, in the running event loop."""
        self.host_key = host_key
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._is_called = False  # once is enough: a call is a write to a socket

    def wake(self) -> None:
        """Wake the reader, from any thread."""
        if self._is_called:
            return
        self._is_called = True
        with contextlib.suppress(RuntimeError):  # its loop has ended
            self._loop.call_soon_threadsafe(self._woken.set)

    def prepare(self) -> None:
        """Forget what woke the reader: it is about to look into the tables."""
        self._is_called = False
        self._woken.clear()

    async def wait(self, seconds: float) -> bool:
        """Wait to be woken since `prepare`; False when nobody did for so long."""
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return False
        return True


class Wakes:
    """The readers of one process."""

    def __init__(self, engine: Engine) -> None:
        """Begin without readers; with those of PostgreSQL a connection is opened."""
        self._engine = engine
        self._listens = engine.dialect.name != "sqlite"
        self._driver: Any = engine.dialect.loaded_dbapi  # psycopg, where there is PostgreSQL
        self._waiters: set[Waiter] = set()
        self._watchers: set[Waiter] = set()
        self._listening: asyncio.Task[None] | None = None
        self.stopped = False
        self._changes = itertools.count(1)
        self.version = 0  # of what readers can know; what was read at the same one is the same

    def wake(self, host_key: int) -> None:
        """Wake the readers of a host, or `EVERYONE`, in this process; from any thread."""
        self.version = next(self._changes)
        for waiter in tuple(self._waiters):
            if host_key in {waiter.host_key, EVERYONE}:
                waiter.wake()

    def wrote(self) -> None:
        """Wake who waits for whatever is written in this process; from any thread."""
        for watcher in tuple(self._watchers):
            watcher.wake()

    def look_again(self) -> None:
        """Let the next reader look into the tables though nobody woke it."""
        self.version = next(self._changes)

    def stop(self) -> None:
        """Wake every reader for the last time: the service stops."""
        self.stopped = True
        self.wake(EVERYONE)
        self.wrote()

    @contextlib.contextmanager
    def waiting(self, host_key: int) -> Iterator[Waiter]:
        """Let a reader of the running event loop be woken while the block lasts."""
        waiter = Waiter(host_key)
        self._waiters.add(waiter)
        if self._listens and self._listening is None:
            self._listening = asyncio.create_task(self._listen())
        try:
            yield waiter
        finally:
            self._waiters.discard(waiter)
            if self._listening is not None and not self._waiters:
                self._listening.cancel()
                self._listening = None

    @contextlib.contextmanager
    def watching(self) -> Iterator[Waiter]:
        """Let somebody be woken by whatever this process writes to SQLite, and by the end."""
        watcher = Waiter(EVERYONE)
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)

    async def _listen(self) -> None:
        """Pass on what PostgreSQL notifies, on a connection that is made again when lost."""
        while True:
            try:
                await self._pass_on()
            except (self._driver.Error, SQLAlchemyError, OSError) as error:
                if is_read_only(error):  # a replica, where nobody can listen
                    self.wake(EVERYONE)
                else:
                    _log.warning("readers of notifications wait for the database: %s", error)
            await asyncio.sleep(_AGAIN)

    async def _pass_on(self) -> None:
        arguments, options = self._engine.dialect.create_connect_args(self._engine.url)
        connect = self._driver.AsyncConnection.connect
        connection = await connect(*arguments, **options, autocommit=True)
        async with connection:
            named = await (await connection.execute(CHANNEL_QUERY)).fetchone()
            await connection.execute(f'LISTEN "{named[0]}"')
            self.wake(EVERYONE)  # whatever was notified before
            async for notice in connection.notifies():
                self.wake(int(notice.payload))
