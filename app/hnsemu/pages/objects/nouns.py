"""The nouns of HNS as pages show them: the columns of each list, from HCN 2 documents."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from hnsemu.api.v2.rendering import document
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.namespaces import Namespace
from hnsemu.domain.networks import Network
from hnsemu.domain.packet import protocol_name
from hnsemu.domain.policylists import PolicyList
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.services import (
    endpoints,
    hosts,
    loadbalancers,
    namespaces,
    networks,
    objects,
    policylists,
    routes,
)
from hnsemu.storage.transaction import Hns

Document = Mapping[str, Any]

_NAMED = ("networks", "endpoints")  # whose names say more than their ids

Fact = Network | Endpoint | Namespace | PolicyList


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that a document names: the word of its noun, its id, and the text to show."""

    word: str
    id: str
    text: str = ""


Cell = str | int | Reference | Sequence[Reference]


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and how a cell is read from a document. kind: class of the cell's style."""

    heading: str
    cell: Callable[[Document], Cell]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An object in a list. name: "" where it has none."""

    id: str
    name: str
    cells: list[tuple[Column, Cell]]


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind of object: how it is called, listed and read.

    word:  its word in paths. title: over its list. one: over one of them.
    makes: a document that makes one; ENDPOINT in it stands for the id of an endpoint.
    """

    word: str
    title: str
    one: str
    columns: tuple[Column, ...]
    list: Callable[[Hns, HostComputeQuery, int, str | None], list[Document]]
    get: Callable[[Hns, str], Fact]
    makes: Document

    def row(self, shown: Document, names: Mapping[str, str]) -> Row:
        """Return what a list shows of an object. names: of what it refers to, by id."""
        cells = [(column, _named(column.cell(shown), names)) for column in self.columns]
        return Row(str(shown["ID"]), str(shown.get("Name") or ""), cells)


def making(noun: Noun, options: str) -> str:
    """Return a command that makes an object, for a page without any. options: `Visit.options`."""
    document = orjson.dumps(noun.makes).decode()
    return f"echo '{document}' | hnsemu {noun.word} create -f - {options}"


def names_in(
    hns: Hns, noun: Noun, shown: Iterable[Document], most: int | None = None
) -> Mapping[str, str]:
    """Return the names of the networks and endpoints that documents refer to, by their ids.

    most: of the references of a cell, the first ones.
    """
    cells = [column.cell(one) for one in shown for column in noun.columns]
    found: dict[str, str] = {}
    for word in _NAMED:
        ids = {
            reference.id.lower()
            for cell in cells
            for reference in _references_of(cell)[:most]
            if reference.word == word and "\x00" not in reference.id  # PostgreSQL takes none
        }
        found |= objects.names(hns, word, sorted(ids)) if ids else {}
    return found


def _references_of(cell: Cell) -> Sequence[Reference]:
    if isinstance(cell, Reference):
        return (cell,)
    return () if isinstance(cell, str | int) else cell


def plain(shown: Mapping[str, object]) -> Document:
    """Return a document as a client reads it."""
    read: Document = orjson.loads(orjson.dumps(shown))
    return read


def _named(cell: Cell, names: Mapping[str, str]) -> Cell:
    """Return the cell with the names of what it refers to."""
    if isinstance(cell, str | int):
        return cell
    if isinstance(cell, Reference):
        return replace(cell, text=names.get(cell.id.lower(), ""))
    return [replace(reference, text=names.get(reference.id.lower(), "")) for reference in cell]


def _of(
    use_case: Callable[[Hns, HostComputeQuery, int | None, str | None], Sequence[Fact]],
) -> Callable[[Hns, HostComputeQuery, int, str | None], list[Document]]:
    """Return a function that gives the documents of the facts that a use case lists."""

    def listed(hns: Hns, query: HostComputeQuery, limit: int, after: str | None) -> list[Document]:
        release = hosts.release_of_host(hns)
        return [plain(document(fact, release)) for fact in use_case(hns, query, limit, after)]

    return listed


def _endpoints(hns: Hns, query: HostComputeQuery, limit: int, after: str | None) -> list[Document]:
    """Return the documents of endpoints as they are stored, without reading all there are."""
    return list(map(orjson.loads, endpoints.list_endpoint_documents(hns, query, limit, after)))


def _member(name: str, absent: str = "") -> Callable[[Document], Cell]:
    """Return a cell with a member; `absent` is the value that HNS leaves out."""
    return lambda shown: str(shown.get(name, absent))


def _count(name: str) -> Callable[[Document], Cell]:
    return lambda shown: len(shown.get(name) or ())


def _joined(name: str, member: str = "") -> Callable[[Document], Cell]:
    def cell(shown: Document) -> Cell:
        items = shown.get(name) or ()
        return ", ".join(str(item.get(member, "") if member else item) for item in items)

    return cell


def _prefixes(network: Document) -> Cell:
    return ", ".join(
        subnet.get("IpAddressPrefix", "")
        for ipam in network.get("Ipams") or ()
        for subnet in ipam.get("Subnets") or ()
    )


def _reference(word: str, name: str) -> Callable[[Document], Cell]:
    def cell(shown: Document) -> Cell:
        named = str(shown.get(name) or "")
        return Reference(word, named) if named else ""

    return cell


def _references(word: str, name: str) -> Callable[[Document], Cell]:
    return lambda shown: [Reference(word, str(named)) for named in shown.get(name) or ()]


def _policies(policy_list: Document) -> Cell:
    """Return the types of the policies of a list; HCN 2 shows a load balancer without them."""
    if "Policies" in policy_list:
        return _joined("Policies", "Type")(policy_list)
    return "ROUTE" if "Routes" in policy_list else "ELB"


def _listed(policy_list: Document) -> Cell:
    """Return the endpoints of a policy list, which HNS 1 calls its references."""
    ids = policy_list.get("HostComputeEndpoints") or policy_list.get("References") or ()
    return [Reference("endpoints", str(named).rpartition("/")[2]) for named in ids]


def _ports(balancer: Document) -> Cell:
    shown = []
    for mapping in balancer.get("PortMappings") or ():
        inner, outer = mapping.get("InternalPort", 0), mapping.get("ExternalPort", 0)
        protocol = protocol_name(mapping.get("Protocol", 0))
        shown.append(f"{protocol} {outer} → {inner}")
    return ", ".join(shown)


_NETWORK = Column("Network", _reference("networks", "HostComputeNetwork"), "name")
_VIPS = Column("VIPs", lambda shown: ", ".join(shown.get("FrontendVIPs") or ("*",)), "code")

NETWORKS = Noun(
    "networks", "Networks", "Network",
    (Column("Type", _member("Type", "NAT")), Column("Prefixes", _prefixes, "code"),
     Column("Policies", _count("Policies"), "number")),
    _of(networks.list_networks), networks.get_network, {"Name": "pods", "Type": "L2Bridge"},
)  # fmt: skip
ENDPOINTS = Noun(
    "endpoints", "Endpoints", "Endpoint",
    (Column("Addresses", _joined("IpConfigurations", "IpAddress"), "code"),
     Column("MAC", _member("MacAddress"), "code"),
     _NETWORK,
     Column("Namespace", _reference("namespaces", "HostComputeNamespace")),
     Column("Policies", _count("Policies"), "number")),
    _endpoints, endpoints.get_endpoint, {"Name": "web", "VirtualNetworkName": "nat"},
)  # fmt: skip
NAMESPACES = Noun(
    "namespaces", "Namespaces", "Namespace",
    (Column("Type", _member("Type", "Host")),
     Column("Compartment", _member("NamespaceId", "0"), "number"),
     Column("Resources", _count("Resources"), "number")),
    _of(namespaces.list_namespaces), namespaces.get_namespace,
    {"Type": "Guest", "SchemaVersion": {"Major": 2}},
)  # fmt: skip
LOAD_BALANCERS = Noun(
    "loadbalancers", "Load balancers", "Load balancer",
    (_VIPS, Column("Ports", _ports, "code"),
     Column("Backends", _references("endpoints", "HostComputeEndpoints"))),
    _of(loadbalancers.list_load_balancers), loadbalancers.get_load_balancer,
    {"FrontendVIPs": ["10.96.0.10"],
     "PortMappings": [{"Protocol": 6, "InternalPort": 8080, "ExternalPort": 80}],
     "HostComputeEndpoints": ["ENDPOINT"], "SchemaVersion": {"Major": 2}},
)  # fmt: skip
SDN_ROUTES = Noun(
    "sdnroutes", "Routes", "Route",
    (Column("Routes", _joined("Routes", "DestinationPrefix"), "code"),
     Column("Endpoints", _references("endpoints", "HostComputeEndpoints"))),
    _of(routes.list_sdn_routes), routes.get_sdn_route,
    {"Routes": [{"DestinationPrefix": "10.9.0.0/16", "NextHop": "10.1.0.2"}],
     "HostComputeEndpoints": ["ENDPOINT"], "SchemaVersion": {"Major": 2}},
)  # fmt: skip
POLICY_LISTS = Noun(
    "policylists", "Policy lists", "Policy list",
    (Column("Policies", _policies), Column("References", _listed)),
    _of(policylists.list_policy_lists), policylists.get_policy_list,
    {"Policies": [{"Type": "ELB", "VIPs": ["10.96.0.11"], "Protocol": 6, "InternalPort": 8080,
                   "ExternalPort": 80}],
     "References": ["/endpoints/ENDPOINT"]},
)  # fmt: skip

NOUNS = {
    noun.word: noun
    for noun in (NETWORKS, ENDPOINTS, NAMESPACES, LOAD_BALANCERS, SDN_ROUTES, POLICY_LISTS)
}
