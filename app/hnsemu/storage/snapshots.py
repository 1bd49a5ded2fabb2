"""Rows of snapshots: named states of a host, kept beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from sqlalchemy import bindparam, delete, func, insert, select

from hnsemu.domain.state.shapes import Json
from hnsemu.storage.tables import snapshots
from hnsemu.storage.transaction import Transaction

_c = snapshots.c
_OF_HOST = _c.host_key == bindparam("host")
_NAMED = select(_c.state).where(_OF_HOST, _c.name == bindparam("name"))
_ALL = (
    select(_c.name, _c.created, _c.networks, _c.endpoints, func.length(_c.state).label("size"))
    .where(_OF_HOST)
    .order_by(_c.key)
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot without its state. size: characters of the state as JSON."""

    name: str
    created: int
    networks: int
    endpoints: int
    size: int


def all_of(tx: Transaction) -> list[Snapshot]:
    """Return the snapshots of the host, oldest first."""
    rows = tx.connection.execute(_ALL, {"host": tx.host.key})
    return [Snapshot(row.name, row.created, row.networks, row.endpoints, row.size) for row in rows]


def find(tx: Transaction, name: str) -> dict[str, Json] | None:
    """Return the state that was saved under a name, None without one."""
    text = tx.connection.execute(_NAMED, {"host": tx.host.key, "name": name}).scalar_one_or_none()
    found: dict[str, Json] | None = None if text is None else orjson.loads(text)
    return found


def save(tx: Transaction, name: str, state: Mapping[str, Json]) -> bool:
    """Keep a state under a name, in place of the one that has it; tell whether there was none."""
    is_new = not remove(tx, name)
    row = {
        "host_key": tx.host.key,
        "name": name,
        "created": tx.now,
        "networks": len(state.get("networks", ())),
        "endpoints": len(state.get("endpoints", ())),
        "state": orjson.dumps(state, option=orjson.OPT_SORT_KEYS).decode(),
    }
    tx.connection.execute(insert(snapshots), row)
    return is_new


def remove(tx: Transaction, name: str) -> bool:
    """Forget a snapshot; tell whether there was one."""
    gone = delete(snapshots).where(_OF_HOST, _c.name == bindparam("snapshot"))
    removed = tx.connection.execute(gone, {"host": tx.host.key, "snapshot": name})
    return bool(removed.rowcount)
