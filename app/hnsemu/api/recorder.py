"""Where finished calls go: into the journal of their host, before their callers have the answers.

On PostgreSQL calls are stored at once, those that end at the same moment together: a reader may ask
another process. On SQLite there is one process: a call is stored at once when the host was quiet,
and those that follow closely are stored with it, in blocks. A reader of this process has them
stored first; a process that is killed between has reserved their numbers, so that the next one
knows that they are missing (`services.journal.recover`).

On PostgreSQL a process says again and again of its calls that last that they do. Where it does not,
because it was killed, every reader takes them for lost.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from anyio import CancelScope, CapacityLimiter
from anyio.to_thread import run_sync
from sqlalchemy.exc import SQLAlchemyError

from hnsemu.domain.journal import Call
from hnsemu.domain.source import Source
from hnsemu.errors import HnsError
from hnsemu.services import journal
from hnsemu.storage.database import Database, WriterBusy
from hnsemu.storage.transaction import Hns

_log = logging.getLogger("hnsemu.api")

T = TypeVar("T")

_BLOCK = 64  # calls
_BLOCK_BYTES = 256 * 1024
_SHORT_BYTES = 64 * 1024  # of a journal that is read in the event loop
_QUIET = 0.2  # seconds
_RENEWED = 15  # seconds, of the minute after which a call is lost


@dataclass(slots=True)
class _Block:
    """The calls of one host that are not stored yet.

    is_open:  whether numbers are reserved for more of them.
    is_first: whether the journal began with this block.
    given:    the calls that it was given so far, and their bytes.
    missed:   calls that could not be stored.
    """

    calls: list[Call] = field(default_factory=list)
    size: int = 0
    is_open: bool = False
    is_first: bool = False
    given: int = 0
    given_bytes: int = 0
    missed: int = 0
    timer: asyncio.TimerHandle | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def put(self, call: Call) -> None:
        """Keep a call until it is stored."""
        self.calls.append(call)
        self.size += call.size
        self.count(call)

    def count(self, call: Call) -> None:
        """Count a call, for `Recorder.is_short`."""
        self.given += 1
        self.given_bytes += call.size

    def take(self) -> list[Call]:
        """Return the calls to store them; they are not in the block any more."""
        calls, self.calls, self.size = self.calls, [], 0
        return calls


class Recorder:
    """Stores the calls of this process. All methods run in the event loop."""

    def __init__(self, database: Database, source: Source) -> None:
        """Begin with nothing to store."""
        self._hns = Hns(database, "", source)
        self._is_sqlite = database.is_sqlite
        self._blocks: defaultdict[int, _Block] = defaultdict(_Block)
        self._limiter = CapacityLimiter(2)
        self._waiting: Counter[int] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._lasting: set[tuple[int, int]] = set()  # host keys and numbers
        self._renewing: asyncio.Task[None] | None = None

    @property
    def reserve(self) -> int:
        """How many numbers are reserved for the first calls of a new host, see `begin_journal`."""
        return _BLOCK if self._is_sqlite else 0

    def begin_journal(self, host_key: int) -> None:
        """Go on with the numbers that were reserved when the host was created."""
        if self._is_sqlite:
            block = self._blocks[host_key]
            block.is_open = block.is_first = True
            self._set_timer(host_key, block)

    def forget(self, host_key: int) -> None:
        """Let go of what is not stored yet of a host that is gone."""
        block = self._blocks.pop(host_key, None)
        if block is not None and block.timer is not None:
            block.timer.cancel()

    def is_short(self, host_key: int) -> bool:
        """Tell whether a journal is known to be short: it began just now, and has few calls."""
        block = self._blocks.get(host_key)
        return (
            block is not None
            and block.is_first
            and block.given <= _BLOCK
            and block.given_bytes <= _SHORT_BYTES
        )

    async def add(self, host_key: int, call: Call) -> None:
        """Record a call; when this returns, every reader sees it."""
        block = self._blocks[host_key]
        block.put(call)
        if self._can_wait(host_key, block):
            self._set_timer(host_key, block)
            return
        await self._store(host_key, block, keep_open=self._is_sqlite)

    async def begin(self, host_key: int, call: Call) -> Call:
        """Record a call that lasts; return it with its number."""
        block = self._blocks[host_key]
        block.count(call)
        async with block.lock:
            before = block.take()
            reserve = _BLOCK if block.is_open else 0
            first = await self._write(host_key, block, [*before, call], reserve=reserve)
        if not first:
            return replace(call, number=0)
        self._lasts(host_key, first + len(before))
        return replace(call, number=first + len(before))

    async def finish(self, host_key: int, call: Call) -> None:
        """Complete a call that `begin` recorded; it is lost where that fails."""
        self._lasting.discard((host_key, call.number))
        if host_key in self._blocks:
            self._blocks[host_key].count(call)
        with suppress(SQLAlchemyError, HnsError):
            waits = await self.run(partial(journal.finish_call, self._hns, host_key, call))
            self._wake(host_key, waits=waits)

    async def flush(self) -> None:
        """Store what is not stored yet, for a reader; wait for what is being stored."""
        for host_key, block in list(self._blocks.items()):
            if block.calls or block.missed or block.lock.locked():
                await self._store(host_key, block, keep_open=block.is_open)

    async def close(self) -> None:
        """Store everything, and give back the numbers that were reserved: the service stops."""
        if self._renewing is not None:
            self._renewing.cancel()
        for host_key, block in list(self._blocks.items()):
            if block.timer is not None:
                block.timer.cancel()
            await self._store(host_key, block, keep_open=False)

    def missed(self, host_key: int) -> int:
        """Return how many calls of a host this process could not store; from any thread."""
        block = self._blocks.get(host_key)
        return 0 if block is None else block.missed

    async def renew(self) -> None:
        """Say of the calls that last that they do."""
        if self._lasting:
            with suppress(SQLAlchemyError, HnsError):  # there is time to say it again
                await self.run(partial(journal.renew_calls, self._hns, sorted(self._lasting)))

    def _lasts(self, host_key: int, number: int) -> None:
        """Say from now on that a call lasts, until it is finished."""
        if self._is_sqlite:
            return
        self._lasting.add((host_key, number))
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._go_on_renewing())

    async def _go_on_renewing(self) -> None:
        while self._lasting:
            await asyncio.sleep(_RENEWED)
            await self.renew()
        self._renewing = None

    @contextmanager
    def waiting(self, host_key: int) -> Iterator[None]:
        """Store the calls of a host at once while the block lasts: a reader waits for them."""
        self._waiting[host_key] += 1
        try:
            yield
        finally:
            self._waiting[host_key] -= 1
            if not self._waiting[host_key]:
                del self._waiting[host_key]

    def _can_wait(self, host_key: int, block: _Block) -> bool:
        return (
            block.is_open
            and len(block.calls) < _BLOCK
            and block.size < _BLOCK_BYTES
            and host_key not in self._waiting
        )

    def _set_timer(self, host_key: int, block: _Block) -> None:
        if block.timer is None:
            loop = asyncio.get_running_loop()
            block.timer = loop.call_later(_QUIET, self._look_after, host_key, block)

    def _look_after(self, host_key: int, block: _Block) -> None:
        """Store the rest of a block; close it when no call has come for a while."""
        block.timer = None
        work = self._store(host_key, block, keep_open=bool(block.calls))
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _store(self, host_key: int, block: _Block, *, keep_open: bool) -> None:
        async with block.lock:
            calls = block.take()
            if not calls and not block.missed and block.is_open == keep_open:
                return
            await self._write(host_key, block, calls, reserve=_BLOCK if keep_open else 0)
        if block.is_open:
            self._set_timer(host_key, block)
        elif not block.calls and not block.missed and self._blocks.get(host_key) is block:
            del self._blocks[host_key]

    async def _write(self, host_key: int, block: _Block, calls: list[Call], *, reserve: int) -> int:
        """Store calls under the lock of their block; return the number of the first."""
        missed, block.missed = block.missed, 0
        work = partial(journal.store_calls, self._hns, host_key, calls, missed, reserve)
        try:
            with CancelScope(shield=True):  # a reader that leaves takes no call of others along
                number, waits = await self.run(work)
        except (SQLAlchemyError, HnsError) as error:
            block.missed = missed + len(calls)
            block.is_open = False
            if not missed:
                _log.error("calls are missing in a journal from now on: %s", error)
            return 0
        block.is_open = bool(reserve and number)
        self._wake(host_key, waits=waits)
        return number

    def _wake(self, host_key: int, *, waits: bool) -> None:
        if waits and self._is_sqlite:
            self._hns.database.wakes.wake(host_key)

    async def run(self, work: Callable[[], T]) -> T:
        """Run a use case for the call itself, beside the pool of threads of the handlers."""
        if self._is_sqlite:
            with suppress(WriterBusy):
                return work()
        return await run_sync(work, limiter=self._limiter)
