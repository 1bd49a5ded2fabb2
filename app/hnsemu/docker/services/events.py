"""Following what happens on a host: its events, and what its containers print."""

from collections.abc import Sequence
from dataclasses import dataclass

from hnsemu.docker.domain.events import Event
from hnsemu.docker.services.containers.queries import found
from hnsemu.docker.storage import events
from hnsemu.storage.transaction import Transaction, reads


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader of events stands. host_key: of the host whose commits wake it."""

    host_key: int
    number: int


@dataclass(frozen=True, slots=True)
class ContainerPlace:
    """Where a reader of one container's events stands, and how the container was then."""

    place: Place
    container_id: str
    container_key: int
    is_running: bool
    exit_code: int
    has_console: bool


@reads
def newest(tx: Transaction) -> Place:
    """Return the place behind the newest event."""
    return Place(tx.host.key, events.last_number(tx))


@reads
def newest_of_container(tx: Transaction, reference: str) -> ContainerPlace:
    """Return the place behind the newest event, for a reader of one container.

    Raises: DockerError 404.
    """
    container = found(tx, reference)
    return ContainerPlace(
        Place(tx.host.key, events.last_number(tx)),
        container.id,
        container.key,
        container.is_running,
        container.exit_code,
        bool(container.config["Tty"]),
    )


@reads
def next_events(tx: Transaction, number: int) -> Sequence[Event]:
    """Return the next events behind a number, oldest first; not all, when there are many."""
    return events.after(tx, number)
