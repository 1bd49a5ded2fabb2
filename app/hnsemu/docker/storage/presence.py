"""Which containers and networks of those that calls made the daemon still has."""

from collections.abc import Mapping, Sequence

from hnsemu.docker.storage.tables import docker_containers, docker_networks
from hnsemu.storage.objects import names_in
from hnsemu.storage.transaction import Transaction

_TABLES = {"container": docker_containers, "docker network": docker_networks}


def present(tx: Transaction, kind: str, ids: Sequence[str]) -> Mapping[str, str]:
    """Return the names of those objects of a kind that have these ids. kind: as in the journal."""
    return names_in(tx, _TABLES[kind], ids)
