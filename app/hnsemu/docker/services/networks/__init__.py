"""Use cases of Docker's networks."""

from hnsemu.docker.services.networks.queries import (
    find,
    found,
    inspect_network,
    internal_ids,
    list_networks,
)

__all__ = ["find", "found", "inspect_network", "internal_ids", "list_networks"]
