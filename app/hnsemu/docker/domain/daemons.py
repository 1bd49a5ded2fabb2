"""Which daemon a host runs, by its Windows release, and which versions of the API it speaks.

Source: docker.md section 1 [C]: from 24.0 on dockerd refuses to start below build 17763.
"""

import re
from dataclasses import dataclass

from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.domain.releases import Release

Version = tuple[int, int]

MIN_VERSION: Version = (1, 24)

_FIRST_BUILD_OF_28 = 17763
_VERSION = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Daemon:
    """A dockerd: its version, the newest API it speaks, and what it was built from.

    build_time: as /version prints it.
    """

    version: str
    api: Version
    commit: str
    go: str
    build_time: str

    @property
    def is_early(self) -> bool:
        """Tell whether it has the texts of 20.10."""
        return self.api < (1, 42)


_DOCKER_28 = Daemon("28.5.2", (1, 51), "89c5e8f", "go1.24.9", "2025-11-05T14:43:25.000000000+00:00")
_DOCKER_20 = Daemon(
    "20.10.27", (1, 41), "81ebe71", "go1.20.10", "2023-11-30T18:10:42.000000000+00:00"
)


def daemon_of(release: Release) -> Daemon:
    """Return the newest daemon that starts on the release."""
    return _DOCKER_28 if release.build >= _FIRST_BUILD_OF_28 else _DOCKER_20


def spoken(asked: str, daemon: Daemon) -> Version:
    """Return the version of the API that a request speaks; "" is the newest.

    asked: the path's segment without its v, such as 1.24.
    Raises: DockerError 400 for a version outside what the daemon speaks.
    """
    if not asked:
        return daemon.api
    found = _VERSION.fullmatch(asked)
    version = (int(found[1]), int(found[2])) if found else (0, 0)
    if version < MIN_VERSION:
        raise DockerError(
            BAD_REQUEST,
            f"client version {asked} is too old. Minimum supported API version is "
            f"{dotted(MIN_VERSION)}, please upgrade your client to a newer version",
        )
    if version > daemon.api:
        raise DockerError(
            BAD_REQUEST,
            f"client version {asked} is too new. Maximum supported API version is "
            f"{dotted(daemon.api)}",
        )
    return version


def dotted(version: Version) -> str:
    """Return a version as text: 1.51."""
    return f"{version[0]}.{version[1]}"


def default_isolation(release: Release) -> str:
    """Return what the isolation called default means: hyperv on clients, process on servers [C]."""
    return "hyperv" if release.is_client else "process"
