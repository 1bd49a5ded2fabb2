"""Leaving a swarm."""

from hnsemu.docker.domain.swarm_joining import check_leave
from hnsemu.docker.services.containers.connections import disconnect_from
from hnsemu.docker.services.swarm_records import current
from hnsemu.docker.storage import containers, overlays, swarms
from hnsemu.storage.transaction import Transaction, writes


@writes
def leave_swarm(tx: Transaction, *, forces: bool) -> None:
    """Leave the swarm; its networks go, and managers show the node as down until it is removed.

    Raises: DockerError 503 outside of a swarm, and for a manager without force.
    """
    place = swarms.place_of(tx)
    swarm = current(tx, place) if place and swarms.manages(tx) else None
    ready = swarms.node_ids(tx, place.swarm_id) if place else ()
    reachable = sum(node.id in ready for node in swarm.managers) if swarm else 0
    check_leave(place, swarm, reachable, forces=forces)
    for network_id in overlays.networks_here(tx):
        for container in containers.on_network(tx, network_id):
            disconnect_from(tx, container, network_id)
    swarms.remove_place(tx)
