"""Replies of HNSCall: the envelope, with the HRESULT of the call in a header."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from fastapi import Request, Response

from hnsemu.api.declarations import DeclaredHandler
from hnsemu.api.deps import call, call_aside, service
from hnsemu.api.faults import RESULT_HEADER
from hnsemu.api.pace import Pace
from hnsemu.api.router import Router, operation_id
from hnsemu.domain.releases import NEWEST, Release
from hnsemu.errors import HnsError
from hnsemu.schema.base import Document, Uint32
from hnsemu.schema.v1 import envelope
from hnsemu.schema.v1.dialect import Fact, render_v1
from hnsemu.schema.v1.spelling import Case
from hnsemu.schema.v2.query import EVERYTHING, HostComputeQuery
from hnsemu.services import hosts
from hnsemu.storage.transaction import Hns

P = ParamSpec("P")
T = TypeVar("T")
H = TypeVar("H", bound=DeclaredHandler)

_JSON = "application/json"
_OK = "0x00000000"


class HNSEnvelope(Document):
    """The envelope of every HNSCall: Output on success; Error, ErrorCode and Detail on failure."""

    success: bool | None = None
    output: Any = None
    error: str | None = None
    error_code: Uint32 | None = None
    detail: str | None = None


def hns_call(
    router: Router, method: str, path: str, *, pace: Pace = Pace.SHORT
) -> Callable[[H], H]:
    """Return a decorator that lets a handler answer HNSCall(method, path)."""

    def declare(handler: H) -> H:
        example = partial(_example, operation_id(handler.__name__))
        declared = router.operation(
            method, path, gives=HNSEnvelope, example=example, refusal=HNSEnvelope, pace=pace
        )
        return declared(handler)

    return declare


def _example(operation: str) -> object:
    """Return an example of the envelope of an operation."""
    from hnsemu.api.hns_outputs import envelope  # noqa: PLC0415 (for the OpenAPI document only)

    return envelope(operation)


async def reply(
    request: Request,
    use_case: Callable[Concatenate[Hns, P], object],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Response:
    """Answer with the result of a use case as the Output; None leaves the Output out."""
    work = _answering(lambda hns, _: use_case(hns, *args, **kwargs))
    return _enveloped(await call(request, work))


async def reply_done(
    request: Request,
    use_case: Callable[Concatenate[Hns, P], object],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Response:
    """Run a use case and answer that it succeeded, as attach and detach do."""

    def done(hns: Hns, _: Release) -> object:
        use_case(hns, *args, **kwargs)
        return {"Success": True}

    return _enveloped(await call(request, _answering(done)))


async def reply_fact(
    request: Request,
    use_case: Callable[Concatenate[Hns, P], Fact],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Response:
    """Answer with the object that a use case returns."""
    return await reply_printed(request, render_v1, use_case, *args, **kwargs)


async def reply_printed(
    request: Request,
    render: Callable[[T, Release, Case], object],
    use_case: Callable[Concatenate[Hns, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Response:
    """Answer with the result of a use case, as `render` prints it for the host's release."""
    work = _printing(request, render, lambda hns: use_case(hns, *args, **kwargs))
    return _enveloped(await call(request, work))


async def reply_printed_aside(
    request: Request, render: Callable[[T, Release, Case], object], use_case: Callable[[Hns], T]
) -> Response:
    """Answer as `reply_printed` does, from a thread: for use cases that take long."""
    return _enveloped(await call_aside(request, _printing(request, render, use_case)))


async def reply_facts(
    request: Request, use_case: Callable[[Hns, HostComputeQuery], Sequence[Fact]]
) -> Response:
    """Answer with all objects that a use case lists."""

    def render(facts: Sequence[Fact], release: Release, case: Case) -> object:
        return [render_v1(fact, release, case) for fact in facts]

    return await reply_printed_aside(request, render, lambda hns: use_case(hns, EVERYTHING))


async def failure(request: Request, error: HnsError, status: int) -> Response:
    """Return the envelope of a refusal, as the host's release words it."""
    release = await _release(request)
    result = envelope.call_result(error, release, request.method)
    headers = {RESULT_HEADER: f"{result:#010x}"}
    return Response(envelope.failure(error, release), status, headers, _JSON)


async def _release(request: Request) -> Release:
    """Return the host's release, the newest one when the host cannot be read."""
    try:
        return await call(request, hosts.release_of_host)
    except Exception:  # noqa: BLE001 (the failure being answered may be the database's)
        return NEWEST


def _printing(
    request: Request, render: Callable[[T, Release, Case], object], use_case: Callable[[Hns], T]
) -> Callable[[Hns], bytes]:
    """Return a use case that returns the envelope around what `render` prints."""
    case = service(request).settings.guid_case
    return _answering(lambda hns, release: render(use_case(hns), release, case))


def _answering(output_of: Callable[[Hns, Release], object]) -> Callable[[Hns], bytes]:
    """Return a use case that returns the envelope around an Output, in the release's spelling."""

    def work(hns: Hns) -> bytes:
        release = hosts.release_of_host(hns)
        return envelope.success(output_of(hns, release), release)

    return work


def _enveloped(text: bytes) -> Response:
    return Response(text, headers={RESULT_HEADER: _OK}, media_type=_JSON)
