"""Connecting containers to networks, and disconnecting them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hnsemu.docker.domain.connections import check_settings, named
from hnsemu.docker.domain.containers import DockerContainer, DockerEndpoint
from hnsemu.docker.domain.networks import DockerNetwork
from hnsemu.docker.errors import BAD_REQUEST, FAILED, FORBIDDEN, DockerError
from hnsemu.docker.services import networks, overlays
from hnsemu.docker.services.containers.happenings import joined, left
from hnsemu.docker.services.containers.plugging import plug, unplug, with_shown_ports
from hnsemu.docker.services.containers.queries import found
from hnsemu.docker.services.containers.records import keep
from hnsemu.docker.storage import containers, events
from hnsemu.storage.transaction import Transaction, writes

_NONE = (
    "container cannot be connected to multiple networks with one of the networks in private "
    "(none) mode"
)
_SHARED = (
    "container sharing network namespace with another container or host cannot be connected to "
    "any other network"
)


@writes
def connect(tx: Transaction, network: str, reference: str, settings: Mapping[str, Any]) -> None:
    """Connect a container to a network; one that runs gets an endpoint at once.

    A container that does not run may be connected to a network that is not there.
    Raises: DockerError 400, 403, 404, 500.
    """
    container = found(tx, reference)
    if container.shares_with:
        raise DockerError(BAD_REQUEST, _SHARED)
    target, given = _target(tx, container, network, settings)
    name = target.name if target else network
    _check_none(container, name)
    check_settings(name, settings, target)
    known = _connection(container, name)
    if known is not None and container.is_running and known.endpoint_id:
        raise DockerError(
            FORBIDDEN, f"endpoint with name {container.name} already exists in network {name}"
        )
    endpoint = replace(known, settings=settings) if known else DockerEndpoint(name, settings)
    if target is not None:
        endpoint = named(container, endpoint)
    others = tuple(other for other in container.endpoints if other is not known)
    if target is not None and container.is_running:
        publishes = not container.published
        endpoint = replace(endpoint, ip_address=given)
        endpoint = plug(tx, container, endpoint, target, publishes=publishes)
    changed = replace(container, endpoints=(*others, endpoint))
    if container.is_running:
        changed = with_shown_ports(tx, changed)
    keep(tx, changed)
    if target is not None and container.is_running:
        events.append(tx, joined(container, target, "connect"))


@writes
def disconnect(tx: Transaction, network: str, reference: str, *, force: bool) -> None:
    """Disconnect a container from a network; its endpoint goes.

    Raises: DockerError 404, 500 for one that is not connected.
    """
    target = networks.found(tx, network)
    try:
        container = found(tx, reference)
    except DockerError:
        if force:
            return
        raise
    known = _connection(container, target.name) or _connection(container, target.id)
    if known is None:
        the = "" if container.is_running else "the "
        raise DockerError(
            FAILED, f"container {container.id} is not connected to {the}network {target.name}"
        )
    _disconnected(tx, container, known, target)


def disconnect_from(tx: Transaction, container: DockerContainer, network_id: str) -> None:
    """Disconnect a container from a network that it is on, inside another use case."""
    known = _connection(container, network_id)
    target = networks.found(tx, network_id)
    if known is not None:
        _disconnected(tx, container, known, target)


def _disconnected(
    tx: Transaction, container: DockerContainer, known: DockerEndpoint, target: DockerNetwork
) -> None:
    unplug(tx, known)
    rest = tuple(other for other in container.endpoints if other is not known)
    changed = replace(container, endpoints=rest)
    if container.is_running:
        changed = with_shown_ports(tx, changed)
        events.append(tx, left(container, replace(known, network=target.name), target.driver))
    containers.drop_connection(tx, known)
    keep(tx, changed)


def _target(
    tx: Transaction, container: DockerContainer, network: str, settings: Mapping[str, Any]
) -> tuple[DockerNetwork | None, str]:
    """Return the network that is meant, and the address that its swarm gives a running container.

    Raises: DockerError 400, 404, 500.
    """
    if not container.is_running:
        return networks.find(tx, network), ""
    if _is_on(container, network):
        return networks.found(tx, network), ""
    target, endpoint = overlays.network_to_join(tx, DockerEndpoint(network, settings))
    return target, endpoint.ip_address


def _is_on(container: DockerContainer, network: str) -> bool:
    known = _connection(container, network)
    return known is not None and bool(known.endpoint_id)


def _connection(container: DockerContainer, network: str) -> DockerEndpoint | None:
    matches = (
        endpoint
        for endpoint in container.endpoints
        if network in {endpoint.network, endpoint.network_id}
    )
    return next(matches, None)


def _check_none(container: DockerContainer, name: str) -> None:
    """Refuse none beside another network."""
    joined_names = {endpoint.network for endpoint in container.endpoints}
    if (name == "none" and joined_names - {name}) or ("none" in joined_names and name != "none"):
        raise DockerError(BAD_REQUEST, _NONE)
