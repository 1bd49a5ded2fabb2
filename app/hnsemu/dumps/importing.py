"""A host made of the documents of a real one, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from hnsemu.domain.attachments import Attachment, SystemType
from hnsemu.domain.guid import is_guid, parse_guid
from hnsemu.domain.hosts import Machine, read_definition
from hnsemu.dumps.definition import adapter_name, definition_of, is_external
from hnsemu.dumps.docker import endpoints_of, network_of
from hnsemu.dumps.host_addresses import is_used
from hnsemu.dumps.reading import OF_HOST, Document, Kind, check_objects, what_is_lost
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v1 import dialect
from hnsemu.schema.v1.namespaces import HNSNamespaceResource
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.policylists import HostComputePolicyList
from hnsemu.schema.v2.routes import HostComputeRoute
from hnsemu.services import endpoint_records, loadbalancers, routes
from hnsemu.services.endpoints import attachment
from hnsemu.services.endpoints import creation as endpoints
from hnsemu.services.hosts import creation as hosts
from hnsemu.services.namespaces import creation as namespaces
from hnsemu.services.namespaces import modification as namespace_members
from hnsemu.services.namespaces import queries as namespace_queries
from hnsemu.services.networks import creation as networks
from hnsemu.services.networks import deletion as network_deletion
from hnsemu.services.networks import queries as network_queries
from hnsemu.services.policylists import creation as policylists
from hnsemu.storage.transaction import Hns, Transaction, controls

_OF_NO_ADAPTER = "no physical adapter of the host has it"

_Make = Callable[[Transaction, Document], object]


@dataclass(frozen=True, slots=True)
class Left:
    """A document that could not be taken, or only in part, and why."""

    document: Document
    reason: str


@dataclass(slots=True)
class Import:
    """What an import did. ids: of what was taken."""

    machine: Machine
    taken: list[Document] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    left: list[Left] = field(default_factory=list)


def import_host(hns: Hns, documents: Sequence[Document]) -> Import:
    """Make a new host of documents: their release, adapters and objects.

    Raises: E_ALREADY_EXISTS for a host that is there; E_INVALIDARG for documents of no object,
            and for those none of which can be taken: an empty host would pass for theirs.
    """
    check_objects(documents)
    return _import(hns, documents)


@controls
def _import(tx: Transaction, documents: Sequence[Document]) -> Import:
    """Make the host, then its objects in the order in which they need each other."""
    done = Import(hosts.create(tx, definition_of(documents)))
    for network in network_queries.everything(tx):
        network_deletion.delete(tx, network)
    done.left += [Left(document, document.reason) for document in documents if document.reason]
    for number, document in enumerate(_of(documents, Kind.NETWORK), 1):
        _take(tx, done, [document], partial(_network, number=number))
    known = {_plain(document.id) for document in documents}
    for number, document in enumerate(_of(documents, Kind.DOCKER_NETWORK), 1):
        _take(tx, done, [document], partial(_docker_network, known=known, number=number))
    _take(tx, done, _of(documents, Kind.ENDPOINT), _endpoint)
    _take(tx, done, _of(documents, Kind.NAMESPACE), _namespace)
    for document in _of(done.taken, Kind.ENDPOINT):
        _try(tx, done, document, _attach)
    _take(tx, done, _of(documents, Kind.LOAD_BALANCER), _load_balancer)
    _take(tx, done, _of(documents, Kind.SDN_ROUTE), _sdn_route)
    _take(tx, done, _of(documents, Kind.POLICY_LIST), _policy_list)
    _take_host(done, documents)
    if not done.taken:
        raise _nothing_taken(done.left)
    return done


def _nothing_taken(left: Sequence[Left]) -> HnsError:
    first = left[0]
    called = " ".join(filter(None, (first.document.kind, first.document.name or first.document.id)))
    others = f" (and {len(left) - 1} more)" if len(left) > 1 else ""
    what = f"no document could be taken, no host was made: {called}: {first.reason}{others}"
    return HnsError(Hr.E_INVALIDARG, what)


def _take(tx: Transaction, done: Import, documents: Sequence[Document], create: _Make) -> None:
    """Make objects, each once: dumps show some again, and load balancers in both dialects."""
    for document in documents:
        known_as = _plain(document.id)
        if known_as in done.ids or _try(tx, done, document, create):
            done.taken.append(document)
            done.ids |= {known_as} - {""}
            if document.lost:
                reason = f"only in part: {what_is_lost(document.kind, document.lost)}"
                done.left.append(Left(document, reason))


def _take_host(done: Import, documents: Sequence[Document]) -> None:
    """Note which of the host's own documents the definition was made from."""
    adapters = read_definition(done.machine.host.definition).adapters or ()
    for document in documents:
        if document.kind not in OF_HOST:
            continue
        if is_used(document, adapters):
            done.taken.append(document)
        else:
            done.left.append(Left(document, _OF_NO_ADAPTER))


def _try(tx: Transaction, done: Import, document: Document, make: _Make) -> bool:
    """Make something of a document, or note why that is refused; tell whether it was made."""
    refusal = _refusal(tx, document, make)
    if refusal is not None:
        done.left.append(Left(document, refusal.detail or refusal.hr.text))
    return refusal is None


def _refusal(tx: Transaction, document: Document, make: _Make) -> HnsError | None:
    """Make something whole or not at all; return the refusal, None without one."""
    try:
        with tx.attempt():
            try:
                make(tx, document)
            except HnsError as refusal:
                if not refusal.keeps:
                    raise
                return refusal
    except HnsError as refusal:
        return refusal
    return None


def _of(documents: Sequence[Document], kind: Kind) -> list[Document]:
    """Return the documents of a kind that an object can be made of."""
    return [document for document in documents if document.kind is kind and not document.reason]


def _plain(text: str) -> str:
    return parse_guid(text) if is_guid(text) else text


def _network(tx: Transaction, document: Document, number: int) -> None:
    members = dict(document.members)
    if is_external(members) and dialect.speaks_v1(members):
        members.setdefault("NetworkAdapterName", adapter_name(number))
        members.pop("ManagementIP", None)
    networks.create(tx, dialect.network_from_any(members))


def _docker_network(tx: Transaction, document: Document, known: set[str], number: int) -> None:
    """Make what Docker says of a network, unless HNS says it, too."""
    network = network_of(document.members)
    if _plain(str(network["ID"])) in known:
        return
    if is_external(network):
        network["NetworkAdapterName"] = adapter_name(number)
    networks.create(tx, dialect.network_from_v1(network))
    for endpoint in endpoints_of(document.members):
        made = dialect.endpoint_from_v1(endpoint)
        endpoints.create(tx, None, made.document, made.network_name)


def _endpoint(tx: Transaction, document: Document) -> None:
    made = dialect.endpoint_from_any(document.members)
    if not made.document.host_compute_network and not made.network_name:
        raise HnsError(Hr.HCN_E_NETWORK_NOT_FOUND, "it does not say which network it is on")
    endpoints.create(tx, None, made.document, made.network_name)


def _attach(tx: Transaction, document: Document) -> None:
    """Attach an endpoint to the containers that share it; one in a namespace is attached by it."""
    endpoint_id = _plain(document.id)
    containers = document.members.get("SharedContainers")
    for container in containers if isinstance(containers, list) else ():
        endpoint = endpoint_records.found(tx, endpoint_id)
        is_new = not endpoint.namespace_id and container not in endpoint.shared_containers
        if isinstance(container, str) and container and is_new:
            to = Attachment(SystemType.CONTAINER, container)
            attachment.attach(tx, endpoint_id, to)


def _namespace(tx: Transaction, document: Document) -> None:
    members = document.members
    asked = dialect.namespace_from_any(members)
    known = namespace_queries.find(tx, asked.id) if asked.id else None
    namespace = known or namespaces.create(tx, asked)
    resources = members.get("ResourceList") or members.get("Resources") or ()
    for resource in resources if isinstance(resources, list) else ():
        data = resource.get("Data") if isinstance(resource, Mapping) else None
        endpoint = str(data.get("Id") or data.get("ID") or "") if isinstance(data, Mapping) else ""
        if endpoint and resource.get("Type") == "Endpoint":
            member = HNSNamespaceResource(type="Endpoint", data={"Id": endpoint})
            namespace_members.modify(tx, namespace.id, member.to_v2("Add"))


def _load_balancer(tx: Transaction, document: Document) -> None:
    loadbalancers.create(tx, parse(HostComputeLoadBalancer, document.members))


def _sdn_route(tx: Transaction, document: Document) -> None:
    routes.create(tx, parse(HostComputeRoute, document.members))


def _policy_list(tx: Transaction, document: Document) -> None:
    made: HostComputeLoadBalancer | HostComputeRoute | HostComputePolicyList
    made = dialect.policy_list_from_v1(document.members)
    if isinstance(made, HostComputeLoadBalancer):
        loadbalancers.create(tx, made)
    elif isinstance(made, HostComputeRoute):
        routes.create(tx, made)
    else:
        policylists.create_plain(tx, made)
