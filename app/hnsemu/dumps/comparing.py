"""A host compared with the documents of a real one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import orjson

from hnsemu.domain.guid import is_guid, parse_guid
from hnsemu.domain.networks import Network
from hnsemu.domain.policylists import PolicyListKind
from hnsemu.domain.releases import Release
from hnsemu.dumps import docker
from hnsemu.dumps.comparison import Difference, differences
from hnsemu.dumps.reading import OF_HOST, Document, Kind, check_objects
from hnsemu.errors import HnsError
from hnsemu.schema.v1 import dialect
from hnsemu.schema.v2.render_endpoints import endpoint_document
from hnsemu.schema.v2.render_namespaces import namespace_document
from hnsemu.schema.v2.render_networks import network_document
from hnsemu.schema.v2.render_policylists import load_balancer_document, sdn_route_document
from hnsemu.services import endpoint_records
from hnsemu.services.namespaces import queries as namespaces
from hnsemu.services.networks import queries as networks
from hnsemu.services.policylists import queries as policylists
from hnsemu.storage import endpoints
from hnsemu.storage.transaction import Transaction, reads

_Find = Callable[[Transaction, str], Any]
_Render = Callable[[Any, Release], Mapping[str, Any]]


@reads
def compare_host(
    tx: Transaction, documents: Sequence[Document]
) -> list[tuple[Document, Difference]]:
    """Return in what the host differs from each document, in their order.

    Raises: E_ELEMENT_NOT_FOUND without the host; E_INVALIDARG for documents of no object.
    """
    check_objects(documents)
    release = tx.host.release
    of_hns = {parse_guid(document.id) for document in documents if is_guid(document.id)}
    here = networks.everything(tx)
    found: list[tuple[Document, Difference]] = []
    for document in documents:
        if document.reason or document.kind in OF_HOST:
            continue
        if document.kind is Kind.DOCKER_NETWORK:
            found += _of_docker(tx, document, of_hns, here)
            continue
        shown = _shown(tx, document, release, here)
        if shown is None:
            found.append((document, Difference("", document.id, None, "")))
        else:
            found += [(document, known) for known in differences(document.members, shown)]
    return found


def _of_docker(
    tx: Transaction, document: Document, of_hns: AbstractSet[str], here: Sequence[Network]
) -> Iterator[tuple[Document, Difference]]:
    """Yield what Docker says of a network otherwise, unless HNS says it, too."""
    said = str(docker.network_of(document.members)["ID"])
    network_id = parse_guid(said) if is_guid(said) else ""
    if network_id in of_hns:
        return
    told = docker.comparable(document.members)
    network = next(
        (
            known
            for known in here
            if known.id == network_id or (not network_id and known.name == told["Name"])
        ),
        None,
    )
    if network is None:
        yield document, Difference("", network_id or told["Name"], None, "")
        return
    release = tx.host.release
    of_network = endpoints.of_network(tx, network.key)
    shown = docker.shown_as(
        told,
        dialect.render_v1(network.seen_at(tx.now), release, "friendly"),
        [dialect.render_v1(endpoint, release, "friendly") for endpoint in of_network],
    )
    for difference in differences(told, shown, is_request=False):
        yield document, difference


def _shown(
    tx: Transaction, document: Document, release: Release, here: Sequence[Network]
) -> Mapping[str, Any] | None:
    """Return the host's own document of the object, in the dialect of the real one."""
    object_id = parse_guid(document.id) if is_guid(document.id) else _network_named(document, here)
    if object_id is None:
        return None
    find, render = _KINDS[document.kind]
    try:
        found = find(tx, object_id)
    except HnsError:
        return None
    is_flat = dialect.speaks_v1(document.members)
    shown = (
        dialect.render_v1(found, release, "friendly", detailed=True)
        if is_flat and document.kind not in {Kind.LOAD_BALANCER, Kind.SDN_ROUTE}
        else render(found, release)
    )
    plain: dict[str, Any] = orjson.loads(orjson.dumps(shown))  # kept texts become values
    if document.kind is Kind.SDN_ROUTE and "Setting" in document.members:
        plain["Setting"] = plain.pop("Routes")  # as the dump names it
    return plain


def _network_named(document: Document, here: Sequence[Network]) -> str | None:
    """Return the id of the network that a request without an id asks for."""
    if document.kind is not Kind.NETWORK or not document.name:
        return None
    named = (known.id for known in here if known.name == document.name)
    return next(named, None)


_KINDS: Mapping[Kind, tuple[_Find, _Render]] = {
    Kind.NETWORK: (lambda tx, known: networks.found(tx, known).seen_at(tx.now), network_document),
    Kind.ENDPOINT: (endpoint_records.found, endpoint_document),
    Kind.NAMESPACE: (namespaces.found, namespace_document),
    Kind.POLICY_LIST: (policylists.found, load_balancer_document),
    Kind.LOAD_BALANCER: (
        lambda tx, known: policylists.found(tx, known, PolicyListKind.LOAD_BALANCER),
        load_balancer_document,
    ),
    Kind.SDN_ROUTE: (
        lambda tx, known: policylists.found(tx, known, PolicyListKind.ROUTE),
        sdn_route_document,
    ),
}
