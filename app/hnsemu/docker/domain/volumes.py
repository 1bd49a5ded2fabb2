"""Volumes: names without files behind them.

Source: moby volume/service and volume/local [C]; names are lower-cased on Windows.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hnsemu.docker.domain.ipam import quoted
from hnsemu.docker.domain.mounts import Mount
from hnsemu.docker.errors import BAD_REQUEST, CONFLICT, NOT_FOUND, DockerError

LISTED_BY = frozenset({"dangling", "driver", "label", "name"})
PRUNED_BY = frozenset({"all", "label", "label!"})
ANONYMOUS = "com.docker.volume.anonymous"
DRIVER = "local"

_CHARACTERS = "[a-zA-Z0-9][a-zA-Z0-9_.-]"
_NAME = re.compile(f"{_CHARACTERS}+")
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume. created: FILETIME. labels: None when none were sent."""

    name: str
    created: int
    labels: Mapping[str, str] | None = None


def check_volume(name: str, driver: str, options: Mapping[str, str] | None) -> None:
    """Refuse a volume that the local driver of Windows cannot make.

    Raises: DockerError 400, 404 for another driver.
    """
    if driver not in {"", DRIVER}:
        raise DockerError(
            NOT_FOUND,
            f"create {name}: error looking up volume plugin {driver}: "
            f"plugin {quoted(driver)} not found",
        )
    if len(name) == 1:
        raise DockerError(
            BAD_REQUEST,
            f"create {name}: volume name is too short, names should be at least two alphanumeric "
            "characters",
        )
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise DockerError(
            BAD_REQUEST,
            f"create {name}: {quoted(name)} includes invalid characters for a local volume name, "
            f"only {quoted(_CHARACTERS)} are allowed. If you intended to pass a host directory, "
            "use absolute path",
        )
    if options:
        raise DockerError(BAD_REQUEST, f"create {name}: options are not supported on this platform")


def normalised(name: str) -> str:
    """Return a name as the daemon on Windows keeps it."""
    return name.lower()


def volumes_of(mounts: Iterable[Mount]) -> dict[str, bool]:
    """Return the names of the volumes among what is mounted, and whether nobody named them."""
    return {mount.name: mount.is_anonymous for mount in mounts if mount.name}


def check_unused(name: str, users: Iterable[str]) -> None:
    """Refuse to remove a volume that containers use.

    users: ids of those containers.
    Raises: DockerError 409.
    """
    shown = ", ".join(users)
    if shown:
        raise DockerError(CONFLICT, f"remove {name}: volume is in use - [{shown}]")


def no_such_volume(name: str) -> DockerError:
    """Return the refusal of a name that no volume has."""
    return DockerError(NOT_FOUND, f"get {name}: no such volume")
