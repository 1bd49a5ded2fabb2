"""Containers as facts: what the daemon keeps of one, and what follows from its state."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hnsemu.docker.domain.health import HealthStatus, probe_of
from hnsemu.docker.domain.ids import short
from hnsemu.docker.domain.mounts import Mount, mounts_of
from hnsemu.docker.domain.ports import Published
from hnsemu.docker.errors import BAD_REQUEST, DockerError

_NAME = re.compile(r"/?[a-zA-Z0-9][a-zA-Z0-9_.-]+")

STOPPED_BY_CTRL_SHUTDOWN = 0xC000013A
"""Exit code of a process that docker stop ends: STATUS_CONTROL_C_EXIT. [O]"""

KILLED = 0x40010004
"""Exit code of a process that docker kill ends: DBG_TERMINATE_PROCESS. [O]"""

LOST = 255
"""Exit code of a container that ran when the daemon ended. [O]"""

NEVER_RAN = 128
"""Exit code of a container whose first start failed. [O]"""

CONTAINER_MODE = "container:"


class Status(StrEnum):
    """State.Status."""

    CREATED = "created"
    RUNNING = "running"
    EXITED = "exited"


@dataclass(frozen=True, slots=True)
class DockerEndpoint:
    """A container's connection to a network.

    network:     the key in NetworkSettings.Networks.
    settings:    what the client said: IPAMConfig, Links, Aliases, MacAddress, DriverOpts and
                 GwPriority.
    endpoint_id: Docker's, 64 hexadecimal digits; "" unless the container runs.
    hns_id:      the GUID of HNS' endpoint, "" unless the container runs on a network with one.
    dns_names:   None until the first start.
    """

    network: str
    settings: Mapping[str, Any]
    network_id: str = ""
    endpoint_id: str = ""
    hns_id: str = ""
    mac_address: str = ""
    ip_address: str = ""
    prefix_length: int = 0
    gateway: str = ""
    dns_names: tuple[str, ...] | None = None
    ports: tuple[Published, ...] = ()
    key: int = 0


@dataclass(frozen=True, slots=True)
class DockerContainer:
    """A container of the daemon. Times are FILETIMEs, 0 for never.

    config, host_config: Docker's documents, every member there.
    image:               as the client wrote it.
    ports:               NetworkSettings.Ports: what is published, null for what is only exposed.
    inherited:           what it mounts of other containers, as they were when it was created.
    health:              what was told last of its health, none where nothing is probed.
    """

    id: str
    name: str
    created: int
    image: str
    image_id: str
    config: Mapping[str, Any]
    host_config: Mapping[str, Any]
    status: Status = Status.CREATED
    exit_code: int = 0
    error: str = ""
    pid: int = 0
    started: int = 0
    finished: int = 0
    restarts: int = 0
    stopped_by_hand: bool = False
    ports: Mapping[str, Any] = field(default_factory=dict)
    inherited: tuple[Mount, ...] = ()
    health: HealthStatus = HealthStatus.NONE
    endpoints: tuple[DockerEndpoint, ...] = ()
    key: int = 0

    @property
    def is_running(self) -> bool:
        """Tell whether its process runs."""
        return self.status is Status.RUNNING

    @property
    def has_console(self) -> bool:
        """Tell whether its process has a console: Tty."""
        return bool(self.config["Tty"])

    @property
    def labels(self) -> Mapping[str, str]:
        """Return its labels."""
        return self.config["Labels"] or {}

    @property
    def network_mode(self) -> str:
        """Return HostConfig.NetworkMode."""
        return str(self.host_config["NetworkMode"])

    @property
    def shares_with(self) -> str:
        """Return the container whose network it uses, "" if it has its own."""
        mode = self.network_mode
        return mode.removeprefix(CONTAINER_MODE) if mode.startswith(CONTAINER_MODE) else ""

    @property
    def probe(self) -> tuple[str, ...] | None:
        """Return the words of the command of its health check, None without one."""
        return probe_of(self.config.get("Healthcheck"))

    @property
    def mounts(self) -> tuple[Mount, ...]:
        """Return what is mounted into it, by target."""
        return mounts_of(self.id, self.host_config, self.config, self.inherited)

    @property
    def exposed(self) -> Iterable[str]:
        """Return the ports that it exposes, such as 80/tcp."""
        return self.config["ExposedPorts"] or ()

    @property
    def published(self) -> tuple[Published, ...]:
        """Return what is published of it now."""
        return tuple(port for endpoint in self.endpoints for port in endpoint.ports)

    @property
    def command(self) -> tuple[str, ...]:
        """Return the words of its command: the entry point, then Cmd."""
        return (*(self.config["Entrypoint"] or ()), *(self.config["Cmd"] or ()))


@dataclass(frozen=True, slots=True)
class ListedContainer:
    """A container as lists show it. Times are FILETIMEs, 0 for never.

    summary: its document, whose Status is yet to be said; "" where it must be rendered.
    """

    status: Status
    exit_code: int
    started: int
    finished: int
    summary: str


def names_on(container: DockerContainer, endpoint: DockerEndpoint) -> tuple[str, ...]:
    """Return what a container answers to on a network, in the daemon's own resolver.

    It is its name, its aliases, its short id and its hostname, each once.
    """
    aliases = endpoint.settings.get("Aliases") or ()
    names = (container.name, *aliases, short(container.id), container.config["Hostname"])
    return tuple(dict.fromkeys(name for name in names if name))


def check_name(name: str) -> str:
    """Return a container's name without the slash that clients put in front.

    Raises: DockerError 400.
    """
    if not _NAME.fullmatch(name):
        raise DockerError(
            BAD_REQUEST,
            f"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed",
        )
    return name.removeprefix("/")


def quoted(words: Sequence[str]) -> str:
    """Return a command as a list of containers shows it."""
    return " ".join(f"'{word}'" if " " in word else word for word in words)
