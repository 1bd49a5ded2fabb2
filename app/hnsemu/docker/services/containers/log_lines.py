"""Reading what a container printed."""

from dataclasses import dataclass

from hnsemu.docker.domain.logs import LogLine
from hnsemu.docker.services.containers.queries import found
from hnsemu.docker.storage import logs
from hnsemu.storage.transaction import Transaction, reads


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where a reader of a container's lines stands."""

    host_key: int
    container_key: int
    number: int
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
    return LogPlace(tx.host.key, container.key, number, bool(container.config["Tty"]))


@reads
def next_lines(tx: Transaction, place: LogPlace) -> tuple[list[LogLine], bool]:
    """Return the next lines behind a place, and whether the container still runs."""
    return logs.after(tx, place.container_key, place.number), logs.is_open(tx, place.container_key)
