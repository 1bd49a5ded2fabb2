"""The end of a container's process: its endpoints go with what they held."""

from dataclasses import replace

from hnsemu.docker.domain.containers import DockerContainer, Status
from hnsemu.docker.domain.events import Event
from hnsemu.docker.domain.times import TICKS
from hnsemu.docker.services.containers.happenings import happened, left
from hnsemu.docker.services.containers.plugging import unplug_all
from hnsemu.docker.storage import containers, events, execs, networks
from hnsemu.storage.transaction import Transaction


def ended(tx: Transaction, container: DockerContainer, exit_code: int) -> DockerContainer:
    """Note that the process of a container ended, and return the container as it is then.

    Its endpoints are deleted; with AutoRemove the container goes, too.
    """
    leaves = [_left(tx, container, position) for position in range(len(container.endpoints))]
    exited = replace(
        unplug_all(tx, container),
        status=Status.EXITED,
        exit_code=exit_code,
        pid=0,
        finished=tx.now,
    )
    execs.end_all(tx, container, exit_code)
    ran = str((tx.now - container.started) // TICKS)
    died = happened(container, "die", exitCode=str(exit_code), execDuration=ran)
    events.append(tx, died, *leaves)
    if container.host_config["AutoRemove"]:
        containers.remove(tx, container)
        events.append(tx, happened(container, "destroy"))
    else:
        containers.save(tx, exited)
    return exited


def _left(tx: Transaction, container: DockerContainer, position: int) -> Event:
    endpoint = container.endpoints[position]
    network = networks.with_id(tx, endpoint.network_id)
    return left(container, endpoint, network.driver if network else "")
