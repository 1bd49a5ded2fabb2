"""Which containers and networks of those that calls made the daemon still has."""

from collections.abc import Iterable, Sequence

from hnsemu.docker.storage.tables import docker_containers, docker_networks
from hnsemu.storage.objects import existing_in
from hnsemu.storage.transaction import Transaction

_TABLES = {"container": docker_containers, "docker network": docker_networks}


def present(tx: Transaction, kind: str, ids: Sequence[str]) -> Iterable[str]:
    """Return those ids that objects of a kind have, in the words of the journal."""
    return existing_in(tx, _TABLES[kind], ids)
