"""Reading what a container printed."""

from dataclasses import dataclass

from hnsemu.docker.domain.containers import Status
from hnsemu.docker.domain.logs import LogLine
from hnsemu.docker.services.containers.queries import found
from hnsemu.docker.services.events import Place, has_ended, place_behind
from hnsemu.docker.storage import logs
from hnsemu.storage.transaction import Transaction, reads


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where a reader of a container's lines stands."""

    place: Place
    container_key: int
    container_id: str
    has_console: bool


@reads
def begin(tx: Transaction, reference: str, tail: int | None) -> LogPlace:
    """Return the place in front of the last `tail` lines, of all for None.

    Raises: DockerError 404.
    """
    container = found(tx, reference)
    number = 0 if tail is None else logs.number_before(tx, container.key, tail)
    if tail == 0:
        number = logs.last_number(tx, container.key)
    place = place_behind(tx, number)
    return LogPlace(place, container.key, container.id, bool(container.config["Tty"]))


@reads
def next_lines(tx: Transaction, place: LogPlace) -> tuple[list[LogLine], bool]:
    """Return the next lines behind a place, and whether the container still runs.

    There are none of a container that was removed, nor of a daemon that has ended.
    """
    status = logs.status_of(tx, place.container_key, place.container_id)
    if status is None or has_ended(tx, place.place):
        return [], False
    lines = logs.after(tx, place.container_key, place.place.number)
    return lines, status is Status.RUNNING
