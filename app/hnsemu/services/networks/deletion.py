"""Deleting networks: HcnDeleteNetwork."""

from hnsemu.domain.network_deletion import network_deletion
from hnsemu.domain.networks import Network
from hnsemu.services.networks.queries import found
from hnsemu.storage import endpoints, networks
from hnsemu.storage.transaction import Transaction, writes


@writes
def delete_network(tx: Transaction, network_id: str) -> None:
    """Delete the network with its endpoints, and its switch when it was the last one on it.

    Raises: HCN_E_NETWORK_NOT_FOUND. Source: hns-behaviour.md section 7.7 [O]/[I].
    """
    delete(tx, found(tx, network_id))


def delete(tx: Transaction, network: Network) -> None:
    """Delete the network inside another use case."""
    attached = endpoints.attached_to_network(tx, network.key)
    deletion = network_deletion(network, attached, networks.beside(tx, network))
    networks.remove(tx, deletion)
