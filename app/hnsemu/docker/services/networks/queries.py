"""Reading Docker's networks: list, inspect, and who is meant by a name or a part of an id."""

from hnsemu.docker.domain.ids import is_prefix
from hnsemu.docker.domain.networks import DockerNetwork
from hnsemu.docker.errors import DockerError
from hnsemu.docker.schema.networks import network_document
from hnsemu.docker.storage import networks
from hnsemu.storage.transaction import Transaction, reads

_BAD_REQUEST, _NOT_FOUND = 400, 404


@reads
def list_networks(tx: Transaction) -> list[dict[str, object]]:
    """Return the networks, oldest first."""
    return [network_document(network) for network in networks.all_of(tx)]


@reads
def inspect_network(tx: Transaction, reference: str) -> dict[str, object]:
    """Return the network that a name, an id or the beginning of an id means.

    Raises: DockerError 404, 400 for several.
    """
    return network_document(found(tx, reference))


def find(tx: Transaction, reference: str) -> DockerNetwork | None:
    """Return the network that a reference means, None without it or with several."""
    try:
        return found(tx, reference)
    except DockerError:
        return None


def found(tx: Transaction, reference: str) -> DockerNetwork:
    """Return the network inside another use case: full id, then full name, then part of an id.

    Raises: DockerError 404, 400 for several. Source: docker.md section 6 [S].
    """
    network = networks.with_id(tx, reference) or networks.named(tx, reference)
    if network is not None:
        return network
    candidates = networks.with_prefix(tx, reference) if is_prefix(reference) else []
    if len(candidates) > 1:
        matches = f"{len(candidates)} matches found based on ID prefix"
        raise DockerError(_BAD_REQUEST, f"network {reference} is ambiguous ({matches})")
    if not candidates:
        raise DockerError(_NOT_FOUND, f"network {reference} not found")
    return candidates[0]


def internal_ids(tx: Transaction) -> set[str]:
    """Return the ids of the networks on which nothing is published."""
    return {network.id for network in networks.all_of(tx) if network.internal}
