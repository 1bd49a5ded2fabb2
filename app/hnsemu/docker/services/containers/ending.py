"""The end of a container's process: its endpoints go with what they held."""

from collections.abc import Iterator
from dataclasses import replace

from hnsemu.docker.domain.containers import DockerContainer, DockerEndpoint, Status
from hnsemu.docker.domain.events import VOLUME, Event
from hnsemu.docker.domain.execs import UNKNOWN
from hnsemu.docker.domain.health import HealthStatus
from hnsemu.docker.domain.mounts import VOLUME as VOLUME_MOUNT
from hnsemu.docker.domain.volumes import DRIVER
from hnsemu.docker.services.containers.happenings import happened, left
from hnsemu.docker.services.containers.plugging import unplug_all
from hnsemu.docker.services.containers.records import keep
from hnsemu.docker.services.volumes import remove_anonymous
from hnsemu.docker.storage import containers, events, execs, networks
from hnsemu.domain.filetime import TICKS
from hnsemu.storage.transaction import Transaction


def ended(
    tx: Transaction, container: DockerContainer, exit_code: int, *told: Event
) -> DockerContainer:
    """Note that the process of a container ended, and return the container as it is then.

    Its endpoints are deleted; with AutoRemove the container goes, too.
    told: what else is told of it, before it is said to have died. The order is that of dockerd [O].
    """
    gone = [*_commands_ended(tx, container, exit_code), *_given_back(tx, container)]
    after = exited(tx, container, exit_code)
    ran = str((tx.now - container.started) // TICKS)
    died = happened(container, "die", exitCode=str(exit_code), execDuration=ran)
    events.append(tx, *gone, *told, died)
    if container.host_config["AutoRemove"]:
        remove(tx, container, takes_volumes=True)
    else:
        keep(tx, after)
    return after


def remove(tx: Transaction, container: DockerContainer, *, takes_volumes: bool) -> None:
    """Forget a container that does not run, inside another use case.

    takes_volumes: whether the volumes that nobody named go with it.
    """
    containers.remove(tx, container)
    if takes_volumes:
        remove_anonymous(tx, container)
    events.append(tx, happened(container, "destroy"))


def exited(tx: Transaction, container: DockerContainer, exit_code: int) -> DockerContainer:
    """Return a container as it is without its process; what HNS had of it is gone."""
    execs.end_all(tx, container, exit_code)
    return replace(
        unplug_all(tx, container),
        status=Status.EXITED,
        exit_code=exit_code,
        pid=0,
        finished=tx.now,
        health=HealthStatus.NONE,
    )


def _commands_ended(tx: Transaction, container: DockerContainer, exit_code: int) -> Iterator[Event]:
    for exec_id in execs.running_of(tx, container):
        yield happened(container, "exec_die", execID=exec_id, exitCode=str(exit_code))
    for exec_id in execs.left_of(tx, container):
        yield happened(container, "exec_die", execID=exec_id, exitCode=str(UNKNOWN))


def _given_back(tx: Transaction, container: DockerContainer) -> Iterator[Event]:
    """Yield that a container leaves its networks, and its volumes."""
    for endpoint in container.endpoints:
        yield _left(tx, container, endpoint)
    for mount in container.mounts:
        if mount.type == VOLUME_MOUNT:
            attributes = {"container": container.id, "driver": DRIVER}
            yield Event(VOLUME, "unmount", mount.name, attributes)


def _left(tx: Transaction, container: DockerContainer, endpoint: DockerEndpoint) -> Event:
    network = networks.with_id(tx, endpoint.network_id)
    return left(container, endpoint, network.driver if network else "")
