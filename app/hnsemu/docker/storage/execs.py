"""Rows of commands that run in containers beside their own."""

import json
from typing import Any

from sqlalchemy import case, insert, literal, or_, select, update

from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.execs import Exec
from hnsemu.docker.storage.tables import docker_containers, docker_execs
from hnsemu.storage.transaction import Transaction

_x = docker_execs.c

_EXECS = select(docker_execs, docker_containers.c.id.label("container_id")).join(
    docker_containers, docker_containers.c.key == _x.container_key
)


def create(
    tx: Transaction, container: DockerContainer, exec_id: str, config: dict[str, Any]
) -> None:
    """Keep a command that is to be run."""
    row = {
        "host_key": tx.host.key,
        "container_key": container.key,
        "id": exec_id,
        "config": json.dumps(config),
    }
    tx.connection.execute(insert(docker_execs).values(row))


def find(tx: Transaction, exec_id: str) -> Exec | None:
    """Return the command of an id, None without it."""
    query = _EXECS.where(_x.host_key == tx.host.key, _x.id == exec_id)
    row = tx.connection.execute(query).first()
    return None if row is None else _exec(row)


def save(tx: Transaction, command: Exec, *, running: bool, exit_code: int | None, pid: int) -> None:
    """Keep how far a command is."""
    values = {"running": running, "exit_code": exit_code, "pid": pid}
    tx.connection.execute(update(docker_execs).where(_x.key == command.key).values(values))


def end_all(tx: Transaction, container: DockerContainer, exit_code: int) -> None:
    """Note that what ran in a container ended with it, also what a client had left."""
    runs = _x.running.is_(True)
    code = case((runs, literal(exit_code, _x.exit_code.type)), else_=_x.exit_code)
    tx.connection.execute(
        update(docker_execs)
        .where(_x.container_key == container.key, or_(runs, _x.pid != 0))
        .values(running=False, exit_code=code, pid=0)
    )


def running_of(tx: Transaction, container: DockerContainer) -> list[str]:
    """Return the ids of the commands that run in a container."""
    query = select(_x.id).where(_x.container_key == container.key, _x.running.is_(True))
    return list(tx.connection.execute(query.order_by(_x.key)).scalars())


def left_of(tx: Transaction, container: DockerContainer) -> list[str]:
    """Return the ids of the commands in a container that run on without the client that left."""
    query = select(_x.id).where(
        _x.container_key == container.key, _x.running.is_(False), _x.pid != 0
    )
    return list(tx.connection.execute(query.order_by(_x.key)).scalars())


def alive_in(tx: Transaction, container: DockerContainer) -> list[Exec]:
    """Return the commands whose processes are in a container, with a client or without."""
    query = _EXECS.where(_x.container_key == container.key, _x.pid != 0)
    return [_exec(row) for row in tx.connection.execute(query.order_by(_x.key))]


def _exec(row: Any) -> Exec:  # noqa: ANN401 (a row)
    config = json.loads(row.config)
    return Exec(
        row.id, row.container_id, config, bool(row.running), row.exit_code, row.pid, row.key
    )
