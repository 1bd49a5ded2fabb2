"""Following what happens on a host: its events, and what its containers print."""

from collections.abc import Sequence
from dataclasses import dataclass

from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.events import Event
from hnsemu.docker.services.containers import processes
from hnsemu.docker.services.containers.happenings import happened
from hnsemu.docker.services.containers.queries import found
from hnsemu.docker.storage import daemons, events
from hnsemu.storage.transaction import Transaction, reads, writes


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader of events stands.

    host_key: of the host whose commits wake it.
    started:  when the daemon started, FILETIME; its streams end with it.
    """

    host_key: int
    started: int
    number: int


@dataclass(frozen=True, slots=True)
class ContainerPlace:
    """Where a reader of one container's events stands, and how the container was then.

    takes_keys:  whether what clients type on its console reaches it.
    reads_input: whether its own command is a shell that one types into.
    """

    place: Place
    container_id: str
    container_key: int
    is_running: bool
    exit_code: int
    has_console: bool
    takes_keys: bool
    reads_input: bool


@reads
def newest(tx: Transaction) -> Place:
    """Return the place behind the newest event."""
    return place_behind(tx, events.last_number(tx))


@reads
def oldest(tx: Transaction) -> Place:
    """Return the place in front of the oldest event that dockerd shows."""
    return place_behind(tx, events.last_number_hidden(tx))


def place_behind(tx: Transaction, number: int) -> Place:
    """Return the place behind a number, of the daemon that runs now."""
    return Place(tx.host.key, daemons.started(tx, tx.host.key), number)


def has_ended(tx: Transaction, place: Place) -> bool:
    """Tell whether the daemon of a reader has ended: with its host, at a reset or at a restart."""
    return daemons.started(tx, place.host_key) != place.started


@reads
def newest_of_container(tx: Transaction, reference: str) -> ContainerPlace:
    """Return the place behind the newest event, for a reader of one container.

    Raises: DockerError 404.
    """
    return _place_of(tx, found(tx, reference))


@writes
def attach(tx: Transaction, reference: str) -> ContainerPlace:
    """Note that a client attaches to a container; return the place behind that, for its reader.

    Raises: DockerError 404.
    """
    container = found(tx, reference)
    events.append(tx, happened(container, "attach"))
    return _place_of(tx, container)


@writes
def detach(tx: Transaction, container_id: str) -> None:
    """Note that a client left the console of a container by its keys.

    Raises: DockerError 404.
    """
    events.append(tx, happened(found(tx, container_id), "detach"))


def _place_of(tx: Transaction, container: DockerContainer) -> ContainerPlace:
    return ContainerPlace(
        place_behind(tx, events.last_number(tx)),
        container.id,
        container.key,
        container.is_running,
        container.exit_code,
        container.has_console,
        container.has_console and bool(container.config["OpenStdin"]),
        bool(processes.own_shell(container)),
    )


@reads
def next_events(tx: Transaction, place: Place) -> Sequence[Event] | None:
    """Return the next events behind a place, oldest first; not all, when there are many.

    None when the daemon has ended.
    """
    if has_ended(tx, place):
        return None
    return events.after(tx, place.host_key, place.number)
