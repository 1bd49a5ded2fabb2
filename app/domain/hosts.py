"""Emulated hosts as facts."""

from dataclasses import dataclass

from app.domain.releases import Release


@dataclass(frozen=True, slots=True)
class Host:
    """One emulated Windows host.

    dns_servers, dns_suffix: what its endpoints inherit.
    management_ip_delay:     100 ns ticks until an external network shows its ManagementIP.
    """

    key: int
    name: str
    release: Release
    azure_vm: bool = False
    dns_servers: tuple[str, ...] = ()
    dns_suffix: str = ""
    management_ip_delay: int = 0
    created: int = 0
    started: int = 0
    asked: str = "{}"
