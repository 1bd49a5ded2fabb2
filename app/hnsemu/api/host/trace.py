"""/host/trace and /host/reachability: what happens to packets, and why."""

from functools import partial
from typing import Annotated

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.declarations import QueryParameter
from hnsemu.api.deps import call
from hnsemu.api.pace import Pace
from hnsemu.api.parameters import StrictBody
from hnsemu.api.router import Router
from hnsemu.domain.tracing import matrix_picture
from hnsemu.domain.tracing.matrix import MatrixInRows
from hnsemu.domain.tracing.picture import svg
from hnsemu.domain.tracing.text import plain
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.reachability import (
    ReachabilityRequest,
    ReachabilityView,
    reachability_pieces,
)
from hnsemu.schema.host.trace import TraceRequest, TraceView, trace_json
from hnsemu.schema.host.trace_diff import TraceDiffRequest, TraceDiffView, trace_diff_json
from hnsemu.services.dataplane import reachability
from hnsemu.services.dataplane import trace as packet_trace
from hnsemu.services.dataplane.proposals import carry_out

router = Router(prefix="/host", tags=["host"])


def _format(description: str, *formats: str) -> QueryParameter:
    """Return the parameter that names the form of an answer; the first one is used without it."""

    def read(text: str) -> str:
        if text not in formats:
            known = f"{', '.join(formats[:-1])} or {formats[-1]}"
            raise HnsError(Hr.E_INVALIDARG, f"format {text!r} is unknown; use {known}")
        return text

    return QueryParameter(
        name="format",
        description=description,
        schema={"type": "string", "enum": list(formats)},
        read=read,
        default=formats[0],
    )


_Format = Annotated[str, _format("text: lines to read; svg: a picture.", "json", "text", "svg")]
_MatrixFormat = Annotated[str, _format("svg: a picture, of at most 40,000 cells.", "json", "svg")]


@router.operation(
    "POST", "/trace", gives=TraceView, texts=("text/plain", "image/svg+xml"), pace=Pace.LONG
)
async def trace_packet(
    request: Request, answer_format: _Format, document: StrictBody[TraceRequest]
) -> Response:
    """What happens to a packet: each decision on its way, and the verdict."""
    use_case = packet_trace.count_packet if document.count else packet_trace.trace_packet
    walks = await call(request, use_case, document.to_domain())
    if answer_format == "text":
        return Response("\n".join(plain(walk) for walk in walks), media_type="text/plain")
    if answer_format == "svg":
        return Response(svg(walks[0]), media_type="image/svg+xml")
    return answers.text(trace_json(walks))


@router.operation("POST", "/trace/diff", gives=TraceDiffView, pace=Pace.LONG)
async def compare_traces(request: Request, document: StrictBody[TraceDiffRequest]) -> Response:
    """What a change would do to packets. The change itself is not kept."""
    packets = document.to_domain()
    assert document.change is not None  # noqa: S101 (to_domain has looked)
    change = partial(carry_out, change=document.change)
    pairs = await call(request, packet_trace.compare_packets, packets, change)
    return answers.text(trace_diff_json(pairs))


@router.operation(
    "POST", "/reachability", gives=ReachabilityView, texts=("image/svg+xml",), pace=Pace.LONG
)
async def get_reachability(
    request: Request, answer_format: _MatrixFormat, document: StrictBody[ReachabilityRequest]
) -> Response:
    """Which endpoint reaches which address on which port, with the rule that decided."""
    if answer_format == "svg":
        matrix = await call(request, reachability.reachability, document.to_domain())
        return Response(matrix_picture.svg(matrix), media_type="image/svg+xml")
    use_case = reachability.reachability_in_rows
    return await call(request, use_case, document.to_domain(), read=_spooled)


def _spooled(matrix: MatrixInRows) -> Response:
    """Return the answer, at hand as a file when it is large: no reader holds a transaction open."""
    return answers.spooled(reachability_pieces(matrix))
