"""Whether what a state document brought can be read as the daemon reads it."""

from collections.abc import Mapping, Sequence
from typing import Any

from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.files import ROOT, File, check_amount, read_path
from hnsemu.docker.domain.health import HealthStatus, check_healthcheck
from hnsemu.docker.domain.mounts import Mount
from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.docker.schema.container_views import inspect_document, summary_document
from hnsemu.docker.schema.containers import CONFIG, ENDPOINT_SETTINGS, HOST_CONFIG
from hnsemu.docker.schema.golang import fit
from hnsemu.docker.schema.images import image_document
from hnsemu.docker.schema.networks import network_document
from hnsemu.docker.schema.shapes import Struct
from hnsemu.docker.schema.swarm_records import check_record
from hnsemu.docker.storage import containers, files, images, networks, swarms, volumes
from hnsemu.storage.transaction import Transaction


def check(tx: Transaction) -> None:
    """Read containers, networks, images, volumes and the swarm as inspect shows them.

    Raises: DockerError for a document that Docker would not have; what reading raises.
    """
    for container in containers.all_of(tx):
        _check_container(container)
        inspect_document(container, [])
        summary_document(container, tx.now)
    for kept in files.of_containers(tx):
        _check_files(kept)
    for network in networks.all_of(tx):
        network_document(network)
    for image in images.all_of(tx):
        image_document(image, tx.host.release)
    volumes.all_of(tx)
    place, record = swarms.place_of(tx), swarms.record_of(tx)
    if place is not None and record is not None:
        check_record(place, record)


def _check_container(container: DockerContainer) -> None:
    _check_members(container.config, CONFIG, "config")
    _check_members(container.host_config, HOST_CONFIG, "host_config")
    _check_health(container)
    for endpoint in container.endpoints:
        fit(dict(endpoint.settings), ENDPOINT_SETTINGS, "settings")
    for mount in container.inherited:
        _check_mount(mount)


def _check_files(kept: Sequence[File]) -> None:
    """Refuse files that nobody could have put into a container."""
    check_amount(kept)
    for file in kept:
        if file.path == ROOT or read_path(file.path) != file.path:
            raise DockerError(BAD_REQUEST, "a file has a path that does not begin at the root")


def _check_health(container: DockerContainer) -> None:
    """Refuse a health check whose numbers cannot be, and the health of what nothing probes."""
    check_healthcheck(container.config["Healthcheck"])
    is_probed = container.is_running and container.probe is not None
    if container.health is not HealthStatus.NONE and not is_probed:
        what = "health is none where no health check runs, and of a container that does not run"
        raise DockerError(BAD_REQUEST, what)


def _check_mount(mount: Mount) -> None:
    """Refuse what was not taken of another container: its members have their types."""
    texts = (mount.type, mount.name, mount.source, mount.target)
    flags = (mount.is_writable, mount.is_anonymous)
    is_whole = all(isinstance(text, str) for text in texts)
    if not (is_whole and all(isinstance(flag, bool) for flag in flags)):
        raise DockerError(BAD_REQUEST, "inherited has a mount with a member of another type")


def _check_members(document: Mapping[str, Any], shape: Struct, what: str) -> None:
    """Refuse a document without a member that the daemon keeps, or with one of another kind."""
    fit(dict(document), shape, what)
    missing = sorted(shape.fields.keys() - document.keys())
    if missing:
        raise DockerError(BAD_REQUEST, f"{what} has no {missing[0]}")
