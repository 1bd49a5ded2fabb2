"""/host/vfp: what vfpctrl shows, as documents and as its own text."""

from typing import Any

from fastapi import APIRouter, Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import call_aside
from hnsemu.api.openapi import operation
from hnsemu.domain.vfp.text.commands import COMMANDS, print_port, print_ports
from hnsemu.domain.vfp.text.tuples import parse_tuple
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.vfp import VfpPortSummary, VfpPortView, vfp_port_view, vfp_ports_json
from hnsemu.services.dataplane import vfp as data_plane

router = APIRouter(prefix="/host/vfp", tags=["host"])

_TEXT = ("text/plain",)
_FORMAT = {
    "name": "format",
    "in": "query",
    "description": "vfpctrl: the text that vfpctrl prints.",
    "schema": {"type": "string", "enum": ["json", "vfpctrl"]},
}
_PORT = {
    "name": "port",
    "in": "path",
    "required": True,
    "description": "Port name, Port Friendly name, or id of the endpoint.",
    "schema": {"type": "string"},
}
_TUPLE = {
    "name": "tuple",
    "in": "query",
    "required": True,
    "description": "Protocol, source, port, destination, port, and in or out.",
    "schema": {"type": "string"},
    "example": "6 10.244.1.5 40000 10.96.0.10 80 out",
}
_PARTS: list[dict[str, Any]] = [
    _PORT,
    _FORMAT,
    {
        "name": "command",
        "in": "query",
        "description": "What of vfpctrl to print; list-rule without.",
        "schema": {"type": "string", "enum": list(COMMANDS)},
    },
    {
        "name": "layer",
        "in": "query",
        "description": "One layer only.",
        "schema": {"type": "string"},
    },
    {
        "name": "group",
        "in": "query",
        "description": "One group only, of text.",
        "schema": {"type": "string"},
    },
]


@router.get(
    "/ports", **operation(gives=VfpPortSummary, many=True, texts=_TEXT, parameters=[_FORMAT])
)
async def list_vfp_ports(request: Request) -> Response:
    """The ports of every switch, as vfpctrl /list-vmswitch-port lists them."""
    ports = await call_aside(request, data_plane.show_vfp_ports)
    if _is_text(request):
        return _text(print_ports(ports))
    return answers.texts(vfp_ports_json(ports))


@router.get("/ports/{port}", **operation(gives=VfpPortView, texts=_TEXT, parameters=_PARTS))
async def get_vfp_port(request: Request) -> Response:
    """One port and its rules, as vfpctrl /list-rule, /list-layer and others show them."""
    asked = request.query_params
    found = await call_aside(request, data_plane.show_vfp_port, request.path_params["port"])
    port, counters = found
    if _is_text(request):
        command = asked.get("command", "list-rule")
        return _text(
            print_port(port, command, asked.get("layer", ""), asked.get("group", ""), counters)
        )
    view = vfp_port_view(port, counters, asked.get("layer", ""))
    return answers.text(view.model_dump_json(by_alias=True, exclude_none=True))


@router.get("/ports/{port}/process-tuples", **operation(texts=_TEXT, parameters=[_PORT, _TUPLE]))
async def process_tuples(request: Request) -> Response:
    """What one port would do with a packet, as vfpctrl /process-tuples tells."""
    asked = parse_tuple(request.query_params.get("tuple", ""))
    found = await call_aside(request, data_plane.process_tuple, request.path_params["port"], asked)
    return _text(found)


def _is_text(request: Request) -> bool:
    asked = request.query_params.get("format", "json")
    if asked not in {"json", "vfpctrl"}:
        raise HnsError(Hr.E_INVALIDARG, f"format {asked!r} is unknown; use json or vfpctrl")
    return asked == "vfpctrl"


def _text(value: str) -> Response:
    return Response(value, media_type="text/plain")
