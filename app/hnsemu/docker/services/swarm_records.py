"""What the hosts of a swarm keep of it, read inside another use case."""

from collections.abc import Sequence

from hnsemu.docker.domain.network_creation import NO_SWARM
from hnsemu.docker.domain.swarm_joining import NOT_MANAGER
from hnsemu.docker.domain.swarms import Place, Swarm
from hnsemu.docker.errors import UNAVAILABLE, DockerError
from hnsemu.docker.schema.swarms import swarm_info
from hnsemu.docker.storage import swarms
from hnsemu.docker.storage.swarms import Member
from hnsemu.storage.transaction import Transaction


def managed(tx: Transaction) -> Swarm:
    """Return the swarm that the host manages; one that writes has it for itself.

    Raises: DockerError 503 for a worker, and outside of a swarm.
    """
    place = swarms.place_of(tx)
    if place is None:
        raise DockerError(UNAVAILABLE, NO_SWARM)
    swarm = current(tx, place)
    if swarm is None or not swarms.manages(tx):
        raise DockerError(UNAVAILABLE, NOT_MANAGER)
    return swarm


def current(tx: Transaction, place: Place) -> Swarm | None:
    """Return the swarm of a place as its managers keep it, None where none is left.

    A transaction that writes has it for itself from now on.
    """
    if tx.writing:
        swarms.lock(tx, place.swarm_id)
    return latest(swarms.members_of(tx, place.swarm_id))


def reserve(tx: Transaction, swarm_id: str) -> None:
    """Let no other transaction that reserves the swarm go on until this one ends."""
    swarms.lock(tx, swarm_id)


def swarm_summary(tx: Transaction) -> dict[str, object]:
    """Return what /info says of the swarm that the host is in."""
    place = swarms.place_of(tx)
    if place is None:
        return swarm_info(None, None, ())
    swarm = current(tx, place)
    managers = [(node.id, node.manager_address) for node in swarm.managers] if swarm else []
    return swarm_info(place, swarm if swarms.manages(tx) else None, managers)


def latest(members: Sequence[Member]) -> Swarm | None:
    """Return the newest of what managers keep: one whose state was brought back may be behind."""
    kept = [member.swarm for member in members if member.swarm is not None]
    return max(kept, key=lambda swarm: swarm.version, default=None)
