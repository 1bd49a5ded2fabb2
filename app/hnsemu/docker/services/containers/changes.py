"""Changing containers: rename, update, remove, prune; and what Windows refuses of the rest."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from hnsemu.docker.domain.connections import named
from hnsemu.docker.domain.container_filters import created_before
from hnsemu.docker.domain.containers import KILLED, check_name
from hnsemu.docker.domain.daemons import default_isolation
from hnsemu.docker.domain.events import CONTAINER, Event
from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.host_config import check_update
from hnsemu.docker.domain.limits import decide_limits
from hnsemu.docker.errors import BAD_REQUEST, CONFLICT, FAILED, DockerError
from hnsemu.docker.services.containers.creation import check_free
from hnsemu.docker.services.containers.ending import ended, remove
from hnsemu.docker.services.containers.happenings import happened
from hnsemu.docker.services.containers.health import tell_health
from hnsemu.docker.services.containers.queries import found, running
from hnsemu.docker.services.containers.records import keep
from hnsemu.docker.storage import containers, events
from hnsemu.storage.transaction import Transaction, writes

_PRUNE_FILTERS = ("label", "label!", "until")


@writes
def rename_container(tx: Transaction, reference: str, name: str) -> None:
    """Give a container another name, under which it resolves from now on.

    Raises: DockerError 400, 404, 409 for a name that is taken.
    """
    container = found(tx, reference)
    if not name:
        raise DockerError(BAD_REQUEST, "Neither old nor new names may be empty")
    new = _checked(check_name, name if name.startswith("/") else f"/{name}")
    if new == container.name:
        raise DockerError(
            BAD_REQUEST, "Renaming a container with the same name as its current name"
        )
    old = container.name
    container = replace(container, name=_checked(partial(check_free, tx), new))
    renamed = replace(
        container,
        endpoints=tuple(
            named(container, endpoint) if endpoint.dns_names else endpoint
            for endpoint in container.endpoints
        ),
    )
    containers.save_settings(tx, renamed)
    keep(tx, renamed)
    events.append(tx, happened(renamed, "rename", oldName=f"/{old}"))


def _checked(check: Callable[[str], str], name: str) -> str:
    """Return the new name as `check` has it, and refuse as a rename refuses."""
    try:
        return check(name)
    except DockerError as error:
        text = f"Error when allocating new name: {error.message}"
        raise DockerError(error.status, text) from error


@writes
def update_container(tx: Transaction, reference: str, wanted: Mapping[str, Any]) -> tuple[str, ...]:
    """Change the restart policy and the limits of a container; return what dockerd warns of.

    Raises: DockerError 400, 404.
    """
    container = found(tx, reference)
    check_update(wanted, auto_remove=container.host_config["AutoRemove"])
    limits = decide_limits(wanted, default_isolation(tx.host.release))
    host_config = dict(container.host_config)
    host_config |= {
        name: value
        for name, value in {**wanted, **limits.kept}.items()
        if value and name != "RestartPolicy"
    }
    if wanted["RestartPolicy"]["Name"]:
        host_config["RestartPolicy"] = wanted["RestartPolicy"]
    containers.save_settings(tx, replace(container, host_config=host_config))
    events.append(tx, happened(container, "update"))
    return limits.warnings


@writes
def remove_container(
    tx: Transaction, reference: str, *, force: bool, takes_volumes: bool = False
) -> None:
    """Remove a container; one that runs is killed first, if forced.

    takes_volumes: whether the volumes that nobody named go with it.
    Raises: DockerError 404, 409 for one that runs.
    """
    container = found(tx, reference)
    if container.is_running:
        if not force:
            raise DockerError(
                CONFLICT,
                f'cannot remove container "{reference}": container is running: stop the container '
                "before removing or force remove",
            )
        tell_health(tx, container)
        events.append(tx, happened(container, "kill", signal="9"))
        ended(tx, container, KILLED)
        if container.host_config["AutoRemove"]:
            return
    remove(tx, container, takes_volumes=takes_volumes)


@writes
def prune_containers(tx: Transaction, filters: Filters) -> list[str]:
    """Remove the containers that do not run, and return their ids.

    Raises: DockerError 400 for an unknown filter.
    """
    filters.check(_PRUNE_FILTERS)
    gone = [
        container
        for container in containers.all_of(tx)
        if not container.is_running
        and filters.labels(container.labels)
        and filters.without_labels(container.labels)
        and created_before(container, filters, tx.now)
    ]
    for container in gone:
        remove(tx, container, takes_volumes=False)
    events.append(tx, Event(CONTAINER, "prune", "", {"reclaimed": "0"}))
    return [container.id for container in gone]


@writes
def resize_console(tx: Transaction, reference: str, height: int, width: int) -> None:
    """Tell that the console of a container has another size, in rows and columns.

    Raises: DockerError 404, 409 for one that does not run.
    """
    container = running(tx, reference)
    events.append(tx, happened(container, "resize", height=str(height), width=str(width)))


@writes
def pause_container(tx: Transaction, reference: str) -> None:
    """Refuse to pause: HCS cannot for containers that share the host's kernel.

    Raises: DockerError 404, 409 for one that does not run, 500.
    """
    container = running(tx, reference)
    raise DockerError(
        FAILED,
        f"cannot pause container {container.id}: not implemented for containers using process "
        "isolation",
    )
