"""Which containers and networks of those that calls made the daemon still has."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from hnsemu.docker.storage.tables import docker_containers, docker_networks
from hnsemu.storage.chunks import chunks
from hnsemu.storage.transaction import Transaction

_TABLES = {"container": docker_containers, "docker network": docker_networks}


def present(tx: Transaction, kind: str, ids: Sequence[str]) -> Iterable[str]:
    """Yield those ids that objects of a kind have, in the words of the journal."""
    table = _TABLES[kind]
    for chunk in chunks(ids):
        query = select(table.c.id).where(table.c.host_key == tx.host.key, table.c.id.in_(chunk))
        yield from tx.connection.execute(query).scalars()
