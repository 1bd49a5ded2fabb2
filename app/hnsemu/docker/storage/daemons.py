"""The row of a host's daemon."""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from hnsemu.docker.storage.tables import docker_daemons, docker_swarms
from hnsemu.domain.releases import RELEASES, Release
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import hosts
from hnsemu.storage.transaction import Transaction

_STANDING = Prepared(
    select(hosts.c.release, docker_daemons.c.id, docker_swarms.c.swarm_id)
    .outerjoin_from(hosts, docker_daemons, docker_daemons.c.host_key == hosts.c.key)
    .outerjoin(docker_swarms, docker_swarms.c.host_key == hosts.c.key)
    .where(hosts.c.name == bindparam("name"))
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the door asks first.

    daemon_id: the daemon's id, "" before its start.
    swarm_id:  the swarm that the host is in, "" for none.
    """

    release: Release
    daemon_id: str = ""
    swarm_id: str = ""


def standing(tx: Transaction) -> Standing | None:
    """Return how the daemon of the host stands, None without the host."""
    row = _STANDING.row(tx.connection, {"name": tx.host_name})
    if row is None:
        return None
    return Standing(RELEASES[row.release], row.id or "", row.swarm_id or "")


def start(tx: Transaction) -> bool:
    """Note that the daemon starts now; tell whether it is its first start."""
    started = tx.connection.execute(
        update(docker_daemons)
        .where(docker_daemons.c.host_key == tx.host.key)
        .values(started=tx.now)
    )
    if started.rowcount:
        return False
    row = {"host_key": tx.host.key, "id": tx.source.guid(), "started": tx.now, "last_event": 0}
    tx.connection.execute(insert(docker_daemons).values(row))
    return True


def started(tx: Transaction, host_key: int) -> int:
    """Return when the daemon of a host started, 0 where none runs."""
    query = select(docker_daemons.c.started).where(docker_daemons.c.host_key == host_key)
    return tx.connection.execute(query).scalar_one_or_none() or 0
