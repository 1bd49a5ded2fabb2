"""Containers on the networks of a running host: endpoints made and given back.

The calls to HNS and their order are those of dockerd. Source: docker-measured.md part C [O].
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from hnsemu.docker.domain import ports
from hnsemu.docker.domain.connections import (
    endpoint_document,
    endpoint_policies,
    named,
    prefix_length,
    published_ports,
    unplugged,
)
from hnsemu.docker.domain.containers import DockerContainer, DockerEndpoint, names_on
from hnsemu.docker.domain.ids import new_id
from hnsemu.docker.domain.networks import NULL, OVERLAY, DockerNetwork
from hnsemu.docker.domain.ports import ALLOCATED_BY_DOCKER, Binding, bindings_of, nat_policies
from hnsemu.docker.domain.swarms import is_swarm_id
from hnsemu.docker.errors import FORBIDDEN, DockerError
from hnsemu.docker.schema.hns import answered_endpoint
from hnsemu.docker.services import hns, networks, overlays
from hnsemu.docker.services.containers.queries import network_owner
from hnsemu.docker.storage import containers
from hnsemu.docker.storage import networks as docker_networks
from hnsemu.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Plugged:
    """A container on networks that it has just joined, in the order of its connections."""

    container: DockerContainer
    networks: Sequence[DockerNetwork] = ()


def plug_all(tx: Transaction, container: DockerContainer) -> Plugged:
    """Return the container with an endpoint on each of its networks, attached to it.

    One network gets the published ports: dockerd takes whichever comes first from a map.
    Raises: DockerError 404 for a network that is not there, 500 for what HNS refuses.
    """
    plugged = list(container.endpoints)
    joined: dict[int, DockerNetwork] = {}
    order = list(range(len(plugged)))
    if len(order) > 1:
        order.insert(0, order.pop(tx.source.below(len(order))))
    publishes = True
    for position in order:
        network, endpoint = overlays.network_to_join(tx, plugged[position])
        joined[position] = network
        plugged[position] = plug(tx, container, endpoint, network, publishes=publishes)
        publishes = publishes and not plugged[position].ports
    internal = {network.id for network in joined.values() if network.internal}
    shown = _on(container, tuple(plugged), internal)
    return Plugged(shown, [joined[position] for position in sorted(joined)])


def plug(
    tx: Transaction,
    container: DockerContainer,
    endpoint: DockerEndpoint,
    network: DockerNetwork,
    *,
    publishes: bool,
) -> DockerEndpoint:
    """Return the connection with an endpoint of HNS on the network, attached to the container.

    publishes: whether the ports of the container are published on it.
    Raises: DockerError 403, 500.
    """
    if network.config_only:
        raise DockerError(FORBIDDEN, f"configuration network {network.name} cannot be used")
    joined = replace(
        endpoint,
        network=network.name,
        network_id=network.id,
        endpoint_id=new_id(tx.source),
        dns_names=None if network.driver == NULL else names_on(container, endpoint),
    )
    if network.driver == NULL:
        return joined
    try:
        return _create(tx, container, joined, network, publishes=publishes)
    except DockerError as error:
        raise DockerError(
            error.status,
            f"failed to create endpoint {container.name} on network {network.name}: "
            f"{error.message}",
        ) from error


def with_names(tx: Transaction, container: DockerContainer) -> DockerContainer:
    """Return the container with its names on the networks that there are."""
    endpoints = [
        named(container, endpoint) if _resolves(networks.find(tx, endpoint.network)) else endpoint
        for endpoint in container.endpoints
    ]
    return replace(container, endpoints=tuple(endpoints))


def share(tx: Transaction, container: DockerContainer, other: DockerContainer) -> None:
    """Attach the endpoints of another container to this one.

    Raises: DockerError 500.
    """
    for endpoint in other.endpoints:
        if endpoint.hns_id:
            hns.attach_endpoint(tx, endpoint.hns_id, container.id)


def _resolves(network: DockerNetwork | None) -> bool:
    return network is not None and network.driver != NULL


def unplug_all(tx: Transaction, container: DockerContainer) -> DockerContainer:
    """Return the container without endpoints; what HNS has of them is gone."""
    if container.shares_with:
        _leave_shared(tx, container)
    left = tuple(unplug(tx, endpoint) for endpoint in container.endpoints)
    return replace(container, endpoints=left, ports={})


def _leave_shared(tx: Transaction, container: DockerContainer) -> None:
    """Detach a container from the endpoints that it shares, as far as they are still there."""
    for endpoint in network_owner(tx, container).endpoints:
        if endpoint.hns_id and container.id in hns.attached_to(tx, endpoint.hns_id):
            hns.detach_endpoint(tx, endpoint.hns_id, container.id)


def unplug(tx: Transaction, endpoint: DockerEndpoint) -> DockerEndpoint:
    """Return the connection without its endpoint; one that HNS has lost is forgiven."""
    if endpoint.hns_id:
        hns.delete_endpoint(tx, endpoint.hns_id)
        if is_swarm_id(endpoint.network_id):
            overlays.unplugged(tx, endpoint.network_id, endpoint.endpoint_id)
    return unplugged(endpoint)


def with_shown_ports(tx: Transaction, container: DockerContainer) -> DockerContainer:
    """Return the container with what inspect shows of its ports: nothing on internal networks."""
    return _on(container, container.endpoints, docker_networks.internal_ids(tx))


def _on(
    container: DockerContainer, endpoints: tuple[DockerEndpoint, ...], internal: Container[str]
) -> DockerContainer:
    """Return the container with these connections, and what inspect shows of its ports.

    internal: ids of networks.
    """
    shows = any(endpoint.hns_id and endpoint.network_id not in internal for endpoint in endpoints)
    exposed = container.exposed if shows else ()
    published = [port for endpoint in endpoints for port in endpoint.ports]
    return replace(container, endpoints=endpoints, ports=ports.shown(exposed, published))


def _create(
    tx: Transaction,
    container: DockerContainer,
    endpoint: DockerEndpoint,
    network: DockerNetwork,
    *,
    publishes: bool,
) -> DockerEndpoint:
    nat = _nat(tx, container, network) if publishes and not network.internal else []
    if network.driver == OVERLAY:
        return overlays.plugged(tx, container, endpoint, network, nat)
    policies = endpoint_policies(network, nat)
    document = endpoint_document(network, container, endpoint, policies)
    created = hns.create_endpoint(tx, document, container.id)
    answer = answered_endpoint(created)
    return replace(
        endpoint,
        hns_id=created.id,
        mac_address=answer.mac_address,
        ip_address=answer.ip_address,
        prefix_length=prefix_length(answer.ip_address, endpoint, network),
        gateway=answer.gateway,
        ports=published_ports(answer.policies),
    )


def _nat(
    tx: Transaction, container: DockerContainer, network: DockerNetwork
) -> Sequence[dict[str, object]]:
    wanted: list[Binding] = bindings_of(
        container.exposed,
        container.host_config["PortBindings"] or {},
        all_exposed=container.host_config["PublishAllPorts"],
    )
    is_own = network.driver in ALLOCATED_BY_DOCKER and bool(wanted)
    held = containers.held_ports(tx, ALLOCATED_BY_DOCKER) if is_own else set()
    return nat_policies(wanted, network.driver, held)
