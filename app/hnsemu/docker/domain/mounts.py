"""What is mounted into a container: folders and pipes of the host, and volumes.

Source: moby v28.5.2 volume/mounts/windows_parser.go, daemon/volumes.go and create_windows.go [C].
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hnsemu.docker.errors import BAD_REQUEST, FAILED, DockerError

BIND, VOLUME, PIPE = "bind", "volume", "npipe"

_CHARACTER = r'[^\\/:*?"<>|\r\n]'
_FOLDER = rf"(?:\\\\\?\\)?[a-z]:[\\/](?:{_CHARACTER}+[\\/])*(?:{_CHARACTER}+)?"
_NAMED_PIPE = r'[/\\]{2}.[/\\]pipe[/\\][^:*?"<>|\r\n]+'
_TARGET = rf"(?:\\\\\?\\)?[a-z]:(?:[\\/]{_CHARACTER}+)*[\\/]?"
_IS_FOLDER = re.compile(_FOLDER)
_SPECIFICATION = re.compile(
    rf"(?:(?P<source>{_FOLDER}|{_CHARACTER}+|{_NAMED_PIPE}):)?"
    rf"(?P<target>{_TARGET}|{_NAMED_PIPE})"
    r"(?::(?P<mode>ro|rw))?"
)
_FOREIGN = {
    BIND: ("VolumeOptions",),
    VOLUME: ("BindOptions",),
    PIPE: ("BindOptions", "ReadOnly"),
}
"""Members that a type of mount does not have."""
_ROOT = r"C:\ProgramData\docker\volumes"


@dataclass(frozen=True, slots=True)
class Mount:
    """What is mounted. name: of a volume, else "". is_anonymous: nobody named the volume."""

    type: str
    name: str
    source: str
    target: str
    is_writable: bool = True
    is_anonymous: bool = False


def mounts_of(
    container_id: str,
    host_config: Mapping[str, Any],
    config: Mapping[str, Any],
    inherited: Iterable[Mount] = (),
) -> tuple[Mount, ...]:
    """Return what is mounted into a container, by target: one thing on each.

    A volume that nobody named is called by a digest of its place.
    inherited: what it takes of other containers; its own binds and mounts come before them.
    """
    found: dict[str, Mount] = {}
    own = _binds_and_mounts(host_config, is_strict=False)
    for mount in (*own, *inherited, *_read(config.get("Volumes") or (), is_strict=False)):
        if not mount.name and mount.type == VOLUME:
            name = hashlib.sha256(f"{container_id} {mount.target}".encode()).hexdigest()
            mount = Mount(VOLUME, name, mount_point(name), mount.target, mount.is_writable, True)  # noqa: PLW2901
        found.setdefault(mount.target, mount)
    return tuple(found[target] for target in sorted(found))


def read_volumes_from(text: str) -> tuple[str, bool]:
    """Return the container that an entry of VolumesFrom names, and whether one may write there.

    Raises: DockerError 400.
    """
    if not text:
        raise DockerError(BAD_REQUEST, "volumes-from specification cannot be an empty string")
    container, _, mode = text.partition(":")
    if mode.lower() not in {"", "ro", "rw"}:
        raise DockerError(BAD_REQUEST, f"invalid mode: {mode}")
    return container, mode.lower() != "ro"


def taken_from(others: Iterable[tuple[Sequence[Mount], bool]]) -> tuple[Mount, ...]:
    """Return what a container mounts of others, by target; that of later ones wins.

    others: what each has mounted, and whether one may write there.
    """
    found = {
        mount.target: replace(mount, is_writable=mount.is_writable and is_writable)
        for mounts, is_writable in others
        for mount in mounts
    }
    return tuple(found[target] for target in sorted(found))


def mount_point(name: str) -> str:
    """Return the folder of a volume."""
    return rf"{_ROOT}\{name}\_data"


def check_mounts(host_config: Mapping[str, Any], config: Mapping[str, Any]) -> None:
    """Refuse a bind that names no folder, pipe or volume, or no target, and what no mount can be.

    Raises: DockerError 500 for a bind, 400 for a mount, as dockerd does.
    """
    for mount in host_config.get("Mounts") or ():
        why = _refusal(mount)
        if why:
            kind = json.dumps(mount.get("Type") or "")
            raise DockerError(BAD_REQUEST, f"invalid mount config for type {kind}: {why}")
    for _ in _binds_and_mounts(host_config, is_strict=True):
        pass
    for _ in _read(config.get("Volumes") or (), is_strict=True):
        pass


def _refusal(mount: Mapping[str, Any]) -> str:
    """Return why dockerd on Windows takes no such mount, "" if it does."""
    kind, source, target = (str(mount.get(name) or "") for name in ("Type", "Source", "Target"))
    if not target:
        return "field Target must not be empty"
    if kind not in {BIND, VOLUME, PIPE}:
        return "mount type unknown"
    if not source and kind != VOLUME:
        return "field Source must not be empty"
    for name in _FOREIGN[kind]:
        if mount.get(name) not in (None, False):
            return f"field {name} must not be specified"
    if kind == VOLUME and not source and mount.get("ReadOnly"):
        return "must not set ReadOnly mode when using anonymous volumes"
    paths = (source, target) if kind == PIPE else ()
    return next((f"'{path}' is not a valid pipe path" for path in paths if not _is_pipe(path)), "")


def _is_pipe(path: str) -> bool:
    return re.fullmatch(_NAMED_PIPE, path, re.IGNORECASE) is not None


def _binds_and_mounts(host_config: Mapping[str, Any], *, is_strict: bool) -> Iterator[Mount]:
    yield from _read(host_config.get("Binds") or (), is_strict=is_strict)
    for mount in host_config.get("Mounts") or ():
        kind, source = str(mount.get("Type") or ""), str(mount.get("Source") or "")
        if kind in {BIND, VOLUME, PIPE}:
            yield _mount(kind, source, mount.get("Target") or "", not mount.get("ReadOnly"))


def _read(specifications: Iterable[str], *, is_strict: bool) -> Iterator[Mount]:
    for text in specifications:
        parts = _SPECIFICATION.fullmatch(text.lower())
        if parts is None:
            if is_strict:
                raise DockerError(FAILED, f"invalid volume specification: '{text}'")
            continue
        source = (parts["source"] or "").replace("/", "\\")
        yield _mount(_kind(source), source, parts["target"], parts["mode"] != "ro")


def _kind(source: str) -> str:
    if source.startswith("\\\\.\\pipe\\"):
        return PIPE
    return BIND if _IS_FOLDER.fullmatch(source) else VOLUME


def _mount(kind: str, source: str, target: str, is_writable: bool) -> Mount:  # noqa: FBT001 (a fact of the mount)
    target = _without_end(target.replace("/", "\\"))
    if kind == VOLUME:
        name = source.lower()
        return Mount(VOLUME, name, mount_point(name) if name else "", target, is_writable)
    return Mount(kind, "", _without_end(source.replace("/", "\\")), target, is_writable)


def _without_end(path: str) -> str:
    return path[:-1] if len(path) > len("c:\\") and path.endswith("\\") else path
