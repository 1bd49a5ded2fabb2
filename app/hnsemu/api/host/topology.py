"""/host/topology: one host or several as a picture, a document or a diagram."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.declarations import QueryParameter
from hnsemu.api.deps import call
from hnsemu.api.pace import Pace
from hnsemu.api.router import Router
from hnsemu.domain.query import read_conditions
from hnsemu.domain.topology.diagrams import DIAGRAMS
from hnsemu.domain.topology.model import LAYERS, Topology, View
from hnsemu.domain.topology.svg import svg
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.topology import TopologyView, topology_view
from hnsemu.services.topology import show_topology

router = Router(prefix="/host", tags=["host"])

_PICTURES: Mapping[str, Callable[[Topology], str]] = {"svg": svg, **DIAGRAMS}
_FORMATS = ["json", *_PICTURES]


def _read_format(text: str) -> str:
    if text not in _FORMATS:
        raise HnsError(
            Hr.E_INVALIDARG, f"format {text!r} is unknown; use one of {', '.join(_FORMATS)}"
        )
    return text


def read_networks(text: str) -> frozenset[str]:
    """Return the ids of the networks to open, whole or short."""
    return frozenset(word.lower() for word in text.split(",") if word)


def read_layers(text: str) -> frozenset[str]:
    """Return the layers to draw; `none` draws none.

    Raises: E_INVALIDARG for a word that is none.
    """
    layers = frozenset(word for word in text.split(",") if word not in {"", "none"})
    if unknown := sorted(layers - set(LAYERS)):
        raise HnsError(Hr.E_INVALIDARG, f"layer {unknown[0]!r} is unknown; use {', '.join(LAYERS)}")
    return layers


def read_names(text: str) -> tuple[str, ...]:
    """Return names that commas separate."""
    return tuple(word for word in text.split(",") if word)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a picture, and in which form it is wanted."""

    answer_format: Annotated[
        str,
        QueryParameter(
            name="format",
            description="svg: a picture; the others: languages of diagrams.",
            schema={"type": "string", "enum": _FORMATS},
            read=_read_format,
            default="json",
        ),
    ]
    opened: Annotated[
        frozenset[str] | None,
        QueryParameter(
            name="open",
            description="GUIDs of the networks whose endpoints are shown, or the first eight "
            "characters of each, separated by commas; `all` for every network. Without it, all are "
            "shown if there are up to 60.",
            read=read_networks,
        ),
    ]
    wanted: Annotated[
        Mapping[str, object],
        QueryParameter(
            name="where",
            description="NAME=VALUE of networks and endpoints, separated by blanks; what does not "
            "match is faded.",
            example="Type=Overlay",
            read=read_conditions,
            default={},
        ),
    ]
    layers: Annotated[
        frozenset[str],
        QueryParameter(
            name="layers",
            description=f"What is shown beside endpoints: {', '.join(LAYERS)}, or none.",
            read=read_layers,
            default=frozenset(LAYERS),
        ),
    ]
    others: Annotated[
        tuple[str, ...],
        QueryParameter(
            name="hosts",
            description="Names of other hosts to show beside it, separated by commas; `all` for "
            "every host. Up to 100 are shown, others are counted.",
            read=read_names,
            default=(),
        ),
    ]

    @property
    def view(self) -> View:
        """Return what is asked of the picture."""
        return View(self.opened, self.wanted, self.layers)


@router.operation(
    "GET",
    "/topology",
    gives=TopologyView,
    texts=("image/svg+xml", "text/plain"),
    pace=Pace.LONG,
)
async def get_topology(request: Request, question: Question) -> Response:
    """What stands on what: hosts, switches, networks, subnets, endpoints and what names them."""
    topology = await call(request, show_topology, question.view, question.others)
    if question.answer_format == "json":
        return answers.text(topology_view(topology).model_dump_json(by_alias=True))
    kind = "image/svg+xml" if question.answer_format == "svg" else "text/plain"
    return Response(_PICTURES[question.answer_format](topology), media_type=kind)
