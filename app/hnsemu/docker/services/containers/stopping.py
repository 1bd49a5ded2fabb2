"""Ending containers: the process ends, and its endpoints go with what they held."""

import re
from dataclasses import replace

from hnsemu.docker.domain.containers import (
    KILLED,
    STOPPED_BY_CTRL_SHUTDOWN,
    DockerContainer,
)
from hnsemu.docker.errors import BAD_REQUEST, CONFLICT, DockerError
from hnsemu.docker.services.containers.ending import ended
from hnsemu.docker.services.containers.happenings import happened
from hnsemu.docker.services.containers.queries import found
from hnsemu.docker.services.containers.starting import check_ports, start
from hnsemu.docker.storage import events
from hnsemu.storage.transaction import Transaction, writes

_SIGNAL = re.compile(r"(?:SIG)?(KILL|TERM)|(9|15)", re.IGNORECASE)


@writes
def stop_container(tx: Transaction, reference: str) -> bool:
    """Stop a container; tell whether it ran.

    Raises: DockerError 404.
    """
    container = found(tx, reference)
    if not container.is_running:
        return False
    stop(tx, container)
    return True


@writes
def restart_container(tx: Transaction, reference: str, *, patiently: bool = False) -> None:
    """Stop a container if it runs, and start it: with another address, MAC and dynamic port.

    patiently: as for `start_container`.
    Raises: ManyPorts, DockerError 404, and what `start` raises.
    """
    container = found(tx, reference)
    check_ports(container, patiently=patiently)
    if container.is_running:
        container = stop(tx, container)
    start(tx, container)
    events.append(tx, happened(container, "restart"))


@writes
def kill_container(tx: Transaction, reference: str, signal: str) -> None:
    """Kill a container.

    Raises: DockerError 400 for an unknown signal, 404, 409 for one that does not run.
    """
    try:
        container = _killable(tx, reference, signal)
    except DockerError as error:
        text = f"cannot kill container: {reference}: {error.message}"
        raise DockerError(error.status, text) from error
    events.append(tx, happened(container, "kill", signal=signal.removeprefix("SIG") or "9"))
    ended(tx, replace(container, stopped_by_hand=True), KILLED)


def _killable(tx: Transaction, reference: str, signal: str) -> DockerContainer:
    if signal and not _SIGNAL.fullmatch(signal):
        raise DockerError(BAD_REQUEST, f"invalid signal: {signal}")
    container = found(tx, reference)
    if not container.is_running:
        raise DockerError(CONFLICT, f"container {container.id} is not running")
    return container


def stop(tx: Transaction, container: DockerContainer) -> DockerContainer:
    """Stop a container inside another use case, and return it as it is then."""
    events.append(tx, happened(container, "kill", signal="15"))
    stopped = ended(tx, replace(container, stopped_by_hand=True), STOPPED_BY_CTRL_SHUTDOWN)
    events.append(tx, happened(container, "stop"))
    return stopped
