"""Rows of hosts' places in swarms, and what managers keep there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, exists, insert, select, update

from hnsemu.docker.domain.swarms import Place, Role, Swarm, swarm_from
from hnsemu.docker.storage.tables import docker_swarms
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import hosts
from hnsemu.storage.transaction import Transaction

_s = docker_swarms.c
_PLACE = Prepared(select(docker_swarms).where(_s.host_key == bindparam("host")))
_IS_MANAGING = _s.record != "null"
_MANAGES = Prepared(
    select(exists().where(_s.host_key == bindparam("host"), _IS_MANAGING).label("manages"))
)
_LOCK = Prepared(
    select(_s.host_key)
    .where(_s.swarm_id == bindparam("swarm"))
    .order_by(_s.host_key)
    .with_for_update()
)
_WITH_NAMES = (
    select(docker_swarms, hosts.c.name.label("host_name"))
    .join_from(docker_swarms, hosts, hosts.c.key == _s.host_key)
    .order_by(_s.host_key)
)


@dataclass(frozen=True, slots=True)
class Member:
    """A host that is in a swarm. swarm: what it keeps as a manager, None for a worker."""

    host_key: int
    host_name: str
    place: Place
    swarm: Swarm | None


def place_of(tx: Transaction) -> Place | None:
    """Return the place of the host in a swarm, None outside of one."""
    row = _PLACE.row(tx.connection, {"host": tx.host.key})
    return None if row is None else _place(row)


def manages(tx: Transaction) -> bool:
    """Tell whether the host manages a swarm."""
    return bool(_MANAGES.scalar(tx.connection, {"host": tx.host.key}))


def record_of(tx: Transaction) -> dict[str, Any] | None:
    """Return what the host keeps of its swarm as it was written, None where it keeps nothing."""
    row = _PLACE.row(tx.connection, {"host": tx.host.key})
    record: dict[str, Any] | None = None if row is None else orjson.loads(row.record)
    return record


def lock(tx: Transaction, swarm_id: str) -> None:
    """Let nobody else change the swarm until the transaction ends; SQLite has one writer anyway.

    It is sent with the next statement whose answer is read, so it costs no round trip.
    """
    if tx.connection.dialect.name != "sqlite":
        _LOCK.run(tx.connection, {"swarm": swarm_id})


def members_of(tx: Transaction, swarm_id: str) -> list[Member]:
    """Return the hosts of a swarm, oldest first."""
    rows = tx.connection.execute(_WITH_NAMES.where(_s.swarm_id == swarm_id))
    return [_member(row) for row in rows]


def managers(tx: Transaction) -> list[Member]:
    """Return the hosts that manage a swarm, whichever."""
    rows = tx.connection.execute(_WITH_NAMES.where(_IS_MANAGING))
    return [_member(row) for row in rows]


def insert_place(tx: Transaction, place: Place) -> None:
    """Keep the place that the host has from now on."""
    columns = {"host_key": tx.host.key, **_columns(place), "record": "null"}
    tx.connection.execute(insert(docker_swarms), columns)


def remove_place(tx: Transaction) -> None:
    """Forget the place of the host, and what it kept."""
    tx.connection.execute(delete(docker_swarms).where(_s.host_key == tx.host.key))


def save(tx: Transaction, swarm: Swarm) -> None:
    """Let every manager keep the swarm as it is from now on, and nobody else."""
    managing = {node.id for node in swarm.nodes if node.role == Role.MANAGER}
    text = orjson.dumps(swarm).decode()
    for row in tx.connection.execute(_WITH_NAMES.where(_s.swarm_id == swarm.id)).all():
        record = text if row.node_id in managing else "null"
        if record == row.record:
            continue
        if row.host_key != tx.host.key:
            tx.on(row.host_name)
        change = update(docker_swarms).where(_s.host_key == row.host_key)
        tx.connection.execute(change.values(record=record))


def node_ids(tx: Transaction, swarm_id: str) -> Collection[str]:
    """Return the ids of the nodes that are there."""
    query = select(_s.node_id).where(_s.swarm_id == swarm_id)
    return set(tx.connection.execute(query).scalars())


def _columns(place: Place) -> Mapping[str, str]:
    return {
        "swarm_id": place.swarm_id,
        "node_id": place.node_id,
        "address": place.address,
        "listen": place.listen,
        "data_path": place.data_path,
        "remote": place.remote,
    }


def _member(row: Any) -> Member:  # noqa: ANN401 (a row of either kind)
    return Member(row.host_key, row.host_name, _place(row), _swarm(row.record))


def _place(row: Any) -> Place:  # noqa: ANN401 (a row of either kind)
    return Place(row.swarm_id, row.node_id, row.address, row.listen, row.data_path, row.remote)


def _swarm(text: str) -> Swarm | None:
    members = orjson.loads(text)
    return None if members is None else swarm_from(members)
