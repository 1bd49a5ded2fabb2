"""How a handler reaches a use case, and what it can ask of its request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from app.api.scope import HOST_KEY
from app.config import Settings
from app.domain.guid import parse_guid
from app.domain.source import Source
from app.errors import HnsError, Hr
from app.schema import base
from app.schema.v2.query import HostComputeQuery, read_query
from app.storage.engine import Database, Hns

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Service:
    """What the application holds: its settings, database, and source of time and chance."""

    settings: Settings
    database: Database
    source: Source


def service(request: Request) -> Service:
    """Return what the application holds."""
    held: Service = request.app.state.service
    return held


def hns_of(request: Request) -> Hns:
    """Return the HNS service of the emulated host that the request means."""
    held = service(request)
    return Hns(held.database, request.scope[HOST_KEY], held.source)


async def call(
    request: Request,
    use_case: Callable[Concatenate[Hns, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run a use case for the request: inline on SQLite, in a thread on PostgreSQL (ADR 0003)."""
    hns = hns_of(request)
    if hns.database.is_sqlite:
        return use_case(hns, *args, **kwargs)
    return await run_in_threadpool(use_case, hns, *args, **kwargs)


async def body(request: Request) -> Any:  # noqa: ANN401 (any JSON value)
    """Return the JSON value of the request's body, whatever its content type."""
    return base.read(await request.body())


def is_strict(request: Request) -> bool:
    """Tell whether unknown members are refused."""
    return service(request).settings.strict


def query(request: Request) -> HostComputeQuery:
    """Return the HostComputeQuery in `?query=`."""
    return read_query(request.query_params.get("query"), strict=is_strict(request))


def object_id(request: Request) -> str:
    """Return the GUID in the path."""
    return parse_guid(request.path_params["id"])


def page(request: Request) -> tuple[int | None, str | None]:
    """Return `limit` and `after` of a list.

    Raises: E_INVALIDARG, HCN_E_GUID_CONVERSION_FAILURE.
    """
    limit = request.query_params.get("limit")
    after = request.query_params.get("after")
    if limit is not None and not (limit.isascii() and limit.isdigit() and 0 < int(limit[:9])):
        raise HnsError(Hr.E_INVALIDARG, f"limit {limit!r} is no number from 1 on")
    return (None if limit is None else int(limit)), (parse_guid(after) if after else None)


def view(request: Request) -> str:
    """Return `?view=`: "ids" or "".

    Raises: E_INVALIDARG.
    """
    wanted = request.query_params.get("view", "")
    if wanted not in {"", "ids"}:
        raise HnsError(Hr.E_INVALIDARG, f"view {wanted!r} is unknown; use view=ids or leave it out")
    return wanted
