"""Docker's networks as facts: what the daemon keeps of one beside what HNS has."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SHIM = "com.docker.network.windowsshim."
HNS_ID = f"{SHIM}hnsid"
HNS_NAME = f"{SHIM}networkname"
HNS_OWNED = f"{SHIM}hnsowned"

NULL = "null"
"""The driver of the network called none, and of networks that are a configuration only."""

NAT = "nat"
"""The default driver, and the name of the default network."""

ANY_SUBNET = "0.0.0.0/0"
"""The subnet of a network that leaves the choice to HNS."""

DRIVERS = ("ics", "internal", "l2bridge", "l2tunnel", NAT, NULL, "private", "transparent")
"""The drivers of local networks."""

OVERLAY = "overlay"
"""The driver of networks that a swarm has."""

_PREDEFINED = {NAT, "none", "default"}
_OF_THE_HOST = {"Default Switch", "WSL (Hyper-V firewall)"}


def is_predefined(name: str) -> bool:
    """Tell whether a name is one that the daemon keeps for itself. Source: docker.md section 6."""
    return name in _PREDEFINED or name.startswith("container:")


@dataclass(frozen=True, slots=True)
class Pool:
    """A subnet of a network as inspect shows it: "" and {} for what was not said."""

    subnet: str = ""
    ip_range: str = ""
    gateway: str = ""
    auxiliary: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ipam:
    """Where a network's addresses come from; options None when none were sent.

    pools:        None where Docker shows null.
    is_automatic: whether HNS chose the subnet; for libnetwork the pool is then 0.0.0.0/0, until
                  the daemon starts again and adopts what HNS has.
    """

    driver: str = "windows"
    options: Mapping[str, str] | None = None
    pools: tuple[Pool, ...] | None = None
    is_automatic: bool = False


@dataclass(frozen=True, slots=True)
class DockerNetwork:
    """A network of the daemon.

    id:      64 hexadecimal digits. hns_id: GUID in lower case, "" where HNS has no network.
    created: FILETIME.
    """

    id: str
    name: str
    driver: str
    hns_id: str = ""
    created: int = 0
    internal: bool = False
    attachable: bool = False
    config_only: bool = False
    config_from: str = ""
    ipam: Ipam = Ipam()
    options: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    key: int = 0
    ingress: bool = False

    @property
    def scope(self) -> str:
        """Return whether it is the daemon's own, or the swarm's."""
        return "swarm" if self.driver == OVERLAY else "local"

    @property
    def is_prunable(self) -> bool:
        """Tell whether prune may remove it: not what the host had before Docker.

        Source: moby libnetwork/network_windows.go [C].
        """
        is_of_host = self.name in _OF_THE_HOST or HNS_OWNED in self.options
        return not (is_of_host or self.config_only or is_predefined(self.name))
