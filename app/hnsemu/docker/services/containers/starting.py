"""Starting containers: endpoints are made, ports published, the process runs."""

from dataclasses import replace

from hnsemu.docker.domain.containers import NEVER_RAN, DockerContainer, Status
from hnsemu.docker.domain.events import FAILED as NEVER_STARTED
from hnsemu.docker.domain.events import OUTPUT, Event
from hnsemu.docker.domain.health import HealthStatus
from hnsemu.docker.domain.ports import are_many
from hnsemu.docker.domain.runtime_spec import check_spec
from hnsemu.docker.errors import CONFLICT, FAILED, DockerError
from hnsemu.docker.services.containers import processes
from hnsemu.docker.services.containers.ending import remove
from hnsemu.docker.services.containers.happenings import happened, joined
from hnsemu.docker.services.containers.plugging import Plugged, plug_all, share, with_names
from hnsemu.docker.services.containers.queries import found
from hnsemu.docker.services.containers.records import keep
from hnsemu.docker.storage import events
from hnsemu.storage.transaction import Transaction, writes


class ManyPorts(Exception):  # noqa: N818 (nothing went wrong)
    """Starting the container takes long for its ports; nothing has happened yet."""


@writes
def start_container(tx: Transaction, reference: str, *, patiently: bool = False) -> bool:
    """Start a container; tell whether it did not run before.

    patiently: also when it has so many ports that it takes long.
    Raises: ManyPorts, DockerError 404, and what `start` raises.
    """
    container = found(tx, reference)
    if container.is_running:
        return False
    check_ports(container, patiently=patiently)
    start(tx, container)
    return True


def check_ports(container: DockerContainer, *, patiently: bool) -> None:
    """Stop before work that takes long.

    Raises: ManyPorts.
    """
    if not patiently and are_many(container.exposed):
        raise ManyPorts


def start(tx: Transaction, container: DockerContainer) -> None:
    """Start a container inside another use case.

    A start that fails gives back what it took and leaves the reason in State.Error; with
    AutoRemove the container goes.
    Raises: DockerError, with the reason kept.
    """
    try:
        with tx.attempt():
            plugged = _plug(tx, container)
            check_spec(container.host_config)
    except DockerError as error:
        _failed(tx, container, error)
        raise DockerError(error.status, error.message, keeps=True) from error
    running = replace(
        plugged.container,
        status=Status.RUNNING,
        exit_code=0,
        error="",
        pid=processes.new_pid(tx),
        started=tx.now,
        stopped_by_hand=False,
        health=HealthStatus.NONE if plugged.container.probe is None else HealthStatus.STARTING,
    )
    keep(tx, running)
    joins = (joined(running, network, "connect") for network in plugged.networks)
    events.append(tx, *joins, happened(running, "start"))
    processes.run_own_command(tx, running)


def _failed(tx: Transaction, container: DockerContainer, error: DockerError) -> None:
    """Keep why a start failed; those who wait for the end of the container hear its exit code.

    Source: moby v28.5.2 daemon/start.go [C].
    """
    code = container.exit_code or NEVER_RAN
    if container.host_config["AutoRemove"]:
        events.append(tx, Event(OUTPUT, NEVER_STARTED, container.id, {"exitCode": str(code)}))
        remove(tx, container, takes_volumes=True)
    else:
        failed = replace(container, error=error.message, exit_code=code)
        keep(tx, with_names(tx, failed))


def _plug(tx: Transaction, container: DockerContainer) -> Plugged:
    """Return the container on its networks, or on those of the container it shares with."""
    if not container.shares_with:
        return plug_all(tx, container)
    try:
        other = found(tx, container.shares_with)
    except DockerError as error:
        raise DockerError(
            FAILED, f"joining network namespace of container: {error.message}"
        ) from error
    if not other.is_running:
        raise DockerError(
            CONFLICT,
            "cannot join network namespace of a non running container: container "
            f"{other.name} is {other.status}",
        )
    if other.host_config["Isolation"] == "hyperv":
        raise DockerError(FAILED, "sharing of hyperv containers network is not supported")
    share(tx, container, other)
    return Plugged(container)
