"""Leaving a swarm."""

from hnsemu.docker.domain.swarm_joining import check_leave
from hnsemu.docker.services.swarms.records import current
from hnsemu.docker.storage import swarms
from hnsemu.storage.transaction import Transaction, writes


@writes
def leave_swarm(tx: Transaction, *, forces: bool) -> None:
    """Leave the swarm; other managers show the node as down until somebody removes it.

    Raises: DockerError 503 outside of a swarm, and for a manager without force.
    """
    place = swarms.place_of(tx)
    swarm = current(tx, place) if place and swarms.kept(tx) else None
    ready = swarms.node_ids(tx, place.swarm_id) if place else ()
    reachable = sum(node.id in ready for node in swarm.managers) if swarm else 0
    check_leave(place, swarm, reachable, forces=forces)
    swarms.remove_place(tx)
