"""How many containers and images a daemon has."""

from sqlalchemy import Table, func, select, text

from hnsemu.docker.domain.census import Census
from hnsemu.docker.storage.tables import STARTED, docker_containers, docker_images
from hnsemu.storage.transaction import Transaction


def count(tx: Transaction) -> Census:
    """Count containers by what they do, and images."""
    status = docker_containers.c.status
    started = (
        select(status, func.count())
        .where(docker_containers.c.host_key == tx.host.key, text(STARTED))
        .group_by(status)
    )
    found = {name: int(number) for name, number in tx.connection.execute(started)}
    running, paused = found.get("running", 0), found.get("paused", 0)
    others = _number(tx, docker_containers) - running - paused
    return Census(running, paused, others, _number(tx, docker_images))


def _number(tx: Transaction, table: Table) -> int:
    of_host = select(func.count()).where(table.c.host_key == tx.host.key)
    return int(tx.connection.execute(of_host).scalar_one())
