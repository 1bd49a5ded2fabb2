"""What deleting an endpoint reads and writes: one visit each."""

from hnsemu.domain.endpoint_deletion import EndpointDeletion
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.placement import NetworkSite
from hnsemu.storage import allocations, endpoints, placement
from hnsemu.storage.transaction import Transaction


def gather(tx: Transaction, endpoint_id: str) -> tuple[Endpoint, NetworkSite] | None:
    """Return the endpoint, without its policies and port, and its network; None without one."""
    endpoint = endpoints.find_without_parts(tx, endpoint_id)
    return None if endpoint is None else (endpoint, site_of(tx, endpoint))


def site_of(tx: Transaction, endpoint: Endpoint) -> NetworkSite:
    """Return the network that the endpoint is in."""
    site = placement.find(tx, endpoint.network_id)
    assert site is not None  # noqa: S101 (an endpoint goes before its network)
    return site


def write(tx: Transaction, deletion: EndpointDeletion) -> None:
    """Delete the endpoint with its policies, port and published ports; free what it had."""
    endpoint = deletion.endpoint
    network_key = endpoint.network_key
    for address in deletion.released:
        allocations.release_address(tx, network_key, address, tx.began)
    for address in deletion.forgotten:
        allocations.forget_address(tx, network_key, address, remote=endpoint.is_remote)
    if deletion.released_mac is not None:
        allocations.release_mac(tx, network_key, deletion.released_mac, tx.began)
    if deletion.forgotten_mac is not None:
        allocations.forget_mac(tx, network_key, deletion.forgotten_mac)
    endpoints.remove(tx, endpoint.key)
    placement.count_lost(tx, network_key)
    tx.notify(*deletion.notifications)
    tx.note_removed("endpoint", endpoint.id)
