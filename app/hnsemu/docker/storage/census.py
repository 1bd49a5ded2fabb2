"""How many containers and images a daemon has."""

from sqlalchemy import func, select

from hnsemu.docker.domain.census import Census
from hnsemu.docker.storage.tables import docker_containers, docker_images
from hnsemu.storage.transaction import Transaction


def count(tx: Transaction) -> Census:
    """Count containers by what they do, and images."""
    of_host = docker_containers.c.host_key == tx.host.key
    by_status = select(docker_containers.c.status, func.count()).where(of_host)
    found = {
        status: int(number)
        for status, number in tx.connection.execute(by_status.group_by(docker_containers.c.status))
    }
    images = select(func.count()).where(docker_images.c.host_key == tx.host.key)
    running, paused = found.pop("running", 0), found.pop("paused", 0)
    return Census(
        running, paused, sum(found.values()), int(tx.connection.execute(images).scalar_one())
    )
