"""Which endpoints a caller means by the sender and the receiver of a traced packet."""

from collections.abc import Sequence

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.guid import parse_guid
from hnsemu.domain.tracing.question import Probe, Receiver
from hnsemu.errors import HnsError, Hr
from hnsemu.services.dataplane.fabric import StoredHost
from hnsemu.services.namespaces.queries import found as found_namespace
from hnsemu.storage import fabric as lookups
from hnsemu.storage.transaction import Transaction


def senders(tx: Transaction, host: StoredHost, probe: Probe) -> list[PlumbedEndpoint]:
    """Return the endpoints of the sender: of a namespace or a container there may be several.

    Raises: HCN_E_ENDPOINT_NOT_FOUND, HCN_E_NAMESPACE_NOT_FOUND, E_ELEMENT_NOT_FOUND,
            TYPE_E_AMBIGUOUSNAME.
    """
    if probe.endpoint:
        return [found_endpoint(host, probe.endpoint)]
    if probe.container:
        return _of_container(tx, host, probe.container)
    return _of_namespace(tx, host, parse_guid(probe.namespace))


def receivers(
    tx: Transaction, host: StoredHost, receiver: Receiver, sender: str
) -> list[PlumbedEndpoint]:
    """Return the endpoints of the receiver that the caller names.

    sender: the container that sends, "" for another sender.
    Raises: HCN_E_ENDPOINT_NOT_FOUND, E_ELEMENT_NOT_FOUND, TYPE_E_AMBIGUOUSNAME.
    """
    if receiver.endpoint:
        return [found_endpoint(host, receiver.endpoint)]
    if receiver.container:
        return _of_container(tx, host, receiver.container, sender)
    return _named(tx, host, receiver.name, sender)


def _named(tx: Transaction, host: StoredHost, name: str, sender: str) -> list[PlumbedEndpoint]:
    """Return what a bare name means: a container that a container asks for, else an endpoint."""
    if sender:
        return _known_of_container(tx, host, name, sender) or [found_endpoint(host, name)]
    try:
        return [found_endpoint(host, name)]
    except HnsError as error:
        found = _known_of_container(tx, host, name)
        if found and error.hr is Hr.HCN_E_ENDPOINT_NOT_FOUND:
            return found
        raise


def _of_namespace(tx: Transaction, host: StoredHost, namespace_id: str) -> list[PlumbedEndpoint]:
    return _plumbed(host, found_namespace(tx, namespace_id).endpoint_ids)


def _of_container(
    tx: Transaction, host: StoredHost, container: str, sender: str = ""
) -> list[PlumbedEndpoint]:
    found = _known_of_container(tx, host, container, sender)
    if not found:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"no namespace holds container {container}, and Docker has none of that name with an "
            "endpoint; name its endpoint instead",
        )
    return found


def _known_of_container(
    tx: Transaction, host: StoredHost, container: str, sender: str = ""
) -> list[PlumbedEndpoint]:
    """Return the endpoints of a container, [] without one.

    It is in a namespace, or a program on the host knows it, such as Docker.
    sender: the container that asks for it by a name, "" for none.
    """
    held = lookups.namespaces_of_container(tx, container)
    if held:
        return _of_namespace(tx, host, held[0])
    ids = [known for client in tx.clients for known in client.endpoints_of(tx, container, sender)]
    return _plumbed(host, ids)


def _plumbed(host: StoredHost, ids: Sequence[str]) -> list[PlumbedEndpoint]:
    return [endpoint for endpoint in map(host.endpoint, ids) if endpoint is not None]


def found_endpoint(host: StoredHost, named: str) -> PlumbedEndpoint:
    """Return the endpoint with that id or name.

    Raises: HCN_E_ENDPOINT_NOT_FOUND; TYPE_E_AMBIGUOUSNAME when several have the name.
    """
    try:
        endpoint = host.endpoint(parse_guid(named))
    except HnsError:
        namesakes = host.endpoints_named(named)
        if len(namesakes) > 1:
            ids = ", ".join(namesake.id for namesake in namesakes)
            raise HnsError(
                Hr.TYPE_E_AMBIGUOUSNAME,
                f"several endpoints are called {named!r}; give an id: {ids}",
            ) from None
        endpoint = namesakes[0] if namesakes else None
    if endpoint is None:
        raise HnsError(
            Hr.HCN_E_ENDPOINT_NOT_FOUND, f"no endpoint has the id or name {named!r} on this host"
        )
    return endpoint
