"""Reading containers: list and inspect, with the health that their checks find."""

from collections.abc import Iterable
from dataclasses import dataclass

from hnsemu.docker.domain.container_filters import check_filters, is_wanted
from hnsemu.docker.domain.containers import DockerContainer, ListedContainer, Status
from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.health import HealthStatus
from hnsemu.docker.errors import DockerError
from hnsemu.docker.schema.container_views import (
    PROBED,
    inspect_document,
    listed_document,
    status_text,
    summary_document,
)
from hnsemu.docker.services import images
from hnsemu.docker.services.containers.health import health_of
from hnsemu.docker.services.containers.queries import found
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
            return with_images(tx, (_listed(tx, container) for container in listed))
    return with_images(
        tx,
        (
            summary_document(container, tx.now, health_of(tx, container))
            for container in _wanted(tx, selection)[:last]
        ),
    )


def with_images(tx: Transaction, documents: Iterable[dict[str, object]]) -> list[dict[str, object]]:
    """Return containers of lists with the id of an image that is not called as it was any more.

    Source: refreshImage in moby daemon/list.go [C].
    """
    meant: dict[str, str] = {}
    shown = []
    for document in documents:
        name, image_id = str(document["Image"]), str(document["ImageID"])
        if name not in meant:
            meant[name] = _id_of(tx, name)
        shown.append(document if meant[name] == image_id else {**document, "Image": image_id})
    return shown


def _id_of(tx: Transaction, name: str) -> str:
    try:
        return images.found(tx, name).id
    except DockerError:
        return ""


def _wanted(tx: Transaction, selection: Selection) -> list[DockerContainer]:
    """Return the containers that the filters let pass, with all that filters look at."""
    filters = selection.filters
    before, since = (_bound(tx, filters, name) for name in ("before", "since"))
    return [
        container
        for container in containers.all_of(tx, running=not selection.shows_all)
        if is_wanted(container, filters)
        and _has_health(tx, container, filters)
        and (before is None or container.key < before.key)
        and (since is None or container.key > since.key)
    ]


@reads
def inspect_container(tx: Transaction, reference: str) -> dict[str, object]:
    """Return the container that a name, an id or the beginning of an id means.

    Raises: DockerError 404, 400 for several.
    """
    container = found(tx, reference)
    running = execs.running_of(tx, container)
    return inspect_document(container, running, health_of(tx, container))


def _listed(tx: Transaction, container: ListedContainer) -> dict[str, object]:
    """Return a container as lists show it; one with a health check is looked at."""
    document = listed_document(container, tx.now)
    if document.pop(PROBED, False) and container.status is Status.RUNNING:
        probed = found(tx, str(document["Id"]))
        document["Status"] = status_text(probed, tx.now, health_of(tx, probed))
    return document


def _has_health(tx: Transaction, container: DockerContainer, filters: Filters) -> bool:
    if not filters.is_given("health"):
        return True
    health = health_of(tx, container)
    return filters.exact("health", health.status if health else HealthStatus.NONE)


def _bound(tx: Transaction, filters: Filters, name: str) -> DockerContainer | None:
    references = filters.of(name)
    return found(tx, references[0]) if references else None
