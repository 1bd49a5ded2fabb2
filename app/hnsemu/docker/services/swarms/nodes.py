"""The nodes of the swarm that a host manages."""

from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.swarm_nodes import (
    NodeSpec,
    changed,
    check_removal,
    found_node,
    listed,
)
from hnsemu.docker.domain.swarms import Swarm, SwarmNode, with_node, without_node
from hnsemu.docker.schema.swarms import node_document
from hnsemu.docker.services.swarm_records import managed
from hnsemu.docker.storage import swarms
from hnsemu.storage.transaction import Transaction, reads, writes


@reads
def list_nodes(tx: Transaction, filters: Filters) -> list[dict[str, object]]:
    """Return the nodes that the filters select, oldest first.

    Raises: DockerError 400, 500, 503.
    """
    swarm = managed(tx)
    return [_shown(tx, swarm, node) for node in listed(swarm, filters)]


@reads
def inspect_node(tx: Transaction, reference: str) -> dict[str, object]:
    """Return the node that an id, a host's name or the beginning of an id means.

    Raises: DockerError 400, 404, 503.
    """
    swarm = managed(tx)
    return _shown(tx, swarm, found_node(swarm, reference))


@writes
def update_node(tx: Transaction, reference: str, version: int, spec: NodeSpec) -> None:
    """Change what a node is.

    version: of the node as the client knows it.
    Raises: DockerError 400, 404, 500 where somebody else was faster, 503.
    """
    swarm = managed(tx)
    node = changed(swarm, found_node(swarm, reference), spec, version)
    swarms.save(tx, with_node(swarm, node, tx.now))


@writes
def remove_node(tx: Transaction, reference: str, *, forces: bool) -> None:
    """Remove a node from the swarm.

    Raises: DockerError 400 for a manager, and for one that is not down unless forced; 404, 503.
    """
    swarm = managed(tx)
    node = found_node(swarm, reference)
    check_removal(node, swarms.node_ids(tx, swarm.id), forces=forces)
    swarms.save(tx, without_node(swarm, node.id))


def _shown(tx: Transaction, swarm: Swarm, node: SwarmNode) -> dict[str, object]:
    ready = swarms.node_ids(tx, swarm.id)
    leader = next((manager.id for manager in swarm.managers if manager.id in ready), "")
    return node_document(node, ready, leader)
