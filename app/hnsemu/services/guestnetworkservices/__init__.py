"""Use cases of guest network services: HcnCreateGuestNetworkService and its kin."""

from hnsemu.services.guestnetworkservices.creation import create_guest_network_service
from hnsemu.services.guestnetworkservices.deletion import delete_guest_network_service
from hnsemu.services.guestnetworkservices.modification import modify_guest_network_service
from hnsemu.services.guestnetworkservices.queries import (
    get_guest_network_service,
    list_guest_network_services,
)

__all__ = [
    "create_guest_network_service",
    "delete_guest_network_service",
    "get_guest_network_service",
    "list_guest_network_services",
    "modify_guest_network_service",
]
