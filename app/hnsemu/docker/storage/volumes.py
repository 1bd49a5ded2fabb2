"""Rows of volumes."""

import json

from sqlalchemy import delete, insert, select

from hnsemu.docker.domain.volumes import Volume
from hnsemu.docker.storage.tables import docker_volumes
from hnsemu.storage.transaction import Transaction

_v = docker_volumes.c


def all_of(tx: Transaction) -> list[Volume]:
    """Return the volumes by name."""
    query = select(docker_volumes).where(_v.host_key == tx.host.key).order_by(_v.name)
    return [
        Volume(row.name, row.created, json.loads(row.labels))
        for row in tx.connection.execute(query)
    ]


def find(tx: Transaction, name: str) -> Volume | None:
    """Return the volume of a name, None without it."""
    return next((volume for volume in all_of(tx) if volume.name == name), None)


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
    tx.connection.execute(insert(docker_volumes).values(row))


def remove(tx: Transaction, name: str) -> None:
    """Forget a volume."""
    tx.connection.execute(delete(docker_volumes).where(_v.host_key == tx.host.key, _v.name == name))
