"""Lines that containers printed."""

from collections.abc import Sequence

from sqlalchemy import func, insert, select

from hnsemu.docker.domain.containers import DockerContainer, Status
from hnsemu.docker.domain.logs import STDOUT, LogLine
from hnsemu.docker.storage.tables import docker_containers, docker_logs
from hnsemu.storage.transaction import Transaction

PAGE = 100

_l = docker_logs.c


def append(
    tx: Transaction, container: DockerContainer, lines: Sequence[str], stream: int = STDOUT
) -> None:
    """Keep lines that a container prints now."""
    if lines:
        tx.connection.execute(
            insert(docker_logs),
            [
                {"container_key": container.key, "time": tx.now, "stream": stream, "line": line}
                for line in lines
            ],
        )


def after(tx: Transaction, container_key: int, number: int) -> list[LogLine]:
    """Return the next lines behind `number`, oldest first, at most `PAGE`."""
    query = (
        select(docker_logs)
        .where(_l.container_key == container_key, _l.key > number)
        .order_by(_l.key)
        .limit(PAGE)
    )
    return [
        LogLine(row.key, row.time, row.stream, row.line) for row in tx.connection.execute(query)
    ]


def last_number(tx: Transaction, container_key: int) -> int:
    """Return the number of the newest line, 0 without one."""
    query = select(func.max(_l.key)).where(_l.container_key == container_key)
    return tx.connection.execute(query).scalar_one() or 0


def number_before(tx: Transaction, container_key: int, lines: int) -> int:
    """Return the number of the line in front of the last `lines`, 0 when there are not so many."""
    query = (
        select(_l.key)
        .where(_l.container_key == container_key)
        .order_by(_l.key.desc())
        .offset(lines)
        .limit(1)
    )
    return tx.connection.execute(query).scalar_one_or_none() or 0


def status_of(tx: Transaction, container_key: int, container_id: str) -> Status | None:
    """Return how the container stands, None for one that is gone, whose key may be another's."""
    c = docker_containers.c
    query = select(c.status).where(c.key == container_key, c.id == container_id)
    status = tx.connection.execute(query).scalar_one_or_none()
    return None if status is None else Status(status)
