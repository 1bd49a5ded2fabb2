"""Who is meant by a name or a part of an id of a container."""

from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.ids import is_prefix
from hnsemu.docker.errors import BAD_REQUEST, CONFLICT, NOT_FOUND, DockerError
from hnsemu.docker.storage import containers
from hnsemu.storage.transaction import Transaction, reads


@reads
def get_container(tx: Transaction, reference: str) -> DockerContainer:
    """Return the container that a name, an id or the beginning of an id means.

    Raises: DockerError 404, 400 for several.
    """
    return found(tx, reference)


def found(tx: Transaction, reference: str) -> DockerContainer:
    """Return the container inside another use case: full id, then full name, then part of an id.

    Raises: DockerError 404, 400 for several. Source: docker.md section 6 [C].
    """
    name = reference.removeprefix("/")
    container = containers.meant(tx, reference, name)
    if container is not None:
        return container
    candidates = containers.with_prefix(tx, reference) if is_prefix(reference) else []
    if len(candidates) > 1:
        raise DockerError(BAD_REQUEST, f"multiple IDs found with provided prefix: {reference}")
    if not candidates:
        raise DockerError(NOT_FOUND, f"No such container: {reference}")
    return candidates[0]


def running(tx: Transaction, reference: str) -> DockerContainer:
    """Return the container that is meant inside another use case, as `found`, if it runs.

    Raises: DockerError 404, 400 for several, 409 for one that does not run.
    """
    container = found(tx, reference)
    if not container.is_running:
        raise DockerError(CONFLICT, f"container {container.id} is not running")
    return container


def network_owner(tx: Transaction, container: DockerContainer) -> DockerContainer:
    """Return the container whose network this one uses: itself unless it shares another's.

    Where that one is gone it is itself, too, without endpoints.
    """
    if not container.shares_with:
        return container
    try:
        return found(tx, container.shares_with)
    except DockerError:
        return container
