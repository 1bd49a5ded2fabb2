"""Files of containers: docker cp, and what Compose puts there."""

from collections.abc import Sequence
from dataclasses import dataclass

from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.files import Entry, File, Files, archived, extract, found, read_path
from hnsemu.docker.errors import FAILED, DockerError
from hnsemu.docker.services.containers import queries
from hnsemu.docker.services.containers.happenings import happened
from hnsemu.docker.storage import events, files
from hnsemu.storage.transaction import Transaction, reads, writes


@dataclass(frozen=True, slots=True)
class Archived:
    """What a path leads to, and what an archive of it has: names and files."""

    file: File
    files: Sequence[tuple[str, File]]


@reads
def look_at(tx: Transaction, reference: str, path: str) -> File:
    """Return what a path in a container leads to.

    Raises: DockerError 404, 400 for several, 500 for a Hyper-V container that runs.
    """
    container = _reachable(tx, reference)
    return found(_files(tx, container), path, reference)


@writes
def copy_from(tx: Transaction, reference: str, path: str) -> Archived:
    """Return what a path in a container leads to, with all that is in it.

    Raises: as `look_at`.
    """
    container = _reachable(tx, reference)
    known = _files(tx, container)
    file = found(known, path, reference)
    events.append(tx, happened(container, "archive-path"))
    return Archived(file, archived(known, path, file))


@writes
def copy_to(
    tx: Transaction, reference: str, path: str, entries: Sequence[Entry], *, keeps_kinds: bool
) -> None:
    """Put the entries of an archive into a folder of a container.

    keeps_kinds: as for `extract`.
    Raises: as `look_at` and `extract`.
    """
    container = _reachable(tx, reference)
    old = files.of_container(tx, container)
    known = Files(old, _folders(container), container.created)
    extract(known, path, entries, tx.now, keeps_kinds=keeps_kinds)
    files.replace(tx, container, old, known.kept())
    events.append(tx, happened(container, "extract-to-dir"))


@reads
def list_changes(tx: Transaction, reference: str) -> list[str]:
    """Return the paths that were put into a container that does not run.

    Raises: DockerError 404, 400 for several, 500 for one that runs.
    """
    container = queries.found(tx, reference)
    if container.is_running:
        raise DockerError(FAILED, "Windows does not support diff of a running container")
    known = Files(files.of_container(tx, container))
    return [file.path for file in known.kept()]


def _reachable(tx: Transaction, reference: str) -> DockerContainer:
    """Return a container whose files the daemon reaches: not in a utility VM that runs."""
    container = queries.found(tx, reference)
    if container.is_running and container.host_config["Isolation"] == "hyperv":
        text = "filesystem operations against a running Hyper-V container are not supported"
        raise DockerError(FAILED, text)
    return container


def _files(tx: Transaction, container: DockerContainer) -> Files:
    return Files(files.of_container(tx, container), _folders(container), container.created)


def _folders(container: DockerContainer) -> list[str]:
    """Return the folders that are in a container because it asks for them."""
    wanted = [container.config["WorkingDir"], *(mount.target for mount in container.mounts)]
    paths = []
    for text in filter(None, wanted):
        try:
            paths.append(read_path(text))
        except DockerError:  # on another drive, or a pipe
            continue
    return paths
