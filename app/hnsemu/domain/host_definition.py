"""From a definition to a fresh host: defaults, refusals, and what differs from an existing one."""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from hnsemu.domain.extensions import extension_ids
from hnsemu.domain.facts import Adapter, InstalledExtension
from hnsemu.domain.host_variants import VARIANTS, check_variant, with_variant
from hnsemu.domain.hosts import (
    AdapterDefinition,
    ExternalSwitch,
    Host,
    HostDefinition,
    Machine,
    definition_text,
    read_definition,
)
from hnsemu.domain.mac import HYPER_V, format_mac
from hnsemu.domain.releases import (
    NEWEST,
    Release,
    parse_version,
    release_named,
    with_versions,
)
from hnsemu.errors import HnsError, Hr

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


def new_host(name: str, number: int, definition: HostDefinition, now: int) -> Host:
    """Return the host `definition` describes, not stored yet (key 0)."""
    return Host(
        key=0,
        name=name,
        release=release_of(definition),
        number=number,
        azure_vm=bool(with_variant(definition).azure_vm),
        extensions=definition.extensions or (),
        dns_servers=_DNS_SERVERS if definition.dns_servers is None else definition.dns_servers,
        dns_suffix=_DNS_SUFFIX if definition.dns_suffix is None else definition.dns_suffix,
        management_ip_delay=definition.management_ip_delay or 0,
        created=now,
        started=now,
        watched=1 if definition.journal else 0,
        definition=definition_text(definition),
    )


def release_of(definition: HostDefinition) -> Release:
    """Return the release that the definition names, with the versions that it gives.

    Raises: E_INVALIDARG for versions that no Windows has together.
    """
    return with_versions(
        definition.release or NEWEST,
        hns=definition.hns_version,
        schema=definition.schema_version,
        build=definition.build,
    )


def default_definition(release: str, hns_version: str) -> HostDefinition:
    """Return the definition of the host `default` as the settings have it; "" for no version.

    Raises: E_INVALIDARG for what is unknown or contradicts the release.
    """
    version = parse_version(hns_version) if hns_version else None
    definition = HostDefinition(release=release_named(release), hns_version=version)
    release_of(definition)
    return definition


def adapter_definitions(definition: HostDefinition, number: int) -> tuple[AdapterDefinition, ...]:
    """Return the adapters of host `number`; when the definition does not say, its variant's.

    Without a variant there are three.
    """
    if definition.adapters is not None:
        return definition.adapters
    variant = VARIANTS.get(definition.variant or "")
    if variant is None:
        return _default_adapters(number, _ADAPTER_NAMES)
    adapters = _default_adapters(number, variant.adapters)
    return tuple(replace(adapter, wireless=variant.wireless) for adapter in adapters)


@lru_cache(maxsize=1024)
def _default_adapters(number: int, names: tuple[str, ...]) -> tuple[AdapterDefinition, ...]:
    block, node = divmod(number, _NODES)
    first = _FIRST_NETWORK + 256 * len(_ADAPTER_NAMES) * block
    networks = [first + 256 * position for position in range(len(names))]
    return tuple(
        AdapterDefinition(
            name, address=f"{network + _FIRST_NODE + node}/24", gateway=str(network + 1)
        )
        for name, network in zip(names, networks, strict=True)
    )


def adapter_mac(number: int) -> str:
    """Return the MAC address of an adapter nobody named one for; number is below 2**24."""
    return format_mac(HYPER_V << 24 | number)


def lowest_free(taken: Iterable[int]) -> int:
    """Return the lowest number from 0 that is not in `taken`, which ascends."""
    number = 0
    for used in taken:
        if used != number:
            break
        number += 1
    return number


def bound_switches(
    definition: HostDefinition, adapters: Iterable[AdapterDefinition]
) -> tuple[ExternalSwitch, ...]:
    """Return the external switches of `definition`, each with its adapters named.

    Raises: HCN_E_ADAPTER_NOT_FOUND when an adapter is missing, taken twice, or none is left.
    """
    free = [adapter.name for adapter in adapters]
    switches = with_variant(definition).external_switches or ()
    bound = {}
    for switch in sorted(switches, key=lambda switch: not switch.adapters):  # named adapters first
        names = switch.adapters or tuple(free[:1])
        missing = [name for name in names if name not in free]
        if missing or not names:
            raise HnsError(
                Hr.HCN_E_ADAPTER_NOT_FOUND,
                f"external switch {switch.name!r} needs {', '.join(missing) or 'an adapter'}, which"
                " the host does not have or another switch uses; list it under adapters",
            )
        free = [name for name in free if name not in names]
        bound[switch.name] = replace(switch, adapters=names)
    return tuple(bound[switch.name] for switch in switches)


def check_host_name(name: str) -> str:
    """Return `name`, or refuse it unless it can be a host's: a DNS label in lower case.

    Raises: E_INVALIDARG.
    """
    if _NAME.fullmatch(name) is None:
        raise HnsError(
            Hr.E_INVALIDARG,
            f"{name!r} cannot name a host; write 1 to 63 of a-z, 0-9 and '-', no '-' at the ends",
        )
    return name


@lru_cache(maxsize=256)
def check_definition(definition: HostDefinition) -> None:
    """Refuse a definition that no host can have.

    Raises: E_INVALIDARG, HCN_E_INVALID_IP, HCN_E_ADAPTER_NOT_FOUND (see `bound_switches`).
    """
    check_variant(definition)
    release = release_of(definition)
    _check_installed(definition.extensions or (), release)
    adapters = adapter_definitions(definition, 0)
    for adapter in adapters:
        _check_adapter(adapter)
    _check_unique("adapters: name", [adapter.name for adapter in adapters])
    _check_unique("adapters: mac", [adapter.mac for adapter in adapters if adapter.mac])
    _check_unique("adapters: address", [adapter.address for adapter in adapters if adapter.address])
    _check_unique(
        "adapters: address6", [adapter.address6 for adapter in adapters if adapter.address6]
    )
    switches = definition.external_switches or ()
    _check_unique("external_switches: name", [switch.name for switch in switches])
    for switch in switches:
        _check_unique(f"external_switches: {switch.name!r}: adapter", switch.adapters)
    bound_switches(definition, adapters)
    for server in definition.dns_servers or ():
        _check_address("dns_servers", server)
    if definition.docker_bridge not in {None, "", "none"}:
        raise HnsError(
            Hr.E_INVALIDARG,
            f"docker_bridge: {definition.docker_bridge!r} is no bridge of Windows; give none",
        )
    if definition.docker_fixed_cidr:
        _check_subnet("docker_fixed_cidr", definition.docker_fixed_cidr)


def _check_subnet(member: str, text: str) -> None:
    try:
        subnet = ipaddress.IPv4Network(text)
    except ValueError:
        subnet = ipaddress.IPv4Network("0.0.0.0/32")
    if str(subnet) != text or subnet.num_addresses < _LEAST_ADDRESSES:
        raise HnsError(
            Hr.HCN_E_INVALID_IP, f"{member}: {text!r} is no IPv4 subnet, such as 10.70.0.0/16"
        )


def _check_adapter(adapter: AdapterDefinition) -> None:
    where = f"adapters: {adapter.name!r}"
    if "," in adapter.name:  # a comma separates the adapters of a team
        raise HnsError(Hr.E_INVALIDARG, f"{where} has a comma in its name; choose another")
    if adapter.mac and _MAC.fullmatch(adapter.mac) is None:
        raise HnsError(
            Hr.E_INVALIDARG,
            f"{where}: mac {adapter.mac!r} is not a MAC address; write AA-BB-CC-DD-EE-FF",
        )
    for member, text, version, example in (
        ("address", adapter.address, 4, "10.0.0.4/24"),
        ("address6", adapter.address6, 6, "fd00:10::4/64"),
    ):
        if text and not _is_interface(text, version):
            raise HnsError(
                Hr.HCN_E_INVALID_IP,
                f"{where}: {member} {text!r} is not an IPv{version} address with its prefix "
                f"length; write one, as in {example}",
            )
    for member, text, version in (
        ("gateway", adapter.gateway, 4),
        ("gateway6", adapter.gateway6, 6),
    ):
        if text:
            _check_gateway(f"{where}: {member}", text, version)


def _check_installed(extensions: Sequence[InstalledExtension], release: Release) -> None:
    """Refuse extensions without an id or a name of their own; Windows' own are there anyway."""
    for extension in extensions:
        if extension.id in extension_ids(release):
            raise HnsError(
                Hr.E_INVALIDARG,
                f"extensions: {extension.id} comes with {release.title}; leave it out",
            )
    _check_unique("extensions: id", [extension.id for extension in extensions])
    _check_unique("extensions: name", [extension.name for extension in extensions])


def _check_unique(member: str, values: Sequence[str]) -> None:
    for value in values:
        if not value:
            raise HnsError(Hr.E_INVALIDARG, f"{member} is empty; write one")
        if values.count(value) > 1:
            raise HnsError(Hr.E_INVALIDARG, f"{member} {value!r} appears twice; change one")


_LEAST_ADDRESSES = 4
"""Network, gateway, one container, broadcast."""


def _check_address(member: str, text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError as error:
        raise HnsError(Hr.HCN_E_INVALID_IP, f"{member}: {text!r} is not an IP address") from error


def _check_gateway(member: str, text: str, version: int) -> None:
    """Refuse what is no address of the family. Its spelling is kept: nothing looks it up."""
    _check_address(member, text)
    if ipaddress.ip_address(text).version != version:
        raise HnsError(
            Hr.HCN_E_INVALID_IP,
            f"{member}: {text!r} is no IPv{version} address; address and gateway are those of "
            "IPv4, address6 and gateway6 those of IPv6",
        )


def _is_interface(text: str, version: int) -> bool:
    """Tell whether a text is an address with its length, spelled as other members spell it."""
    try:
        interface = ipaddress.ip_interface(text)
    except ValueError:
        return False
    return interface.version == version and str(interface) == text and "%" not in text


def machine(host: Host, adapters: Sequence[Adapter]) -> Machine:
    """Return `host` with its adapters and the external switches it was created with."""
    definition = read_definition(host.definition)
    switches: tuple[ExternalSwitch, ...] = ()
    if with_variant(definition).external_switches:  # most hosts have none; pages list thousands
        switches = bound_switches(definition, adapter_definitions(definition, host.number))
    return Machine(
        host,
        tuple(adapters),
        switches,
        definition.variant or "",
        docker=bool(definition.docker),
        docker_bridge=definition.docker_bridge or "",
        docker_fixed_cidr=definition.docker_fixed_cidr or "",
        journal=bool(definition.journal),
    )


def differences(definition: HostDefinition, machine: Machine) -> tuple[str, ...]:
    """Return the members in which the machine differs from the definition; None never differs."""
    host = machine.host
    differs = {
        "release": definition.release is not None and definition.release.name != host.release.name,
        "variant": (definition.variant or None) not in {None, machine.variant},
        "hns_version": definition.hns_version not in {None, host.release.hns},
        "build": definition.build not in {None, host.release.build},
        "schema_version": definition.schema_version not in {None, host.release.schema},
        "adapters": definition.adapters is not None
        and not _are_adapters(definition.adapters, machine.adapters),
        "external_switches": definition.external_switches is not None
        and not _are_switches(definition.external_switches, machine.external_switches),
        "extensions": definition.extensions not in {None, host.extensions},
        "azure_vm": definition.azure_vm not in {None, host.azure_vm},
        "management_ip_delay": definition.management_ip_delay
        not in {None, host.management_ip_delay},
        "dns_servers": definition.dns_servers not in {None, host.dns_servers},
        "dns_suffix": definition.dns_suffix not in {None, host.dns_suffix},
        "docker": definition.docker not in {None, machine.docker},
        "docker_bridge": definition.docker_bridge not in {None, machine.docker_bridge},
        "docker_fixed_cidr": definition.docker_fixed_cidr not in {None, machine.docker_fixed_cidr},
        "journal": definition.journal not in {None, machine.journal},
    }
    return tuple(member for member, is_different in differs.items() if is_different)


def _are_adapters(definitions: Sequence[AdapterDefinition], adapters: Sequence[Adapter]) -> bool:
    return len(definitions) == len(adapters) and all(
        (wanted.name, wanted.gateway, wanted.gateway6, wanted.wireless)
        == (adapter.name, adapter.gateway, adapter.gateway6, adapter.wireless)
        and wanted.mac in {"", adapter.mac}
        and wanted.address == adapter_address(adapter)
        and wanted.address6 == adapter_address6(adapter)
        for wanted, adapter in zip(definitions, adapters, strict=True)
    )


def adapter_address(adapter: Adapter) -> str:
    """Return the adapter's address with its prefix length, "" when it has none."""
    return f"{adapter.address}/{adapter.prefix_length}" if adapter.address else ""


def shortest(text: str) -> str:
    """Return an IPv6 address, with or without its prefix length, in its shortest spelling.

    Addresses are found by it. What is none is returned as it is, to be refused under its own text.
    """
    try:
        return str(ipaddress.IPv6Interface(text) if "/" in text else ipaddress.IPv6Address(text))
    except ValueError:
        return text


def adapter_address6(adapter: Adapter) -> str:
    """Return the adapter's IPv6 address with its prefix length, "" when it has none."""
    return f"{adapter.address6}/{adapter.prefix_length6}" if adapter.address6 else ""


def _are_switches(
    definitions: Sequence[ExternalSwitch], switches: Sequence[ExternalSwitch]
) -> bool:
    return len(definitions) == len(switches) and all(
        wanted.name == switch.name and wanted.adapters in {(), switch.adapters}
        for wanted, switch in zip(definitions, switches, strict=True)
    )
