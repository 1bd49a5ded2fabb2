"""Use cases of swarms and their nodes."""

from hnsemu.docker.services.swarms.entering import init_swarm, join_swarm
from hnsemu.docker.services.swarms.leaving import leave_swarm
from hnsemu.docker.services.swarms.nodes import inspect_node, list_nodes, remove_node, update_node
from hnsemu.docker.services.swarms.settings import (
    check_manager,
    get_unlock_key,
    inspect_swarm,
    unlock_swarm,
    update_swarm,
)

__all__ = [
    "check_manager",
    "get_unlock_key",
    "init_swarm",
    "inspect_node",
    "inspect_swarm",
    "join_swarm",
    "leave_swarm",
    "list_nodes",
    "remove_node",
    "unlock_swarm",
    "update_node",
    "update_swarm",
]
