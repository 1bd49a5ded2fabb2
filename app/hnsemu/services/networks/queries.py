"""Reading networks: HcnQueryNetworkProperties and HcnEnumerateNetworks."""

from hnsemu.domain.networks import Network, properties
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.services.listing import selected, wanted_id
from hnsemu.storage import networks
from hnsemu.storage.transaction import Transaction, reads


@reads
def get_network(tx: Transaction, network_id: str) -> Network:
    """Return the network.

    Raises: HCN_E_NETWORK_NOT_FOUND.
    """
    return found(tx, network_id).seen_at(tx.now)


@reads
def list_networks(
    tx: Transaction, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[Network]:
    """Return the networks that `query` selects, in creation order."""
    wanted = query.wanted
    only_id = wanted_id(wanted) if after is None else None
    if only_id is None:
        candidates = networks.all_of(tx)
    else:
        network = networks.find(tx, only_id)
        candidates = [] if network is None else [network]
    shown = (network.seen_at(tx.now) for network in candidates)
    return selected(shown, wanted, properties, limit, after)


def everything(tx: Transaction) -> list[Network]:
    """Return all networks of the host, inside another use case."""
    return networks.all_of(tx)


def found(tx: Transaction, network_id: str) -> Network:
    """Return the network inside another use case.

    Raises: HCN_E_NETWORK_NOT_FOUND.
    """
    network = networks.find(tx, network_id)
    if network is None:
        raise HnsError(
            Hr.HCN_E_NETWORK_NOT_FOUND,
            f"no network has the ID {network_id}; list them to see which exist",
        )
    return network
