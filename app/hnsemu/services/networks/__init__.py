"""Use cases of networks: HcnCreateNetwork and its kin; each function is one transaction."""

from hnsemu.services.networks.creation import create_network
from hnsemu.services.networks.deletion import delete_network
from hnsemu.services.networks.modification import modify_network, set_extensions
from hnsemu.services.networks.queries import get_network, list_networks

__all__ = [
    "create_network",
    "delete_network",
    "get_network",
    "list_networks",
    "modify_network",
    "set_extensions",
]
