"""How a handler reaches a use case, and what the application holds for it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Request

from hnsemu.api.result_cache import ResultCache
from hnsemu.api.scope import host_of
from hnsemu.config import Settings
from hnsemu.domain.source import Source
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Service:
    """What the application holds: its settings, database, and source of time and chance.

    aside: limits how many long lists are read beside the event loop at once, on SQLite.
    pages: pages of notifications that several streams read at the same time.
    """

    settings: Settings
    database: Database
    source: Source
    aside: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(2))
    pages: ResultCache = field(default_factory=ResultCache)


def service(request: Request) -> Service:
    """Return what the application holds."""
    held: Service = request.app.state.service
    return held


def hns_of(request: Request) -> Hns:
    """Return the HNS service of the emulated host that a request addresses."""
    held = service(request)
    return Hns(held.database, host_of(request.scope), held.source)


async def call(
    request: Request,
    use_case: Callable[Concatenate[Hns, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run a use case for the emulated host that the request addresses.

    On SQLite it runs in the event loop, on PostgreSQL in a thread (docs/adr/0003).
    """
    hns = hns_of(request)
    if hns.database.is_sqlite:
        return use_case(hns, *args, **kwargs)
    return await run_sync(partial(use_case, hns, *args, **kwargs))


async def call_aside(
    request: Request,
    use_case: Callable[Concatenate[Hns, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run a use case that may take long, in a thread on either database."""
    held = service(request)
    limiter = held.aside if held.database.is_sqlite else None
    return await run_sync(partial(use_case, hns_of(request), *args, **kwargs), limiter=limiter)


def is_strict(request: Request) -> bool:
    """Return whether unknown members are refused."""
    return service(request).settings.strict
