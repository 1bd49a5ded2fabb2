"""The health of containers: a probe is run where one would have run by now."""

from hnsemu.docker.domain.commands import Kind, understood
from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.health import STOPPED, Health, HealthStatus, health_after, schedule_of
from hnsemu.docker.services.containers import processes
from hnsemu.docker.services.containers.processes import Output
from hnsemu.storage.transaction import Transaction

_TOO_LONG = -1
"""Exit code of a probe that does not end."""


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
