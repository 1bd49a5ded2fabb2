"""Creating containers: POST /containers/create. HNS hears nothing of it."""

import ntpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hnsemu.docker.domain.connections import check_settings, new_connections
from hnsemu.docker.domain.container_names import random_name
from hnsemu.docker.domain.containers import (
    CONTAINER_MODE,
    DockerContainer,
    DockerEndpoint,
    check_name,
)
from hnsemu.docker.domain.daemons import default_isolation
from hnsemu.docker.domain.host_config import (
    check_host_config,
    check_log_driver,
    isolation_of,
    network_mode,
    settled,
)
from hnsemu.docker.domain.ids import new_id, short
from hnsemu.docker.domain.images import Image
from hnsemu.docker.domain.limits import decide_limits
from hnsemu.docker.domain.mounts import Mount, check_mounts, read_volumes_from, taken_from
from hnsemu.docker.domain.platforms import check_platform
from hnsemu.docker.domain.ports import read_port
from hnsemu.docker.domain.volumes import volumes_of
from hnsemu.docker.errors import BAD_REQUEST, CONFLICT, DockerError
from hnsemu.docker.schema.containers import CreationRequest
from hnsemu.docker.services import images, networks
from hnsemu.docker.services.containers.happenings import happened
from hnsemu.docker.services.containers.queries import found
from hnsemu.docker.services.containers.records import keep_new
from hnsemu.docker.services.volumes import ensure_volumes
from hnsemu.docker.storage import containers, events
from hnsemu.storage.transaction import Transaction, writes

_EXPOSE = "hnsemu.expose"
"""Label of a container that exposes ports as its image would: 80,443,53/udp."""

_TRIES = 50


@dataclass(frozen=True, slots=True)
class Created:
    """A new container, and what dockerd warns of."""

    id: str
    warnings: tuple[str, ...]


@writes
def create_container(
    tx: Transaction, name: str, request: CreationRequest, platform: str = ""
) -> Created:
    """Create a container.

    name: "" for a random one. platform: that of its image, such as windows/amd64, "" for any.
    Raises: DockerError 400 for what it cannot have, 404 without its image, 409 for a taken name.
    """
    check_host_config(request.host_config, request.config)
    check_mounts(request.host_config, request.config)
    default = default_isolation(tx.host.release)
    limits = decide_limits(request.host_config, isolation_of(request.host_config, default))
    connections = _connections(tx, request)
    image = images.found(tx, request.config["Image"])
    check_platform(request.config["Image"], platform)
    container_id = new_id(tx.source)
    name = _free_name(tx, name)
    config = _config(request, image, container_id)
    if not (config["Entrypoint"] or config["Cmd"]):
        raise DockerError(BAD_REQUEST, "no command specified")
    check_log_driver(request.host_config["LogConfig"]["Type"])
    container = DockerContainer(
        id=container_id,
        name=name,
        created=tx.now,
        image=request.config["Image"],
        image_id=image.id,
        config=config,
        host_config=settled(request.host_config, default) | limits.kept,
        endpoints=tuple(
            DockerEndpoint(network, settings) for network, settings in connections.items()
        ),
        inherited=_inherited(tx, request.host_config["VolumesFrom"] or ()),
    )
    keep_new(tx, container)
    ensure_volumes(tx, volumes_of(container.mounts))
    events.append(tx, happened(container, "create"))
    return Created(container_id, limits.warnings)


def _inherited(tx: Transaction, wanted: Sequence[str]) -> tuple[Mount, ...]:
    """Return what a container mounts of others, each by its name or id and perhaps a mode.

    Raises: DockerError 400, also for a container that is not there. Source: moby daemon/volumes.go
            [C].
    """
    others = []
    for text in wanted:
        reference, is_writable = read_volumes_from(text)
        try:
            others.append((found(tx, reference).mounts, is_writable))
        except DockerError as error:
            raise DockerError(BAD_REQUEST, error.message) from error
    return taken_from(others)


def _connections(tx: Transaction, request: CreationRequest) -> dict[str, dict[str, Any]]:
    """Return the networks to join; what is said of each is checked against it, if it is there."""
    mode = network_mode(request.host_config)
    if mode.startswith(CONTAINER_MODE) or request.config["NetworkDisabled"]:
        return {}
    connections = new_connections(mode, request.config["MacAddress"], request.endpoints)
    for network, settings in connections.items():
        has_address = bool(settings.get("IPAMConfig"))  # only addresses are checked against it
        check_settings(network, settings, networks.find(tx, network) if has_address else None)
    return connections


def _free_name(tx: Transaction, name: str) -> str:
    """Return the name without its slash, or a random one that is free.

    Raises: DockerError 400, 409.
    """
    if not name:
        for _ in range(_TRIES):
            drawn = random_name(tx.source)
            if containers.named(tx, drawn) is None:
                return drawn
        return new_id(tx.source)
    return check_free(tx, check_name(name))


def check_free(tx: Transaction, name: str) -> str:
    """Return the name if no container has it.

    Raises: DockerError 409.
    """
    other = containers.named(tx, name)
    if other is not None:
        raise DockerError(
            CONFLICT,
            f'Conflict. The container name "/{name}" is already in use by container "{other.id}". '
            "You have to remove (or rename) that container to be able to reuse that name.",
        )
    return name


def _config(request: CreationRequest, image: Image, container_id: str) -> dict[str, Any]:
    """Return Config with what the image says where the client says nothing."""
    config, own = dict(request.config), image.config
    config["Hostname"] = config["Hostname"] or short(container_id)
    if not config["Entrypoint"]:
        config["Entrypoint"] = own.get("Entrypoint")
        config["Cmd"] = config["Cmd"] or own.get("Cmd")
    labels = {**(own.get("Labels") or {}), **(config["Labels"] or {})}
    config["ExposedPorts"] = _exposed(own, config["ExposedPorts"], labels.get(_EXPOSE, ""))
    config["Labels"] = labels
    config["Env"] = [*(config["Env"] or ()), *(own.get("Env") or ())] or None
    config["Volumes"] = config["Volumes"] or None
    config["MacAddress"] = ""
    folder = config["WorkingDir"]
    config["WorkingDir"] = ntpath.normpath(folder) if folder else ""
    return config


def _exposed(
    own: Mapping[str, Any], wanted: Mapping[str, Any] | None, labelled: str
) -> dict[str, dict[str, Any]]:
    labels = filter(None, labelled.split(","))
    ports = {str(read_port(text.strip())) for text in labels} | {*(own.get("ExposedPorts") or ())}
    return {port: {} for port in sorted(ports | set(wanted or ()))}
