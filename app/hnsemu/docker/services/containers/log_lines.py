"""Reading what a container printed."""

from dataclasses import dataclass, replace

from hnsemu.docker.domain.containers import Status
from hnsemu.docker.domain.events import printed_lines
from hnsemu.docker.domain.logs import STDOUT, LogLine
from hnsemu.docker.services.containers.queries import found
from hnsemu.docker.services.events import Place, has_ended, place_behind
from hnsemu.docker.storage import events, logs
from hnsemu.storage.transaction import Transaction, reads


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where a reader of a container's lines stands.

    number: of the last line that was read. place: behind the events that were there then.
    """

    number: int
    place: Place
    container_key: int
    container_id: str
    has_console: bool


@dataclass(frozen=True, slots=True)
class LogPage:
    """The next lines, and the place behind them.

    is_running: whether the container runs. is_gone: whether it was removed, or its daemon ended.
    """

    lines: list[LogLine]
    place: LogPlace
    is_running: bool = False
    is_gone: bool = False


@reads
def begin(tx: Transaction, reference: str, tail: int | None) -> LogPlace:
    """Return the place in front of the last `tail` lines, of all for None.

    Raises: DockerError 404.
    """
    container = found(tx, reference)
    number = 0 if tail is None else logs.number_before(tx, container.key, tail)
    if tail == 0:
        number = logs.last_number(tx, container.key)
    place = place_behind(tx, events.last_number(tx))
    return LogPlace(number, place, container.key, container.id, bool(container.config["Tty"]))


@reads
def next_lines(tx: Transaction, place: LogPlace) -> LogPage:
    """Return the next lines behind a place.

    Of a container that was removed they are those that it printed since the reader looked last.
    There are none of a daemon that has ended.
    """
    if has_ended(tx, place.place):
        return LogPage([], place, is_gone=True)
    status = logs.status_of(tx, place.container_key, place.container_id)
    if status is None:
        return LogPage(_last_words(tx, place), place, is_gone=True)
    lines = logs.after(tx, place.container_key, place.number)
    behind = place
    if lines:
        behind = replace(place, number=lines[-1].number)
    if len(lines) < logs.PAGE:
        now = replace(place.place, number=events.last_number(tx))
        behind = replace(behind, place=now)
    return LogPage(lines, behind, status is Status.RUNNING)


def _last_words(tx: Transaction, place: LogPlace) -> list[LogLine]:
    printed = events.printed_after(tx, place.place.host_key, place.place.number, place.container_id)
    return [
        LogLine(0, event.time, STDOUT, text) for event in printed for text in printed_lines(event)
    ]
