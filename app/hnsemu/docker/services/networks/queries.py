"""Reading Docker's networks: list, inspect, and who is meant by a name or a part of an id."""

import re
from collections.abc import Sequence

from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.network_filters import selected
from hnsemu.docker.domain.networks import OVERLAY, DockerNetwork
from hnsemu.docker.domain.swarm_networks import seen
from hnsemu.docker.errors import BAD_REQUEST, NOT_FOUND, DockerError
from hnsemu.docker.schema.networks import attached_container, network_document, peer_document
from hnsemu.docker.services.swarm_records import latest
from hnsemu.docker.storage import active_endpoints, networks, overlays, swarms
from hnsemu.storage.transaction import Transaction, reads

_PREFIX = re.compile(r"[0-9a-z]+")
"""What an id may begin with: digits and letters in those of a swarm."""


@reads
def list_networks(
    tx: Transaction, filters: Filters, *, detailed: bool = False
) -> list[dict[str, object]]:
    """Return the networks that the filters select, oldest first, those of a swarm behind.

    detailed: with the containers on them, as before API 1.28.
    Raises: DockerError 400 and 500 for bad filters.
    """
    of_swarm = networks_of_swarm(tx)
    ids = {network.id for network in of_swarm}
    own = [network for network in networks.all_of(tx) if network.id not in ids]
    listed = selected([*own, *of_swarm], filters)
    return [_shown(tx, network) if detailed else network_document(network) for network in listed]


@reads
def inspect_network(tx: Transaction, reference: str, scope: str = "") -> dict[str, object]:
    """Return the network that a name, an id or the beginning of an id means.

    Raises: DockerError 404, also for another scope than the network's; 400 for several.
    """
    network, others = _meant(tx, reference, networks_of_swarm(tx), scope)
    if others:
        what = f"{others + 1} matches found based on ID prefix"
        raise DockerError(BAD_REQUEST, f"{what}: network {reference} is ambiguous")
    return _shown(tx, network)


def networks_of_swarm(tx: Transaction) -> list[DockerNetwork]:
    """Return the networks of the swarm that the host manages, none elsewhere."""
    place = swarms.place_of(tx) if swarms.manages(tx) else None
    newest = latest(swarms.members_of(tx, place.swarm_id)) if place else None
    return [seen(network) for network in newest.networks] if newest else []


def find(tx: Transaction, reference: str) -> DockerNetwork | None:
    """Return the network that a reference means, None without it or with several."""
    try:
        return found(tx, reference)
    except DockerError:
        return None


def found(tx: Transaction, reference: str, of_swarm: Sequence[DockerNetwork] = ()) -> DockerNetwork:
    """Return the network inside another use case: full id, then full name, then part of an id.

    of_swarm: networks that count beside those of the daemon.
    Raises: DockerError 404, 400 for several. Source: docker.md section 6 [C].
    """
    network, others = _meant(tx, reference, of_swarm)
    if others:
        what = f"{others + 1} matches found based on ID prefix"
        raise DockerError(BAD_REQUEST, f"network {reference} is ambiguous ({what})")
    return network


def _meant(
    tx: Transaction, reference: str, of_swarm: Sequence[DockerNetwork], scope: str = ""
) -> tuple[DockerNetwork, int]:
    """Return the network that a reference means, and how many others it may mean."""
    own = networks.meant(tx, reference)
    exact = [
        network
        for network in ([own] if own else []) + list(of_swarm)
        if reference in {network.id, network.name} and scope in {"", network.scope}
    ]
    if exact:
        return min(exact, key=lambda network: network.id != reference), 0
    known = networks.with_prefix(tx, reference) if _PREFIX.fullmatch(reference) else []
    candidates = {
        network.id: network
        for network in [*of_swarm, *known]
        if network.id.startswith(reference) and scope in {"", network.scope}
    }
    if not candidates:
        raise _not_found(reference)
    return next(iter(candidates.values())), len(candidates) - 1


def _shown(tx: Transaction, network: DockerNetwork) -> dict[str, object]:
    active = active_endpoints.active_on(tx, network.id)
    return network_document(
        network,
        {
            endpoint.container_id: attached_container(
                endpoint.name,
                endpoint.endpoint_id,
                endpoint.mac_address,
                endpoint.ip_address,
                endpoint.prefix_length,
            )
            for endpoint in active
        },
        _peers(tx, network),
    )


def _peers(tx: Transaction, network: DockerNetwork) -> list[dict[str, str]]:
    """Return the nodes that a network of a swarm is on, for one that is on this host."""
    if network.driver != OVERLAY or not network.hns_id:
        return []
    return [peer_document(peer.node_id, peer.address) for peer in overlays.peers(tx, network.id)]


def _not_found(reference: str) -> DockerError:
    return DockerError(NOT_FOUND, f"network {reference} not found")
