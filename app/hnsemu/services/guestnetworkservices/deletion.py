"""Deleting guest network services: HcnDeleteGuestNetworkService."""

from hnsemu.services.guestnetworkservices.queries import found
from hnsemu.storage import guestnetworkservices
from hnsemu.storage.transaction import Transaction, writes


@writes
def delete_guest_network_service(tx: Transaction, service_id: str) -> None:
    """Delete the service; the ports it reserved are free again.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    guestnetworkservices.remove(tx, found(tx, service_id))
