"""Reading Docker's networks: list, inspect, and who is meant by a name or a part of an id."""

from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.ids import is_prefix
from hnsemu.docker.domain.network_filters import selected
from hnsemu.docker.domain.networks import DockerNetwork
from hnsemu.docker.errors import BAD_REQUEST, NOT_FOUND, DockerError
from hnsemu.docker.schema.networks import attached_container, network_document
from hnsemu.docker.storage import active_endpoints, networks
from hnsemu.storage.transaction import Transaction, reads


@reads
def list_networks(
    tx: Transaction, filters: Filters, *, detailed: bool = False
) -> list[dict[str, object]]:
    """Return the networks that the filters select, oldest first.

    detailed: with the containers on them, as before API 1.28.
    Raises: DockerError 400 and 500 for bad filters.
    """
    listed = selected(networks.all_of(tx), filters)
    return [_shown(tx, network) if detailed else network_document(network) for network in listed]


@reads
def inspect_network(tx: Transaction, reference: str, scope: str = "") -> dict[str, object]:
    """Return the network that a name, an id or the beginning of an id means.

    Raises: DockerError 404, also for another scope than local; 400 for several.
    """
    if scope not in {"", "local"}:
        raise _not_found(reference)
    network, others = _meant(tx, reference)
    if others:
        what = f"{others + 1} matches found based on ID prefix"
        raise DockerError(BAD_REQUEST, f"{what}: network {reference} is ambiguous")
    return _shown(tx, network)


def find(tx: Transaction, reference: str) -> DockerNetwork | None:
    """Return the network that a reference means, None without it or with several."""
    try:
        return found(tx, reference)
    except DockerError:
        return None


def found(tx: Transaction, reference: str) -> DockerNetwork:
    """Return the network inside another use case: full id, then full name, then part of an id.

    Raises: DockerError 404, 400 for several. Source: docker.md section 6 [C].
    """
    network, others = _meant(tx, reference)
    if others:
        what = f"{others + 1} matches found based on ID prefix"
        raise DockerError(BAD_REQUEST, f"network {reference} is ambiguous ({what})")
    return network


def _meant(tx: Transaction, reference: str) -> tuple[DockerNetwork, int]:
    """Return the network that a reference means, and how many others it may mean."""
    network = networks.meant(tx, reference)
    if network is not None:
        return network, 0
    candidates = networks.with_prefix(tx, reference) if is_prefix(reference) else []
    if not candidates:
        raise _not_found(reference)
    return candidates[0], len(candidates) - 1


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
    )


def _not_found(reference: str) -> DockerError:
    return DockerError(NOT_FOUND, f"network {reference} not found")
