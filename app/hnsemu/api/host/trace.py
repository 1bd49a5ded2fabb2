"""/host/trace and /host/reachability: what happens to packets, and why."""

from functools import partial

from fastapi import APIRouter, Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import body, call, call_aside
from hnsemu.api.openapi import operation
from hnsemu.domain.tracing.picture import svg
from hnsemu.domain.tracing.text import plain
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.host.reachability import ReachabilityRequest, ReachabilityView, reachability_json
from hnsemu.schema.host.trace import TraceRequest, TraceView, trace_json
from hnsemu.schema.host.trace_diff import TraceDiffRequest, TraceDiffView, trace_diff_json
from hnsemu.services.dataplane import reachability
from hnsemu.services.dataplane import trace as packet_trace
from hnsemu.services.dataplane.proposals import carry_out

router = APIRouter(prefix="/host", tags=["host"])

_TEXTS = ("text/plain", "image/svg+xml")
_FORMAT = {
    "name": "format",
    "in": "query",
    "description": "text: lines to read; svg: a picture.",
    "schema": {"type": "string", "enum": ["json", "text", "svg"]},
}


@router.post(
    "/trace", **operation(takes=TraceRequest, gives=TraceView, texts=_TEXTS, parameters=[_FORMAT])
)
async def trace_packet(request: Request) -> Response:
    """What happens to a packet: every decision on its way, and the verdict."""
    shape = request.query_params.get("format", "json")
    if shape not in {"json", "text", "svg"}:
        raise HnsError(Hr.E_INVALIDARG, f"format {shape!r} is unknown; use json, text or svg")
    asked = parse(TraceRequest, await body(request), strict=True)
    use_case = packet_trace.count_packet if asked.count else packet_trace.trace_packet
    walks = await call(request, use_case, asked.to_domain())
    if shape == "text":
        return Response("\n".join(plain(walk) for walk in walks), media_type="text/plain")
    if shape == "svg":
        return Response(svg(walks[0]), media_type="image/svg+xml")
    return answers.text(trace_json(walks))


@router.post("/trace/diff", **operation(takes=TraceDiffRequest, gives=TraceDiffView))
async def compare_traces(request: Request) -> Response:
    """What a change would do to packets; nothing of the change stays."""
    asked = parse(TraceDiffRequest, await body(request), strict=True)
    packets = asked.to_domain()
    assert asked.change is not None  # noqa: S101 (to_domain has looked)
    change = partial(carry_out, change=asked.change)
    pairs = await call_aside(request, packet_trace.compare_packets, packets, change)
    return answers.text(trace_diff_json(pairs))


@router.post("/reachability", **operation(takes=ReachabilityRequest, gives=ReachabilityView))
async def get_reachability(request: Request) -> Response:
    """Who can reach whom on which port, with the rule that decided."""
    asked = parse(ReachabilityRequest, await body(request), strict=True)
    matrix = await call_aside(request, reachability.reachability, asked.to_domain())
    return answers.text(reachability_json(matrix))
