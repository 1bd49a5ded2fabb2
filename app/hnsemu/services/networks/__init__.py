"""What can be done with networks: HcnCreateNetwork and its kin, one function a transaction."""

from hnsemu.services.networks.creation import (
    create_network,
    delete_network,
    get_network,
    list_networks,
)
from hnsemu.services.networks.modify import modify_network, set_extensions

__all__ = [
    "create_network",
    "delete_network",
    "get_network",
    "list_networks",
    "modify_network",
    "set_extensions",
]
