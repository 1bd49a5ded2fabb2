"""Replies of HNSCall: the envelope, with the HRESULT of the call in a header."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.deps import hns_of, service
from app.api.faults import RESULT_HEADER
from app.api.openapi import ID, operation
from app.api.v2.rendering import Fact, release_of
from app.domain.releases import RELEASES, Release
from app.errors import HnsError
from app.schema.base import Document
from app.schema.v1 import envelope
from app.schema.v1.dialect import render_v1
from app.services import hosts

_JSON = "application/json"
_OK = "0x00000000"

Handler = Callable[[Request], Awaitable[Response]]


class HNSEnvelope(Document):
    """The envelope of every HNSCall: Output on success, Error and ErrorCode on failure."""

    success: bool | None = None
    output: Any = None
    error: str | None = None
    error_code: int | None = None


def both_slashes(
    router: APIRouter, method: str, path: str, takes: type[Document] | None = None
) -> Callable[[Handler], Handler]:
    """Return a decorator that routes `path` with and without a slash at the end."""

    def route(handler: Handler) -> Handler:
        extra = operation(takes=takes, gives=HNSEnvelope, parameters=_parameters(path))
        router.add_api_route(path, handler, methods=[method], **extra)
        router.add_api_route(f"{path}/", handler, methods=[method], include_in_schema=False)
        return handler

    return route


async def reply(request: Request, output: object) -> Response:
    """Return the envelope around `output`, None for none."""
    body = envelope.success(output, await release_of(request))
    return Response(body, headers={RESULT_HEADER: _OK}, media_type=_JSON)


async def reply_fact(request: Request, fact: Fact, *, detailed: bool = False) -> Response:
    """Return the envelope around an object."""
    release = await release_of(request)
    case = service(request).settings.guid_case
    return await reply(request, render_v1(fact, release, case, detailed=detailed))


async def reply_facts(request: Request, facts: list[Any]) -> Response:
    """Return the envelope around a list of objects."""
    release = await release_of(request)
    case = service(request).settings.guid_case
    return await reply(request, [render_v1(fact, release, case) for fact in facts])


def failure(request: Request, error: HnsError, status: int | None) -> Response:
    """Return the envelope of a refusal, as the host's release words it."""
    release = _release(request)
    result = envelope.call_result(error, release, request.method)
    return Response(
        envelope.failure(error, release),
        status or error.hr.status,
        {RESULT_HEADER: f"{result:#010x}"},
        _JSON,
    )


def _release(request: Request) -> Release:
    """Return the host's release; the newest one's where the host is not to be had."""
    known: Release | None = getattr(request.state, "release", None)
    if known is not None:
        return known
    try:
        return hosts.release_of_host(hns_of(request))
    except Exception:  # noqa: BLE001 (the failure being answered may be the database's)
        return RELEASES["ws2025"]


def _parameters(path: str) -> list[dict[str, Any]]:
    return [ID] if "{id}" in path else []
