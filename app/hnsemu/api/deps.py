"""How a handler reaches a use case, and what it can ask of its request."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Request

from hnsemu.api.scope import host_of
from hnsemu.api.sharing import Shared
from hnsemu.config import Settings
from hnsemu.domain.guid import parse_guid
from hnsemu.domain.source import Source
from hnsemu.errors import HnsError, Hr
from hnsemu.schema import base
from hnsemu.schema.v2.query import HostComputeQuery, read_query
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns

P = ParamSpec("P")
T = TypeVar("T")

_LIMIT = re.compile(r"[1-9][0-9]{0,8}")
# A thousand objects take some ten milliseconds; what takes longer must not hold up the others.
_SHORT_PAGE = 1000
_FEW = {"ID", "Name"}


@dataclass(frozen=True, slots=True)
class Service:
    """What the application holds: its settings, database, and source of time and chance.

    aside: how many long lists may be read at once beside the event loop, on SQLite.
    pages: what readers of notifications in step read once.
    """

    settings: Settings
    database: Database
    source: Source
    aside: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(2))
    pages: Shared = field(default_factory=Shared)


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: `limit` items, None for all, behind the item `after`."""

    limit: int | None = None
    after: str | None = None

    def is_short(self, wanted: HostComputeQuery) -> bool:
        """Tell whether only so few items are asked for that nobody waits for them."""
        return (self.limit or _SHORT_PAGE + 1) <= _SHORT_PAGE or bool(wanted.wanted.keys() & _FEW)

    @property
    def read(self) -> int | None:
        """How many items to read: one more than asked for tells whether there are more."""
        return None if self.limit is None else self.limit + 1

    def cut(self, items: list[T]) -> tuple[list[T], bool]:
        """Return the items of the page, and whether more follow them."""
        return items[: self.limit], self.limit is not None and len(items) > self.limit


def service(request: Request) -> Service:
    """Return what the application holds."""
    held: Service = request.app.state.service
    return held


def hns_of(request: Request) -> Hns:
    """Return the HNS service of the emulated host that a request means."""
    held = service(request)
    return Hns(held.database, host_of(request.scope), held.source)


async def call(
    request: Request,
    use_case: Callable[Concatenate[Hns, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run a use case for the emulated host that the request means.

    On SQLite right here in the event loop, on PostgreSQL in a thread (docs/adr/0003).
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


async def body(request: Request) -> Any:  # noqa: ANN401 (any JSON value)
    """Return the JSON value of the request's body, whatever its content type.

    Raises: HCN_E_INVALID_JSON.
    """
    return base.read(await request.body())


def is_strict(request: Request) -> bool:
    """Tell whether unknown members are refused."""
    return service(request).settings.strict


def query(request: Request) -> HostComputeQuery:
    """Return the HostComputeQuery in `?query=`.

    Raises: HCN_E_INVALID_JSON.
    """
    return read_query(request.query_params.get("query"), strict=is_strict(request))


def object_id(request: Request) -> str:
    """Return the GUID in the path.

    Raises: HCN_E_GUID_CONVERSION_FAILURE.
    """
    return parse_guid(request.path_params["id"])


def page(request: Request, read_id: Callable[[str], str] = parse_guid) -> Page:
    """Return which part of a list is asked for; `read_id` reads the id in `?after=`.

    Raises: E_INVALIDARG, HCN_E_GUID_CONVERSION_FAILURE.
    """
    limit = request.query_params.get("limit")
    after = request.query_params.get("after")
    if limit is not None and not _LIMIT.fullmatch(limit):
        raise HnsError(
            Hr.E_INVALIDARG, f"limit: {limit!r} is no number from 1 to 999999999; leave it out"
        )
    return Page(None if limit is None else int(limit), None if after is None else read_id(after))


def wants_ids(request: Request) -> bool:
    """Tell whether a list shall be of GUIDs only, as HcnEnumerate… answers: `?view=ids`.

    Raises: E_INVALIDARG for another view.
    """
    wanted = request.query_params.get("view")
    if wanted not in {None, "ids"}:
        raise HnsError(
            Hr.E_INVALIDARG, f"view: {wanted!r} is unknown; use view=ids or leave it out"
        )
    return wanted is not None
