"""Containers kept, with what lists show of them."""

from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.schema.container_views import summary_text
from hnsemu.docker.storage import containers
from hnsemu.storage.transaction import Transaction


def keep_new(tx: Transaction, container: DockerContainer) -> None:
    """Keep a new container, inside another use case."""
    containers.create(tx, container, summary_text(container))


def keep(tx: Transaction, container: DockerContainer) -> None:
    """Keep the state and the connections of a container, inside another use case."""
    containers.save(tx, container, summary_text(container))
