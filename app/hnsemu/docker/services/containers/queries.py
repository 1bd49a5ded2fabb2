"""Reading containers: list, inspect, and who is meant by a name or a part of an id."""

from dataclasses import dataclass

from hnsemu.docker.domain.container_filters import check_filters, is_wanted
from hnsemu.docker.domain.containers import DockerContainer, Status
from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.ids import is_prefix
from hnsemu.docker.errors import BAD_REQUEST, NOT_FOUND, DockerError
from hnsemu.docker.schema.container_views import (
    inspect_document,
    listed_document,
    summary_document,
)
from hnsemu.docker.storage import containers, execs
from hnsemu.storage.transaction import Transaction, reads


@dataclass(frozen=True, slots=True)
class Selection:
    """Which containers a list shows. limit: 0 or less for all; docker-py sends -1."""

    filters: Filters
    all: bool = False
    limit: int = 0

    @property
    def shows_all(self) -> bool:
        """Tell whether it shows those that do not run, too."""
        asks = self.filters.is_given("status") or self.filters.is_given("exited")
        return self.all or self.limit > 0 or asks


@reads
def list_containers(tx: Transaction, selection: Selection) -> list[dict[str, object]]:
    """Return the containers that are wanted, newest first.

    Raises: DockerError 400 for an unknown filter, 404 for a container that a filter names.
    """
    check_filters(selection.filters)
    last = selection.limit if selection.limit > 0 else None
    if not selection.filters.values:
        listed = [
            container
            for container in containers.listed(tx)
            if selection.shows_all or container.status is Status.RUNNING
        ][:last]
        if all(container.summary for container in listed):
            return [listed_document(container, tx.now) for container in listed]
    return [summary_document(container, tx.now) for container in _wanted(tx, selection)[:last]]


def _wanted(tx: Transaction, selection: Selection) -> list[DockerContainer]:
    """Return the containers that the filters let pass, with all that filters look at."""
    filters = selection.filters
    before, since = (_bound(tx, filters, name) for name in ("before", "since"))
    return [
        container
        for container in containers.all_of(tx, running=not selection.shows_all)
        if is_wanted(container, filters)
        and (before is None or container.key < before.key)
        and (since is None or container.key > since.key)
    ]


@reads
def inspect_container(tx: Transaction, reference: str) -> dict[str, object]:
    """Return the container that a name, an id or the beginning of an id means.

    Raises: DockerError 404, 400 for several.
    """
    container = found(tx, reference)
    return inspect_document(container, execs.running_of(tx, container))


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


def _bound(tx: Transaction, filters: Filters, name: str) -> DockerContainer | None:
    references = filters.of(name)
    return found(tx, references[0]) if references else None
