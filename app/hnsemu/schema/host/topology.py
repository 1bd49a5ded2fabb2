"""GET /host/topology: what stands on what, as a tree and the links between its parts."""

from pydantic import Field

from hnsemu.domain.topology.model import Box, Kind, Relation, Topology
from hnsemu.schema.host.view import View


class TopologyPart(View):
    """A host, switch, network, …, with the parts that stand on it."""

    kind: Kind = Field(examples=[Kind.NETWORK])
    key: str = Field(examples=["default/9be3d44a-8e7b-4f5e-9d1c-6f4f0c2c7b11"])
    id: str = Field(description="Of the object; empty for what is none.")
    name: str = Field(examples=["nat"])
    detail: str = Field(examples=["NAT"])
    count: int = Field(description="Number of objects on it that are counted, not listed.")
    matches: bool = Field(description="Whether the filter, if there is one, selects it.")
    parts: tuple["TopologyPart", ...]


class TopologyLink(View):
    """Two parts that have to do with each other, by their keys."""

    relation: Relation = Field(examples=[Relation.BACKEND])
    source: str
    target: str
    text: str


class TopologyView(View):
    """One host or several as a picture."""

    hosts: tuple[TopologyPart, ...]
    links: tuple[TopologyLink, ...]
    left_out: int = Field(description="Number of parts that a picture of this size has no room for")


def topology_view(topology: Topology) -> TopologyView:
    """Return the document of a picture."""
    return TopologyView(
        hosts=tuple(map(_part, topology.hosts)),
        links=tuple(
            TopologyLink(
                relation=link.relation, source=link.source, target=link.target, text=link.text
            )
            for link in topology.links
        ),
        left_out=topology.left_out,
    )


def _part(box: Box) -> TopologyPart:
    return TopologyPart(
        kind=box.kind,
        key=box.key,
        id=box.id,
        name=box.name,
        detail=box.detail,
        count=box.count,
        matches=not box.is_faded,
        parts=tuple(map(_part, box.boxes)),
    )
