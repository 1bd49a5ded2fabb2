"""Beginning a swarm, and joining one."""

from hnsemu.docker.domain.daemons import daemon_of
from hnsemu.docker.domain.swarm_joining import (
    InitRequest,
    Interfaces,
    JoinRequest,
    check_join,
    check_outside,
    decide_init,
    decide_join,
)
from hnsemu.docker.domain.swarm_networks import with_ingress
from hnsemu.docker.domain.swarms import (
    Role,
    Swarm,
    SwarmNode,
    digest_of,
    new_swarm_id,
    new_token,
    with_node,
)
from hnsemu.docker.services.swarm_records import latest
from hnsemu.docker.storage import swarms
from hnsemu.domain.interfaces import adapter_interfaces
from hnsemu.storage import adapters, networks, vswitches
from hnsemu.storage.transaction import Transaction, writes


@writes
def init_swarm(tx: Transaction, request: InitRequest) -> str:
    """Begin a swarm, and return the id of its first node, the host.

    Raises: DockerError 400, 500, 501, 503.
    """
    check_outside(swarms.place_of(tx))
    worker_token = new_token(tx.source)
    manager_token = new_token(tx.source, digest_of(worker_token))
    new = Swarm(new_swarm_id(tx.source), {}, worker_token, manager_token, (), 0, 0)
    swarm, place = decide_init(request, _interfaces(tx), _node(tx), new, tx.now)
    swarms.insert_place(tx, place)
    swarms.save(tx, with_ingress(swarm, new_swarm_id(tx.source), tx.now))
    return place.node_id


@writes
def join_swarm(tx: Transaction, request: JoinRequest) -> None:
    """Join the swarm of the manager at an address, as its token says.

    Raises: DockerError 400, 500, 503.
    """
    check_outside(swarms.place_of(tx))
    remote = check_join(request)[0]
    arrival = decide_join(request, _interfaces(tx), _asked(tx, remote), remote, _node(tx))
    swarm = _asked(tx, remote, locks=True)
    arrival = decide_join(request, _interfaces(tx), swarm, remote, arrival.node)
    swarms.insert_place(tx, arrival.place)
    if swarm is not None:
        swarms.save(tx, with_node(swarm, arrival.node, tx.now))


def _asked(tx: Transaction, remote: str, *, locks: bool = False) -> Swarm | None:
    """Return the swarm of the manager at an address, None where there is none."""
    for member in swarms.managers(tx):
        node = member.swarm.node(member.place.node_id) if member.swarm else None
        if node is not None and node.manager_address == remote:
            if locks:
                swarms.lock(tx, member.place.swarm_id)
            return latest(swarms.members_of(tx, member.place.swarm_id))
    return None


def _node(tx: Transaction) -> SwarmNode:
    """Return the host as a node that is nowhere yet."""
    engine = daemon_of(tx.host.release).version
    return SwarmNode(new_swarm_id(tx.source), tx.host.name, "", Role.WORKER, engine)


def _interfaces(tx: Transaction) -> Interfaces:
    """Return the host's interfaces in the order of the adapters whose addresses they have."""
    known = adapters.all_of(tx)
    place = {adapter.address: number for number, adapter in enumerate(known)}
    found = adapter_interfaces(known, vswitches.all_of(tx), networks.all_of(tx))
    return Interfaces(
        {
            interface.name: f"{interface.address}/{interface.prefix_length}"
            for interface in sorted(
                (one for one in found if one.address), key=lambda one: place[one.address]
            )
        }
    )
