"""Ending containers: the process ends, and its endpoints go with what they held."""

from dataclasses import replace

from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.events import Event
from hnsemu.docker.domain.signals import (
    WINCH,
    exit_code_after,
    kill_signal,
    read_signal,
    stop_signal,
)
from hnsemu.docker.errors import FAILED, DockerError
from hnsemu.docker.services.containers.ending import ended
from hnsemu.docker.services.containers.happenings import happened
from hnsemu.docker.services.containers.health import tell_health
from hnsemu.docker.services.containers.queries import found, running
from hnsemu.docker.services.containers.starting import check_ports, start
from hnsemu.docker.storage import events
from hnsemu.storage.transaction import Transaction, writes


@writes
def stop_container(tx: Transaction, reference: str, signal: str = "") -> bool:
    """Stop a container; tell whether it ran.

    signal: by name or number, "" for its own.
    Raises: DockerError 404, 500 for an unknown signal.
    """
    container = found(tx, reference)
    if not container.is_running:
        return False
    try:
        _stop(tx, container, signal)
    except DockerError as error:
        raise DockerError(FAILED, f"cannot stop container: {reference}: {error.message}") from error
    return True


@writes
def restart_container(
    tx: Transaction, reference: str, signal: str = "", *, patiently: bool = False
) -> None:
    """Stop a container if it runs, and start it: with another address, MAC and dynamic port.

    signal: as for `stop_container`. patiently: as for `start_container`.
    Raises: ManyPorts, DockerError 404, 500 for what cannot be stopped or started.
    """
    container = found(tx, reference)
    check_ports(container, patiently=patiently)
    try:
        if container.is_running:
            container = _stop(tx, container, signal)
        start(tx, container)
    except DockerError as error:
        text = f"Cannot restart container {reference}: {error.message}"
        raise DockerError(FAILED, text, keeps=error.keeps) from error
    events.append(tx, happened(container, "restart"))


@writes
def kill_container(tx: Transaction, reference: str, signal: str) -> None:
    """Kill a container.

    WINCH does nothing: a client whose terminal changes its size sends it, without meaning an end.
    Raises: DockerError 400 for an unknown signal, 404, 409 for one that does not run.
    """
    try:
        number = kill_signal(signal)
        container = running(tx, reference)
    except DockerError as error:
        text = f"cannot kill container: {reference}: {error.message}"
        raise DockerError(error.status, text) from error
    if number == WINCH:
        events.append(tx, happened(container, "kill", signal=str(number)))
    else:
        _send(tx, container, number)


def _stop(tx: Transaction, container: DockerContainer, signal: str) -> DockerContainer:
    """Stop a container, and return it as it is then.

    Raises: DockerError 400 for an unknown signal.
    """
    number = read_signal(signal) if signal else stop_signal(container)
    return _send(tx, container, number, happened(container, "stop"))


def _send(
    tx: Transaction, container: DockerContainer, signal: int, *told: Event
) -> DockerContainer:
    """Send a signal to a container, which ends by it; return it as it is then."""
    tell_health(tx, container)
    events.append(tx, happened(container, "kill", signal=str(signal)))
    by_hand = replace(container, stopped_by_hand=True)
    return ended(tx, by_hand, exit_code_after(signal), *told)
