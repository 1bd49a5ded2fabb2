"""Use cases of volumes: names that containers mention, without files."""

from collections.abc import Mapping

from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.events import VOLUME, Event
from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.ids import new_id
from hnsemu.docker.domain.volumes import (
    ANONYMOUS,
    DRIVER,
    LISTED_BY,
    PRUNED_BY,
    Volume,
    check_unused,
    check_volume,
    no_such_volume,
    normalised,
    volumes_of,
)
from hnsemu.docker.schema.volumes import volume_document
from hnsemu.docker.storage import containers, events, volumes
from hnsemu.storage.transaction import Transaction, reads, writes


@writes
def create_volume(
    tx: Transaction,
    name: str,
    driver: str,
    options: Mapping[str, str] | None,
    labels: Mapping[str, str] | None,
) -> dict[str, object]:
    """Create a volume, or return the one that has the name; "" is an anonymous one.

    Raises: DockerError 400, 404.
    """
    if not name:
        name, labels = new_id(tx.source), {**(labels or {}), ANONYMOUS: ""}
    check_volume(name, driver, options)
    return volume_document(_ensure(tx, normalised(name), labels))


@reads
def list_volumes(tx: Transaction, filters: Filters) -> list[dict[str, object]]:
    """Return the volumes that the filters let pass, by name.

    Raises: DockerError 400.
    """
    filters.check(LISTED_BY)
    used = _users(tx) if filters.is_given("dangling") else {}
    dangling = filters.flag("dangling")
    return [
        volume_document(volume)
        for volume in volumes.all_of(tx)
        if filters.matches("name", volume.name)
        and filters.exact("driver", DRIVER)
        and filters.labels(volume.labels or {})
        and (not filters.is_given("dangling") or dangling is (volume.name not in used))
    ]


@reads
def inspect_volume(tx: Transaction, name: str) -> dict[str, object]:
    """Return a volume.

    Raises: DockerError 404.
    """
    volume = volumes.find(tx, normalised(name))
    if volume is None:
        raise no_such_volume(name)
    return volume_document(volume)


@writes
def remove_volume(tx: Transaction, name: str, *, force: bool) -> None:
    """Remove a volume that no container uses.

    force: whether a missing one is no fault.
    Raises: DockerError 404, 409.
    """
    volume = volumes.find(tx, normalised(name))
    if volume is None:
        if force:
            return
        raise no_such_volume(name)
    check_unused(volume.name, _users(tx).get(volume.name, ()))
    _remove(tx, volume)


@writes
def prune_volumes(tx: Transaction, filters: Filters, *, default_all: bool) -> list[str]:
    """Remove the volumes that no container uses, and return their names.

    default_all: whether named ones go, too, unless a filter says otherwise.
    Raises: DockerError 400.
    """
    filters.check(PRUNED_BY)
    takes_all = filters.flag("all", default=default_all)
    used = _users(tx)
    pruned = [
        volume
        for volume in volumes.all_of(tx)
        if volume.name not in used
        and (takes_all or ANONYMOUS in (volume.labels or {}))
        and filters.labels(volume.labels or {})
        and filters.without_labels(volume.labels or {})
    ]
    for volume in pruned:
        _remove(tx, volume)
    events.append(tx, Event(VOLUME, "prune", "", {"reclaimed": "0"}))
    return [volume.name for volume in pruned]


def ensure_volumes(tx: Transaction, names: Mapping[str, bool]) -> None:
    """Create the volumes that a new container mentions, inside another use case.

    names: whether nobody named each, as `volumes_of` returns them.
    Raises: DockerError 400 for a name that no volume can have.
    """
    for name in names:
        check_volume(name, DRIVER, None)
    missing = [
        Volume(name, tx.now, {ANONYMOUS: ""} if names[name] else None)
        for name in sorted(names)
        if volumes.find(tx, name) is None
    ]
    _create(tx, *missing)


def remove_anonymous(tx: Transaction, container: DockerContainer) -> None:
    """Remove the volumes of a container that nobody named and no other uses, in a use case."""
    unnamed = [name for name, is_anonymous in volumes_of(container.mounts).items() if is_anonymous]
    users = _users(tx) if unnamed else {}
    for name in unnamed:
        volume = volumes.find(tx, name)
        if volume is not None and not set(users.get(name, ())) - {container.id}:
            _remove(tx, volume)


def _ensure(tx: Transaction, name: str, labels: Mapping[str, str] | None) -> Volume:
    existing = volumes.find(tx, name)
    if existing is not None:
        return existing
    volume = Volume(name, tx.now, labels)
    _create(tx, volume)
    return volume


def _create(tx: Transaction, *new: Volume) -> None:
    for volume in new:
        volumes.create(tx, volume)
    events.append(tx, *(Event(VOLUME, "create", volume.name, {"driver": DRIVER}) for volume in new))


def _remove(tx: Transaction, volume: Volume) -> None:
    volumes.remove(tx, volume.name)
    events.append(tx, Event(VOLUME, "destroy", volume.name, {"driver": DRIVER}))


def _users(tx: Transaction) -> dict[str, list[str]]:
    """Return the ids of the containers that use each volume."""
    users: dict[str, list[str]] = {}
    for container in containers.all_of(tx):
        for name in volumes_of(container.mounts):
            users.setdefault(name, []).append(container.id)
    return users
