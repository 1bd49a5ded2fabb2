"""Rows of the files that clients put into containers; contents are text in Base64."""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import delete, insert, select

from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.files import File, Kind
from hnsemu.docker.storage.tables import docker_containers, docker_files
from hnsemu.storage.transaction import Transaction

_f = docker_files.c


def of_container(tx: Transaction, container: DockerContainer) -> list[File]:
    """Return the files of a container."""
    query = select(docker_files).where(_f.container_key == container.key).order_by(_f.key)
    return [_file(row) for row in tx.connection.execute(query)]


def of_containers(tx: Transaction) -> Iterator[list[File]]:
    """Yield the files of each container of the host that has some."""
    query = (
        select(docker_files)
        .join(docker_containers, docker_containers.c.key == _f.container_key)
        .where(docker_containers.c.host_key == tx.host.key)
        .order_by(_f.container_key, _f.key)
    )
    rows = tx.connection.execute(query)
    for _, own in groupby(rows, key=attrgetter("container_key")):
        yield [_file(row) for row in own]


def replace(
    tx: Transaction, container: DockerContainer, old: Sequence[File], new: Sequence[File]
) -> None:
    """Keep `new` in the place of `old`; what has a row and is in both stays as it is."""
    kept = {file.key for file in new if file.key}
    gone = [file.key for file in old if file.key not in kept]
    if gone:
        tx.connection.execute(delete(docker_files).where(_f.key.in_(gone)))
    rows = [
        {
            "container_key": container.key,
            "path": file.path,
            "kind": file.kind,
            "content": b64encode(file.content).decode(),
            "modified": file.modified,
            "read_only": file.is_read_only,
            "target": file.target,
        }
        for file in new
        if not file.key
    ]
    if rows:
        tx.connection.execute(insert(docker_files), rows)


def _file(row: Any) -> File:  # noqa: ANN401 (a row)
    return File(
        row.path,
        Kind(row.kind),
        b64decode(row.content, validate=True),
        row.modified,
        bool(row.read_only),
        row.target,
        row.key,
    )
