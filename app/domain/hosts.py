"""Emulated hosts as facts: how one is defined, and what a fresh one looks like."""

import ipaddress
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from app.domain.releases import RELEASES, Release
from app.errors import Hr, HnsError

DEFAULT_RELEASE = RELEASES["ws2025"]

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MAC = re.compile(r"[0-9A-F]{2}(?:-[0-9A-F]{2}){5}")

# The first host's adapters are 10.127.130.35, 10.127.131.35 and 10.127.132.35. The next hosts count
# up from 35, and after 200 of them in the next three networks.
_ADAPTER_NAMES = ("Ethernet", "Ethernet 2", "Ethernet 3")
_FIRST_NETWORK = ipaddress.IPv4Address("10.127.130.0")
_FIRST_NODE = 35
_NODES = 200

_DNS_SERVERS = ("168.63.129.16",)
_DNS_SUFFIX = "example.internal"


@dataclass(frozen=True, slots=True)
class Host:
    """One emulated Windows host.

    number:                  its place among the hosts, from 0; default addresses follow from it.
    dns_servers, dns_suffix: what its endpoints inherit.
    management_ip_delay:     100 ns ticks until an external network shows its ManagementIP.
    created, started:        FILETIMEs; HNS started last at `started`.
    asked:                   its definition as JSON text, for a reset.
    """

    key: int
    name: str
    release: Release
    number: int = 0
    azure_vm: bool = False
    dns_servers: tuple[str, ...] = ()
    dns_suffix: str = ""
    management_ip_delay: int = 0
    created: int = 0
    started: int = 0
    asked: str = "{}"


@dataclass(frozen=True, slots=True)
class AdapterDefinition:
    """A physical adapter as asked for.

    mac:     AA-BB-CC-DD-EE-FF, "" to have one made.
    address: with its prefix length, e.g. "10.0.0.4/24"; "" for none.
    """

    name: str
    mac: str = ""
    address: str = ""
    gateway: str = ""
    wireless: bool = False


@dataclass(frozen=True, slots=True)
class ExternalSwitch:
    """An external switch made with the Hyper-V tools; no adapters means the next free one."""

    name: str
    adapters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HostDefinition:
    """What a host shall be like; what is None is left to the emulator.

    management_ip_delay: 100 ns ticks.
    """

    release: Release | None = None
    adapters: tuple[AdapterDefinition, ...] | None = None
    external_switches: tuple[ExternalSwitch, ...] | None = None
    azure_vm: bool | None = None
    management_ip_delay: int | None = None
    dns_servers: tuple[str, ...] | None = None
    dns_suffix: str | None = None


def check_host_name(name: str) -> str:
    """Return `name` if it can be a host's: a DNS label in lower case.

    Raises: E_INVALIDARG.
    """
    if _NAME.fullmatch(name) is None:
        raise HnsError(
            Hr.E_INVALIDARG,
            f"{name!r} cannot name a host; write 1 to 63 of a-z, 0-9 and '-', no '-' at the ends",
        )
    return name


def lowest_free(taken: Iterable[int]) -> int:
    """Return the lowest number from 0 that is not in `taken`, which ascends."""
    number = 0
    for each in taken:
        if each != number:
            break
        number += 1
    return number


def made_mac(number: int) -> str:
    """Return the MAC address of an adapter nobody named one for; number is below 2**24."""
    return "00-15-5D-" + "-".join(f"{byte:02X}" for byte in number.to_bytes(3))


def default_adapters(number: int) -> tuple[AdapterDefinition, ...]:
    """Return the adapters of host `number` when none are asked for: three, each with an address."""
    block, node = divmod(number, _NODES)
    networks = (
        _FIRST_NETWORK + 256 * (len(_ADAPTER_NAMES) * block + position)
        for position in range(len(_ADAPTER_NAMES))
    )
    return tuple(
        AdapterDefinition(name, address=f"{network + _FIRST_NODE + node}/24", gateway=f"{network + 1}")
        for name, network in zip(_ADAPTER_NAMES, networks, strict=True)
    )


def fresh_host(name: str, number: int, asked: HostDefinition, now: int) -> Host:
    """Return the host `asked` describes, not stored yet (key 0)."""
    return Host(
        key=0,
        name=name,
        release=asked.release or DEFAULT_RELEASE,
        number=number,
        azure_vm=bool(asked.azure_vm),
        dns_servers=_DNS_SERVERS if asked.dns_servers is None else asked.dns_servers,
        dns_suffix=_DNS_SUFFIX if asked.dns_suffix is None else asked.dns_suffix,
        management_ip_delay=asked.management_ip_delay or 0,
        created=now,
        started=now,
        asked=definition_text(asked),
    )


def asked_adapters(asked: HostDefinition, number: int) -> tuple[AdapterDefinition, ...]:
    """Return the adapters of host `number` as `asked` wants them."""
    return default_adapters(number) if asked.adapters is None else asked.adapters


def bound_switches(
    asked: HostDefinition, adapters: Iterable[AdapterDefinition]
) -> tuple[ExternalSwitch, ...]:
    """Return the external switches of `asked`, each with its adapters named.

    Raises: HCN_E_ADAPTER_NOT_FOUND when an adapter is missing, taken twice, or none is left.
    """
    free = {adapter.name: adapter for adapter in adapters}
    wanted = asked.external_switches or ()
    bound = {}
    for switch in sorted(wanted, key=lambda switch: not switch.adapters):  # named adapters first
        names = switch.adapters or tuple(free)[:1]
        missing = [name for name in names if name not in free]
        if missing or not names:
            raise HnsError(
                Hr.HCN_E_ADAPTER_NOT_FOUND,
                f"external switch {switch.name!r} needs {', '.join(missing) or 'an adapter'}, which "
                "the host does not have or another switch took; list it under adapters",
            )
        for name in names:
            del free[name]
        bound[switch.name] = replace(switch, adapters=names)
    return tuple(bound[switch.name] for switch in wanted)


def definition_text(asked: HostDefinition) -> str:
    """Return `asked` as JSON text, without what is left to the emulator."""
    members = {name: value for name, value in asdict(asked).items() if value is not None}
    if asked.release is not None:
        members["release"] = asked.release.name
    return json.dumps(members)


def read_definition(text: str) -> HostDefinition:
    """Return the definition that `definition_text` wrote."""
    members = json.loads(text)
    if "release" in members:
        members["release"] = RELEASES[members["release"]]
    if "adapters" in members:
        members["adapters"] = tuple(AdapterDefinition(**each) for each in members["adapters"])
    if "external_switches" in members:
        members["external_switches"] = tuple(
            ExternalSwitch(each["name"], tuple(each["adapters"]))
            for each in members["external_switches"]
        )
    if "dns_servers" in members:
        members["dns_servers"] = tuple(members["dns_servers"])
    return HostDefinition(**members)
