"""A host made of the documents of a real one, and compared with them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson

from hnsemu.domain.attachments import Attachment, SystemType
from hnsemu.domain.guid import is_guid, parse_guid
from hnsemu.domain.hosts import AdapterDefinition, HostDefinition, Machine
from hnsemu.domain.releases import NEWEST, RELEASES, Release, Version, with_versions
from hnsemu.dumps.comparison import Difference, differences
from hnsemu.dumps.docker import endpoints_of, network_of
from hnsemu.dumps.reading import Document, Kind
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v1 import dialect
from hnsemu.schema.v1.namespaces import HNSNamespaceResource
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.schema.v2.render_endpoints import endpoint_document
from hnsemu.schema.v2.render_namespaces import namespace_document
from hnsemu.schema.v2.render_networks import network_document
from hnsemu.schema.v2.render_policylists import load_balancer_document, sdn_route_document
from hnsemu.schema.v2.routes import HostComputeRoute
from hnsemu.services import (
    endpoints,
    hosts,
    loadbalancers,
    namespaces,
    networks,
    policylists,
    routes,
)
from hnsemu.storage.transaction import Hns

_EXTERNAL = {"l2bridge", "l2tunnel", "transparent", "overlay"}
_VIRTUAL = "vethernet"
_MOST_ADAPTERS = 64


@dataclass(frozen=True, slots=True)
class Left:
    """A document that could not be taken, or only in part, and why."""

    document: Document
    reason: str


@dataclass(slots=True)
class Import:
    """What an import did."""

    machine: Machine
    taken: list[Document] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def import_host(hns: Hns, documents: Sequence[Document]) -> Import:
    """Make a new host of documents: their release, adapters and objects.

    Raises: E_ALREADY_EXISTS for a host that is there; E_INVALIDARG for documents of no object.
    """
    if not any(not document.reason for document in documents):
        what = f"no document is of an object: {documents[0].reason}"
        raise HnsError(Hr.E_INVALIDARG, what)
    if hns.host_name in hosts.host_names(hns):
        what = f"host {hns.host_name!r} exists; name another one, or delete it first"
        raise HnsError(Hr.E_ALREADY_EXISTS, what)
    machine, _ = hosts.define_host(hns, _definition(documents))
    try:
        return _filled(hns, Import(machine), documents)
    except BaseException:
        hosts.delete_host(hns)
        raise


def compare_host(hns: Hns, documents: Sequence[Document]) -> Iterator[tuple[Document, Difference]]:
    """Yield in what the host differs from each document, in their order.

    Raises: E_ELEMENT_NOT_FOUND without the host.
    """
    release = hosts.release_of_host(hns)
    for document in documents:
        if document.reason or document.kind in {Kind.ADAPTER, Kind.DOCKER_NETWORK}:
            continue
        shown = _shown(hns, document, release)
        if shown is None:
            yield document, Difference("", document.id, None, "")
        else:
            for difference in differences(document.members, shown):
                yield document, difference


def compared(hns: Hns, documents: Sequence[Document]) -> list[tuple[Document, Difference]]:
    """Return what `compare_host` yields."""
    return list(compare_host(hns, documents))


def _definition(documents: Sequence[Document]) -> HostDefinition:
    """Return the definition of a host that has the versions and adapters of the documents."""
    release = _release(documents)
    known = RELEASES[release.name]
    own = None if release.hns == known.hns else release.hns
    return HostDefinition(release=known, hns_version=own, adapters=tuple(_adapters(documents)))


def _release(documents: Sequence[Document]) -> Release:
    """Return the release whose HNS version the documents carry, or the nearest one with it."""
    packed = [document.members.get("Version") for document in documents]
    versions = [(value >> 32, value & 0xFFFFFFFF) for value in packed if type(value) is int]
    if not versions:
        return NEWEST
    wanted: Version = max(versions)
    older = [release for release in RELEASES.values() if release.hns <= wanted]
    nearest = max(older, key=lambda release: release.hns, default=next(iter(RELEASES.values())))
    try:
        return with_versions(nearest, hns=wanted)
    except HnsError:
        return nearest


def _adapters(documents: Sequence[Document]) -> Iterator[AdapterDefinition]:
    """Yield adapters as Get-NetAdapter printed them, then those that networks stand on."""
    names: set[str] = set()
    addresses = {
        str(network.get("NetworkAdapterName", "")): str(network.get("ManagementIP", ""))
        for network in _external(documents)
    }
    for document in documents:
        if document.kind is Kind.ADAPTER:
            members = document.members
            name = str(members.get("Name") or members.get("ifAlias") or "")
            if name and not name.lower().startswith(_VIRTUAL) and "," not in name:
                names.add(name)
                wireless = "802.11" in str(members.get("PhysicalMediaType") or "")
                yield AdapterDefinition(
                    name, _mac(members.get("MacAddress")), _with_length(addresses.get(name, "")),
                    wireless=wireless,
                )  # fmt: skip
    for number, network in enumerate(_external(documents), 1):
        name = str(network.get("NetworkAdapterName") or _adapter_of(number))
        if name not in names and len(names) < _MOST_ADAPTERS:
            names.add(name)
            yield AdapterDefinition(
                name, address=_with_length(str(network.get("ManagementIP", "")))
            )


def _external(documents: Sequence[Document]) -> list[Mapping[str, Any]]:
    return [
        document.members
        for document in documents
        if document.kind is Kind.NETWORK
        and str(document.members.get("Type") or "").lower() in _EXTERNAL
    ]


def _adapter_of(number: int) -> str:
    return "Ethernet" if number == 1 else f"Ethernet {number}"


def _mac(value: object) -> str:
    digits = str(value or "").replace(":", "-").upper()
    return digits if len(digits) == len("00-15-5D-00-00-00") else ""


def _with_length(address: str) -> str:
    return f"{address}/24" if address.count(".") == len("...") else ""


def _filled(hns: Hns, done: Import, documents: Sequence[Document]) -> Import:
    """Make the objects in the order in which they need each other."""
    for network in networks.list_networks(hns, EVERYTHING):
        networks.delete_network(hns, network.id)
    done.left += [Left(document, document.reason) for document in documents if document.reason]
    known = {_plain(document.id) for document in documents}
    for number, document in enumerate(_of(documents, Kind.NETWORK), 1):
        _take(done, document, partial(_network, hns, document, number))
    for document in _of(documents, Kind.DOCKER_NETWORK):
        _take(done, document, partial(_docker_network, hns, document, known))
    _endpoints(hns, done, _of(documents, Kind.ENDPOINT))
    for document in _of(documents, Kind.NAMESPACE):
        _take(done, document, partial(_namespace, hns, document))
    for document in [taken for taken in done.taken if taken.kind is Kind.ENDPOINT]:
        _try(done, document, partial(_attach, hns, document))
    for document in _of(documents, Kind.LOAD_BALANCER):
        _take(done, document, partial(_load_balancer, hns, document))
    for document in _of(documents, Kind.SDN_ROUTE):
        _take(done, document, partial(_sdn_route, hns, document))
    taken = {_plain(document.id) for document in done.taken}
    for document in _of(documents, Kind.POLICY_LIST):
        if _plain(document.id) in taken:  # the same object in the other dialect
            done.taken.append(document)
        else:
            _take(done, document, partial(_policy_list, hns, document))
    done.taken += _of(documents, Kind.ADAPTER)
    return done


def _take(done: Import, document: Document, create: Callable[[], object]) -> None:
    if _try(done, document, create):
        done.taken.append(document)


def _try(done: Import, document: Document, make: Callable[[], object]) -> bool:
    """Make something of a document, or note why that is refused; tell whether it was made."""
    try:
        make()
    except HnsError as refusal:
        done.left.append(Left(document, refusal.detail or refusal.hr.text))
        return False
    return True


def _of(documents: Sequence[Document], kind: Kind) -> list[Document]:
    return [document for document in documents if document.kind is kind]


def _plain(text: str) -> str:
    return parse_guid(text) if is_guid(text) else text


def _network(hns: Hns, document: Document, number: int) -> None:
    members = dict(document.members)
    if str(members.get("Type") or "").lower() in _EXTERNAL and dialect.speaks_v1(members):
        members.setdefault("NetworkAdapterName", _adapter_of(number))
        members.pop("ManagementIP", None)
    networks.create_network(hns, dialect.network_from_any(members))


def _docker_network(hns: Hns, document: Document, known: set[str]) -> None:
    """Make what Docker says of a network, unless HNS says it, too."""
    network = network_of(document.members)
    if _plain(str(network["ID"])) not in known:
        networks.create_network(hns, dialect.network_from_v1(network))
        for endpoint in endpoints_of(document.members):
            made = dialect.endpoint_from_v1(endpoint)
            endpoints.create_endpoint(hns, None, made.document)


def _load_balancer(hns: Hns, document: Document) -> None:
    loadbalancers.create_load_balancer(hns, parse(HostComputeLoadBalancer, document.members))


def _sdn_route(hns: Hns, document: Document) -> None:
    routes.create_sdn_route(hns, parse(HostComputeRoute, document.members))


def _endpoints(hns: Hns, done: Import, documents: Sequence[Document]) -> None:
    """Make all endpoints in one transaction: a host may have thousands."""
    wanted: list[tuple[HostComputeEndpoint, str]] = []

    def read(document: Document) -> None:
        made = dialect.endpoint_from_any(document.members)
        if not made.document.host_compute_network and not made.network_name:
            raise HnsError(Hr.HCN_E_NETWORK_NOT_FOUND, "it does not say which network it is on")
        wanted.append((made.document, made.network_name))

    known = [document for document in documents if _try(done, document, partial(read, document))]
    refusals = hosts.create_endpoints(hns, wanted) if wanted else []
    for document, refusal in zip(known, refusals, strict=True):
        if refusal is None:
            done.taken.append(document)
        else:
            done.left.append(Left(document, refusal.detail or refusal.hr.text))


def _attach(hns: Hns, document: Document) -> None:
    """Attach an endpoint to the containers that share it; one in a namespace is attached by it."""
    endpoint_id = _plain(document.id)
    containers = document.members.get("SharedContainers")
    for container in containers if isinstance(containers, list) else ():
        endpoint = endpoints.get_endpoint(hns, endpoint_id)
        is_new = not endpoint.namespace_id and container not in endpoint.shared_containers
        if isinstance(container, str) and container and is_new:
            to = Attachment(SystemType.CONTAINER, container)
            endpoints.attach_endpoint(hns, endpoint_id, to)


def _namespace(hns: Hns, document: Document) -> None:
    members = document.members
    namespace = dialect.namespace_from_any(members)
    present = {known.id for known in namespaces.list_namespaces(hns, EVERYTHING)}
    wanted = _plain(document.id)
    if wanted not in present:
        namespaces.create_namespace(hns, namespace)
    resources = members.get("ResourceList") or members.get("Resources") or ()
    for resource in resources if isinstance(resources, list) else ():
        data = resource.get("Data") if isinstance(resource, Mapping) else None
        endpoint = str(data.get("Id") or data.get("ID") or "") if isinstance(data, Mapping) else ""
        if endpoint and resource.get("Type") == "Endpoint":
            member = HNSNamespaceResource(type="Endpoint", data={"Id": endpoint})
            namespaces.modify_namespace(hns, wanted, member.to_v2("Add"))


def _policy_list(hns: Hns, document: Document) -> None:
    made = dialect.policy_list_from_v1(document.members)
    if isinstance(made, HostComputeLoadBalancer):
        loadbalancers.create_load_balancer(hns, made)
    elif isinstance(made, HostComputeRoute):
        routes.create_sdn_route(hns, made)
    else:
        policylists.create_policy_list(hns, made)


def _network_named(hns: Hns, document: Document) -> str | None:
    """Return the id of the network that a request without an id asks for."""
    if document.kind is not Kind.NETWORK or not document.name:
        return None
    named = (known.id for known in networks.list_networks(hns, EVERYTHING)
             if known.name == document.name)  # fmt: skip
    return next(named, None)


def _shown(hns: Hns, document: Document, release: Release) -> Mapping[str, Any] | None:
    """Return the host's own document of the object, in the dialect of the real one."""
    object_id = parse_guid(document.id) if is_guid(document.id) else _network_named(hns, document)
    if object_id is None:
        return None
    flat = dialect.speaks_v1(document.members)
    get: dict[Kind, tuple[Callable[..., Any], Callable[..., Mapping[str, Any]]]] = {
        Kind.NETWORK: (networks.get_network, network_document),
        Kind.ENDPOINT: (endpoints.get_endpoint, endpoint_document),
        Kind.NAMESPACE: (namespaces.get_namespace, namespace_document),
        Kind.POLICY_LIST: (policylists.get_policy_list, load_balancer_document),
        Kind.LOAD_BALANCER: (loadbalancers.get_load_balancer, load_balancer_document),
        Kind.SDN_ROUTE: (routes.get_sdn_route, sdn_route_document),
    }
    find, render = get[document.kind]
    try:
        found = find(hns, object_id)
    except HnsError:
        return None
    is_flat = flat and document.kind not in {Kind.LOAD_BALANCER, Kind.SDN_ROUTE}
    shown = (
        dialect.render_v1(found, release, "friendly", detailed=True)
        if is_flat
        else render(found, release)
    )
    plain: dict[str, Any] = orjson.loads(orjson.dumps(shown))  # kept texts become values
    if document.kind is Kind.SDN_ROUTE and "Setting" in document.members:
        plain["Setting"] = plain.pop("Routes")  # as the dump names it
    return plain
