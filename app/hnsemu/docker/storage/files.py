"""Rows of the files that clients put into containers; contents are text in Base64."""

from base64 import b64decode, b64encode
from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.files import File, Kind
from hnsemu.docker.storage.tables import docker_files
from hnsemu.storage.transaction import Transaction

_f = docker_files.c


def of_container(tx: Transaction, container: DockerContainer) -> list[File]:
    """Return the files of a container."""
    query = select(docker_files).where(_f.container_key == container.key).order_by(_f.key)
    return [
        File(
            row.path,
            Kind(row.kind),
            b64decode(row.content, validate=True),
            row.modified,
            bool(row.read_only),
            row.target,
            row.key,
        )
        for row in tx.connection.execute(query)
    ]


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
