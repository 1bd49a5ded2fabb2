"""Use cases of Docker's networks."""

from hnsemu.docker.services.networks.creation import create_network
from hnsemu.docker.services.networks.deletion import prune_networks, remove_network
from hnsemu.docker.services.networks.queries import (
    find,
    found,
    inspect_network,
    list_networks,
)

__all__ = [
    "create_network",
    "find",
    "found",
    "inspect_network",
    "list_networks",
    "prune_networks",
    "remove_network",
]
