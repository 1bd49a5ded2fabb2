"""Addresses of a real host's adapters: Get-NetIPAddress, with Get-NetRoute for the gateways.

An adapter under an external switch has handed its addresses to the vNIC of the host. Its name says
which it was, as in "vEthernet (Ethernet)"; else the ManagementIP of a network on it does.
"""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hnsemu.domain.hosts import AdapterDefinition
from hnsemu.dumps.reading import Document, Kind

_EVERYTHING = {"0.0.0.0/0": 4, "::/0": 6}
_NO_HOP = {"0.0.0.0", "::"}  # noqa: S104 (what a route on-link has)

_Interface = ipaddress.IPv4Interface | ipaddress.IPv6Interface


@dataclass(frozen=True, slots=True)
class _Found:
    """The addresses of one interface by family, and its gateways."""

    addresses: Mapping[int, _Interface]
    gateways: Mapping[int, str]


def with_addresses(
    adapters: Iterable[AdapterDefinition], documents: Sequence[Document]
) -> Iterator[AdapterDefinition]:
    """Yield the adapters with what the documents say of their addresses and gateways."""
    interfaces = _interfaces(documents)
    for adapter in adapters:
        alias = _alias_of(adapter, interfaces)
        yield adapter if alias is None else _with(adapter, interfaces[alias])


def is_used(document: Document, adapters: Iterable[AdapterDefinition]) -> bool:
    """Tell whether one of the adapters has the address or the gateway of the document."""
    members = document.members
    if document.kind is Kind.ADAPTER:
        return True
    if document.kind is Kind.ROUTE:
        hops = {hop for adapter in adapters for hop in (adapter.gateway, adapter.gateway6)}
        return str(members.get("NextHop") or "") in hops - {""}
    interface = _interface(members)
    known = {text for adapter in adapters for text in (adapter.address, adapter.address6)}
    return interface is not None and str(interface) in known


def _interfaces(documents: Sequence[Document]) -> dict[str, _Found]:
    """Return what each interface has, by its alias: the first address of each family."""
    found: dict[str, _Found] = {}
    for document in documents:
        alias = str(document.members.get("InterfaceAlias") or "")
        if document.kind is Kind.IP_ADDRESS:
            interface = _interface(document.members)
            if interface is not None:
                known = found.get(alias, _Found({}, {}))
                addresses = {interface.version: interface, **known.addresses}
                found[alias] = replace(known, addresses=addresses)
        elif document.kind is Kind.ROUTE:
            version = _EVERYTHING.get(str(document.members.get("DestinationPrefix")))
            hop = str(document.members.get("NextHop") or "")
            if version and hop not in _NO_HOP and _version(hop) == version:
                known = found.get(alias, _Found({}, {}))
                gateways = {version: hop, **known.gateways}
                found[alias] = replace(known, gateways=gateways)
    return found


def _alias_of(adapter: AdapterDefinition, interfaces: Mapping[str, _Found]) -> str | None:
    for alias in (adapter.name, f"vEthernet ({adapter.name})"):
        if alias in interfaces and interfaces[alias].addresses:
            return alias
    own, _, _ = adapter.address.partition("/")
    for alias, found in interfaces.items():
        if own and 4 in found.addresses and str(found.addresses[4].ip) == own:  # noqa: PLR2004
            return alias
    return None


def _with(adapter: AdapterDefinition, found: _Found) -> AdapterDefinition:
    address, address6 = found.addresses.get(4), found.addresses.get(6)
    return replace(
        adapter,
        address=adapter.address if address is None else str(address),
        gateway=found.gateways.get(4, adapter.gateway),
        address6="" if address6 is None else str(address6),
        gateway6=found.gateways.get(6, ""),
    )


def _interface(members: Mapping[str, object]) -> _Interface | None:
    """Return an address that other hosts reach, None for one of the link alone and for none."""
    text, length = str(members.get("IPAddress") or ""), members.get("PrefixLength")
    try:
        interface = ipaddress.ip_interface(f"{text}/{length}")
    except ValueError:
        return None
    address = interface.ip
    is_local = address.is_link_local or address.is_loopback or address.is_multicast
    return None if is_local or address.is_unspecified or "%" in text else interface


def _version(text: str) -> int:
    try:
        return ipaddress.ip_address(text).version
    except ValueError:
        return 0
