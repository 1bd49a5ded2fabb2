"""A swarm's settings and tokens."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hnsemu.docker.domain.swarm_joining import merged
from hnsemu.docker.domain.swarm_nodes import check_version
from hnsemu.docker.domain.swarms import digest_of, new_token
from hnsemu.docker.errors import CONFLICT, DockerError
from hnsemu.docker.schema.swarms import swarm_document
from hnsemu.docker.services.swarm_records import managed
from hnsemu.docker.storage import swarms
from hnsemu.storage.transaction import Transaction, reads, writes


@reads
def inspect_swarm(tx: Transaction) -> dict[str, object]:
    """Return the swarm that the host manages, with its tokens.

    Raises: DockerError 503.
    """
    return swarm_document(managed(tx))


@writes
def update_swarm(
    tx: Transaction,
    version: int,
    spec: Mapping[str, Any],
    *,
    rotates_worker: bool,
    rotates_manager: bool,
) -> None:
    """Give the swarm other settings, and other tokens if wanted.

    version: of the swarm as the client knows it.
    Raises: DockerError 400, 500 where somebody else was faster, 501, 503.
    """
    swarm = managed(tx)
    settings = merged(swarm.spec, spec)
    check_version(version, swarm.changed)
    digest = digest_of(swarm.worker_token)
    worker, manager = (
        new_token(tx.source, digest) if rotates else token
        for rotates, token in (
            (rotates_worker, swarm.worker_token),
            (rotates_manager, swarm.manager_token),
        )
    )
    changed = replace(
        swarm,
        spec=settings,
        worker_token=worker,
        manager_token=manager,
        version=swarm.version + 1,
        changed=swarm.version + 1,
        updated=tx.now,
    )
    swarms.save(tx, changed)


@reads
def get_unlock_key(tx: Transaction) -> str:
    """Return the key that unlocks managers: none, as none is locked.

    Raises: DockerError 503.
    """
    managed(tx)
    return ""


@reads
def unlock_swarm(tx: Transaction) -> None:
    """Refuse to unlock what is not locked.

    Raises: DockerError 409, 503.
    """
    managed(tx)
    raise DockerError(CONFLICT, "swarm is not locked")


@reads
def check_manager(tx: Transaction) -> None:
    """Refuse a host that manages no swarm.

    Raises: DockerError 503.
    """
    managed(tx)
