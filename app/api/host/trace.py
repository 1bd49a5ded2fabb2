"""POST /host/trace: what happens to a packet, step by step, and why."""

from fastapi import APIRouter, Request, Response

from app.api import answers
from app.api.deps import body, call
from app.api.openapi import operation
from app.schema.base import parse
from app.schema.host.trace import TraceRequest, TraceView, trace_json
from app.services import packet_trace

router = APIRouter(prefix="/host", tags=["host"])


@router.post("/trace", **operation(takes=TraceRequest, gives=TraceView))
async def trace_packet(request: Request) -> Response:
    """What happens to a packet: every decision on its way, and the verdict."""
    asked = parse(TraceRequest, await body(request), strict=True)
    use_case = packet_trace.count_packet if asked.count else packet_trace.trace_packet
    walks = await call(request, use_case, asked.to_domain())
    return answers.text(trace_json(walks))
