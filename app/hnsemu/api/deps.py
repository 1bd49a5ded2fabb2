"""How a handler reaches a use case, and what the application holds for it."""

import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from anyio import CapacityLimiter, from_thread
from anyio.to_thread import run_sync
from fastapi import Request

from hnsemu.api.recorder import Recorder
from hnsemu.api.result_cache import ResultCache
from hnsemu.api.scope import host_of
from hnsemu.api.watches import Watches
from hnsemu.config import Settings
from hnsemu.domain.source import Source
from hnsemu.schema.collection import without_collection
from hnsemu.storage.database import Database, WriterBusy
from hnsemu.storage.transaction import Hns, HostClient

P = ParamSpec("P")
T = TypeVar("T")

TOO_LONG = 0.1
"""Seconds of processor time that no request may take in the event loop."""

SERVICE = "hnsemu.service"
"""Key of a scope: the service that answers the request."""

WATCHER = "hnsemu.watcher"
"""Key of a scope: what looks at the call, of those of programs."""

CHECK = "hnsemu.check"
"""Key of a scope: what each transaction of the request makes sure of (`Hns.check`)."""

IN_THREAD: ContextVar[bool] = ContextVar("in_thread", default=False)
"""Whether this request is answered in a thread (`pace.py`): its use case runs there, too."""


@dataclass(slots=True)
class Service:
    """What the application holds: its settings, database, and source of time and chance.

    aside:      limits how many long lists are read beside the event loop at once, on SQLite.
    large:      limits how many large bodies are worked on at once.
    readers:    threads for requests that only read, while others take long.
    writers:    threads for the others, fewer than there are connections to PostgreSQL.
    is_crowded: whether there are objects so large that any request may take long.
    pages:      pages of notifications that several streams read at the same time.
    clients:    programs on every host, which start with it.
    watches:    what is known of the journals and faults of hosts.
    recorder:   where calls go that a journal records.
    """

    settings: Settings
    database: Database
    source: Source
    aside: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(2))
    large: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(2))
    readers: CapacityLimiter = field(init=False)
    writers: CapacityLimiter = field(init=False)
    is_crowded: bool = False
    pages: ResultCache = field(default_factory=ResultCache)
    clients: tuple[HostClient, ...] = ()
    watches: Watches = field(init=False)
    recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        """Divide the threads among readers and writers."""
        self.watches = Watches(self.database, self.source)
        self.recorder = Recorder(self.database, self.source)
        self.readers = CapacityLimiter(self.settings.threads)
        self.writers = CapacityLimiter(max(1, self.settings.threads * 3 // 4))


def service(request: Request) -> Service:
    """Return what the application holds."""
    held: Service = request.scope[SERVICE]
    return held


def hns_of(request: Request) -> Hns:
    """Return the HNS service of the emulated host that a request addresses."""
    held = service(request)
    scope = request.scope
    watcher, check = scope.get(WATCHER), scope.get(CHECK)
    return Hns(held.database, host_of(scope), held.source, held.clients, watcher, check)


async def call(
    request: Request,
    use_case: Callable[Concatenate[Hns, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run a use case for the emulated host that the request addresses.

    On SQLite it runs in the event loop unless another thread is writing, on PostgreSQL in a thread
    (docs/adr/0003).
    """
    held, hns = service(request), hns_of(request)
    if IN_THREAD.get():
        return use_case(hns, *args, **kwargs)
    if hns.database.is_sqlite and not held.is_crowded:
        started = time.thread_time()
        try:
            with suppress(WriterBusy):
                return use_case(hns, *args, **kwargs)
        finally:  # a refusal can take as long
            if time.thread_time() - started > TOO_LONG:
                held.is_crowded = True
    return await run_sync(partial(use_case, hns, *args, **kwargs), limiter=lane(request))


def lane(request: Request) -> CapacityLimiter:
    """Return the threads of requests like this one: readers do not wait behind writers."""
    held = service(request)
    return held.readers if request.method in {"GET", "HEAD"} else held.writers


async def call_aside(
    request: Request,
    use_case: Callable[Concatenate[Hns, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run a use case that may take long, in a thread on either database."""
    if IN_THREAD.get():
        return use_case(hns_of(request), *args, **kwargs)
    held = service(request)
    limiter = held.aside if held.database.is_sqlite else None
    work = partial(uncollected, use_case, hns_of(request), *args, **kwargs)
    return await run_sync(work, limiter=limiter)


def in_loop(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what sets or stops a timer in the event loop, wherever the request is answered."""
    if IN_THREAD.get():
        return from_thread.run_sync(partial(work, *args, **kwargs))
    return work(*args, **kwargs)


def uncollected(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run work whose objects need no collection; a full one would keep all threads waiting."""
    with without_collection():
        return work(*args, **kwargs)


def is_strict(request: Request) -> bool:
    """Return whether unknown members are refused."""
    return service(request).settings.strict
