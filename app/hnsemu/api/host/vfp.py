"""/host/vfp: what vfpctrl shows, as documents and as its own text."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.declarations import PathParameter, QueryParameter
from hnsemu.api.deps import call
from hnsemu.api.pace import Pace
from hnsemu.api.parameters import Page, limit_of
from hnsemu.api.router import Router
from hnsemu.domain.guid import parse_guid
from hnsemu.domain.vfp.text.commands import COMMANDS, print_port, print_ports
from hnsemu.domain.vfp.text.tuples import TupleQuery, parse_tuple
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.vfp import VfpPortSummary, VfpPortView, vfp_port_view, vfp_ports_json
from hnsemu.services.dataplane import vfp as data_plane

router = Router(prefix="/host/vfp", tags=["host"])

_TEXT = ("text/plain",)
_FORMATS = ["json", "vfpctrl"]

_Format = Annotated[
    str,
    QueryParameter(
        name="format",
        description="vfpctrl: the text that vfpctrl prints.",
        schema={"type": "string", "enum": _FORMATS},
        default="json",
    ),
]
_Port = Annotated[
    str,
    PathParameter(
        name="port", description="Port name, Port Friendly name, or GUID of the endpoint."
    ),
]
_Tuple = Annotated[
    TupleQuery,
    QueryParameter(
        name="tuple",
        description="Protocol, source, port, destination, port, and in or out.",
        example="6 10.244.1.5 40000 10.96.0.10 80 out",
        read=parse_tuple,
        is_required=True,
    ),
]
_Command = Annotated[
    str,
    QueryParameter(
        name="command",
        description="The vfpctrl command to print; list-rule by default.",
        schema={"type": "string", "enum": list(COMMANDS)},
        default="list-rule",
    ),
]
_Layer = Annotated[str, QueryParameter(name="layer", description="Only this layer.", default="")]
_Group = Annotated[
    str,
    QueryParameter(name="group", description="Only this group; for the text.", default=""),
]


@dataclass(frozen=True, slots=True)
class PortPage(Page):
    """Part of the list of ports."""

    limit: Annotated[int | None, limit_of("The largest number of ports in one answer.")] = None
    after: Annotated[
        str | None,
        QueryParameter(
            name="after",
            description="PortName of the last port on the page before.",
            read=parse_guid,
        ),
    ] = None


@router.operation("GET", "/ports", gives=VfpPortSummary, many=True, texts=_TEXT, pace=Pace.LONG)
async def list_vfp_ports(request: Request, answer_format: _Format, page: PortPage) -> Response:
    """The ports of all switches, as vfpctrl /list-vmswitch-port lists them."""
    found = await call(request, data_plane.show_vfp_ports, page.read, page.after or "")
    ports, has_more = page.cut(found)
    is_text = _is_text(answer_format)
    answer = _text(print_ports(ports)) if is_text else answers.texts(vfp_ports_json(ports))
    return answers.continued(request, answer, ports[-1].id if has_more else None)


@router.operation("GET", "/ports/{port}", gives=VfpPortView, texts=_TEXT, pace=Pace.LONG)
async def get_vfp_port(
    request: Request,
    port_name: _Port,
    answer_format: _Format,
    command: _Command,
    layer: _Layer,
    group: _Group,
) -> Response:
    """One port and its rules, as vfpctrl /list-rule, /list-layer and others show them."""
    port, counters = await call(request, data_plane.show_vfp_port, port_name)
    if _is_text(answer_format):
        return _text(print_port(port, command, layer, group, counters))
    view = vfp_port_view(port, counters, layer)
    return answers.text(view.model_dump_json(by_alias=True, exclude_none=True))


@router.operation("GET", "/ports/{port}/process-tuples", texts=_TEXT, pace=Pace.LONG)
async def process_tuples(request: Request, query: _Tuple, port_name: _Port) -> Response:
    """What one port would do with a packet, as vfpctrl /process-tuples shows it."""
    return _text(await call(request, data_plane.process_tuple, port_name, query))


def _is_text(answer_format: str) -> bool:
    """Return whether the answer is text; read after the port, whose refusal comes first.

    Raises: E_INVALIDARG.
    """
    if answer_format not in _FORMATS:
        raise HnsError(Hr.E_INVALIDARG, f"format {answer_format!r} is unknown; use json or vfpctrl")
    return answer_format == "vfpctrl"


def _text(value: str) -> Response:
    return Response(value, media_type="text/plain")
