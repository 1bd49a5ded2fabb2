"""The health of containers: a probe is run where one would have run by now."""

from dataclasses import dataclass, replace

from hnsemu.docker.domain.commands import Kind, understood
from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.health import (
    STOPPED,
    Health,
    HealthStatus,
    health_after,
    next_probe,
    schedule_of,
)
from hnsemu.docker.services.containers import processes
from hnsemu.docker.services.containers.happenings import happened
from hnsemu.docker.services.containers.processes import Output
from hnsemu.docker.storage import containers, events
from hnsemu.storage.transaction import Transaction, reads, writes

_TOO_LONG = -1
"""Exit code of a probe that does not end."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What there is to tell of the health of containers.

    is_news: whether one has changed since that was told. next: when the next probe runs, FILETIME.
    """

    is_news: bool
    next: int


@reads
def outlook(tx: Transaction) -> Outlook | None:
    """Return what there is to tell of the health of the host's containers, None where none is."""
    probed = containers.probed(tx)
    if not probed:
        return None
    nexts = [
        next_probe(schedule_of(container.config["Healthcheck"]), container.started, tx.now)
        for container in probed
    ]
    return Outlook(any(_news(tx, container) for container in probed), min(nexts))


@writes
def tell_news(tx: Transaction) -> None:
    """Tell of every container whose health has changed since that was told."""
    for container in containers.probed(tx):
        tell_health(tx, container)


def tell_health(tx: Transaction, container: DockerContainer) -> None:
    """Tell how healthy a container is, inside another use case, if it was otherwise when last told.

    The event is of the time when the health changed, or of that of the newest event.
    """
    health = _news(tx, container)
    if health is None:
        return
    told = happened(container, f"health_status: {health.status}")
    events.append(tx, replace(told, time=max(health.since, events.last_time(tx))))
    containers.save_health(tx, replace(container, health=health.status))


def _news(tx: Transaction, container: DockerContainer) -> Health | None:
    health = None if container.health is HealthStatus.NONE else health_of(tx, container)
    return None if health is None or health.status == container.health else health


def health_of(tx: Transaction, container: DockerContainer) -> Health | None:
    """Return the health of a container, None without a health check or before the first start."""
    if container.probe is None or not container.started:
        return None
    if not container.is_running:
        return STOPPED
    schedule = schedule_of(container.config["Healthcheck"])
    if tx.now < container.started + schedule.first:
        return Health(HealthStatus.STARTING)
    output = _probe(tx, container, container.probe)
    text = "".join(f"{line}\r\n" for line in output.lines)
    return health_after(schedule, container.started, tx.now, output.exit_code, text)


def _probe(tx: Transaction, container: DockerContainer, words: tuple[str, ...]) -> Output:
    command = understood(words, interactive=False)
    if command.kind in {Kind.WAIT, Kind.SHELL}:
        return Output(["Health check exceeded timeout"], _TOO_LONG)
    return processes.run(tx, container, command)
