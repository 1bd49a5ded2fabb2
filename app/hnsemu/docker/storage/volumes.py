"""Rows of volumes."""

import json
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from hnsemu.docker.domain.volumes import Volume
from hnsemu.docker.storage.tables import docker_volumes
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.transaction import Transaction

_v = docker_volumes.c

_WITH_NAME = Prepared(
    select(docker_volumes).where(_v.host_key == bindparam("host"), _v.name == bindparam("wanted"))
)
_INSERT = Prepared(insert(docker_volumes), ("host_key", "name", "created", "labels", "options"))


def all_of(tx: Transaction) -> list[Volume]:
    """Return the volumes by name."""
    query = select(docker_volumes).where(_v.host_key == tx.host.key).order_by(_v.name)
    return [_volume(row) for row in tx.connection.execute(query)]


def find(tx: Transaction, name: str) -> Volume | None:
    """Return the volume of a name, None without it."""
    row = _WITH_NAME.row(tx.connection, {"host": tx.host.key, "wanted": name})
    return None if row is None else _volume(row)


def create(tx: Transaction, volume: Volume) -> None:
    """Keep a new volume."""
    labels = None if volume.labels is None else dict(volume.labels)
    row = {
        "host_key": tx.host.key,
        "name": volume.name,
        "created": volume.created,
        "labels": json.dumps(labels),
        "options": "null",
    }
    _INSERT.run(tx.connection, row)


def remove(tx: Transaction, name: str) -> None:
    """Forget a volume."""
    tx.connection.execute(delete(docker_volumes).where(_v.host_key == tx.host.key, _v.name == name))


def _volume(row: Any) -> Volume:  # noqa: ANN401 (a row of either kind)
    return Volume(row.name, row.created, json.loads(row.labels))
