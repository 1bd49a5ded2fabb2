"""Emulated hosts as facts: what a host is, and how it is defined."""

import json
import re
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache

from hnsemu.domain.facts import Adapter, InstalledExtension, gateways
from hnsemu.domain.releases import RELEASES, Release, Version

_DIGITS = re.compile("([0-9]+)")


def natural_order(name: str) -> tuple[tuple[str, ...], str]:
    """Return the place of a host's name among others: node-2 is before node-10."""
    texts = _DIGITS.split(name)
    numbers = [text.lstrip("0") for text in texts[1::2]]
    texts[1::2] = [f"{len(number):03}{number}" for number in numbers]
    return tuple(texts), name


@dataclass(frozen=True, slots=True)
class Host:
    """One emulated Windows host.

    release:                 with the versions and the build that the definition gives it.
    number:                  its place among the hosts, from 0; default addresses follow from it.
    extensions:              switch extensions of others, which every switch of the host has.
    dns_servers, dns_suffix: what its endpoints inherit.
    management_ip_delay:     100 ns ticks until an external network shows its ManagementIP.
    created, started:        FILETIMEs; HNS started last at `started`.
    watched:                 grows with each change of its journal's settings or its faults; 0 for
                             a host that never had any.
    clock:                   the version of the clock when the host was read, where processes share
                             one; else 0.
    definition:              its definition as JSON text, for a reset.
    """

    key: int
    name: str
    release: Release
    number: int = 0
    azure_vm: bool = False
    extensions: tuple[InstalledExtension, ...] = ()
    dns_servers: tuple[str, ...] = ()
    dns_suffix: str = ""
    management_ip_delay: int = 0
    created: int = 0
    started: int = 0
    watched: int = field(default=0, compare=False)
    clock: int = field(default=0, compare=False)
    definition: str = "{}"


@dataclass(frozen=True, slots=True)
class AdapterDefinition:
    """The definition of a physical adapter.

    mac:     AA-BB-CC-DD-EE-FF, "" to have one generated.
    address: IPv4 with its prefix length, e.g. "10.0.0.4/24"; "" for none.
    address6: the same of IPv6, as Python spells it.
    """

    name: str
    mac: str = ""
    address: str = ""
    gateway: str = ""
    wireless: bool = False
    address6: str = ""
    gateway6: str = ""


@dataclass(frozen=True, slots=True)
class ExternalSwitch:
    """An external switch created with the Hyper-V tools; adapters () takes the next free one."""

    name: str
    adapters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HostDefinition:
    """What a host should be like; the emulator chooses what is None.

    variant:             a key of `host_variants.VARIANTS`.
    hns_version, build, schema_version: in place of those of the release.
    management_ip_delay: 100 ns ticks.
    docker_bridge, docker_fixed_cidr: what Docker's daemon.json says; "none" is the one bridge.
    """

    release: Release | None = None
    variant: str | None = None
    hns_version: Version | None = None
    build: int | None = None
    schema_version: Version | None = None
    adapters: tuple[AdapterDefinition, ...] | None = None
    external_switches: tuple[ExternalSwitch, ...] | None = None
    extensions: tuple[InstalledExtension, ...] | None = None
    azure_vm: bool | None = None
    management_ip_delay: int | None = None
    dns_servers: tuple[str, ...] | None = None
    dns_suffix: str | None = None
    docker: bool | None = None
    docker_bridge: str | None = None
    docker_fixed_cidr: str | None = None
    journal: bool | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """A host with what it was built from.

    docker:  whether Docker's daemon starts with it.
    docker_bridge, docker_fixed_cidr: as in the definition, "" where nothing is said.
    journal: whether it was created with its journal on.
    """

    host: Host
    adapters: tuple[Adapter, ...]
    external_switches: tuple[ExternalSwitch, ...]
    variant: str = ""
    docker: bool = False
    docker_bridge: str = ""
    docker_fixed_cidr: str = ""
    journal: bool = False

    @property
    def management_address(self) -> str:
        """Return the address of the first adapter that has one, "" for none."""
        return next((adapter.address for adapter in self.adapters if adapter.address), "")


@lru_cache(maxsize=256)
def definition_text(definition: HostDefinition) -> str:
    """Return `definition` as JSON text, without what is left to the emulator."""
    members = {name: value for name, value in asdict(definition).items() if value is not None}
    if definition.release is not None:
        members["release"] = definition.release.name
    return json.dumps(members)


@lru_cache(maxsize=256)  # hosts of tests have few
def read_definition(text: str) -> HostDefinition:
    """Return the definition that `definition_text` wrote."""
    members = json.loads(text)
    if "release" in members:
        members["release"] = RELEASES[members["release"]]
    if "adapters" in members:
        members["adapters"] = tuple(
            _of_families(AdapterDefinition(**adapter)) for adapter in members["adapters"]
        )
    if "external_switches" in members:
        members["external_switches"] = tuple(
            ExternalSwitch(switch["name"], tuple(switch["adapters"]))
            for switch in members["external_switches"]
        )
    if "extensions" in members:
        members["extensions"] = tuple(
            InstalledExtension(**extension) for extension in members["extensions"]
        )
    for member in ("dns_servers", "hns_version", "schema_version"):
        if member in members:
            members[member] = tuple(members[member])
    return HostDefinition(**members)


def _of_families(adapter: AdapterDefinition) -> AdapterDefinition:
    gateway, gateway6 = gateways(adapter.gateway, adapter.gateway6)
    return replace(adapter, gateway=gateway, gateway6=gateway6)
