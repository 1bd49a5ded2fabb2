"""Use cases of Docker's networks."""

from hnsemu.docker.services.networks.queries import inspect_network, list_networks

__all__ = ["inspect_network", "list_networks"]
