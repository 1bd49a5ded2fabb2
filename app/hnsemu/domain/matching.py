"""What a rule matches: protocols, addresses, tags and ports.

VFP, the Windows Firewall and traces share it: it knows nothing of layers and rules.
Source: dataplane.md sections 1.5 and 6.2.
"""

import bisect
import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from hnsemu.domain.packet import ICMP, ICMPV6, IGMP, TCP, UDP, WITH_PORTS, Address, Packet
from hnsemu.domain.policies.acl import Tuple5, parts

_IPV4, _IPV6 = 4, 6
_BOTH = frozenset({_IPV4, _IPV6})
_ANY_PROTOCOL = 256
_NUMBERS = {"icmpv4": ICMP, "icmp": ICMP, "igmp": IGMP, "tcp": TCP, "udp": UDP, "icmpv6": ICMPV6}


@dataclass(frozen=True, slots=True)
class AddressSet:
    """Addresses as sorted ranges that do not overlap: membership in O(log n).

    texts: the addresses and prefixes as written. firsts and lasts: by family, both ends included.
    """

    texts: tuple[str, ...]
    firsts: Mapping[int, tuple[int, ...]]
    lasts: Mapping[int, tuple[int, ...]]

    def __contains__(self, address: Address) -> bool:
        """Tell whether the address is one of the set."""
        number = int(address)
        place = bisect.bisect_right(self.firsts[address.version], number) - 1
        return place >= 0 and number <= self.lasts[address.version][place]

    def __hash__(self) -> int:
        """Return the hash of the texts, from which all else follows."""
        return hash(self.texts)

    @property
    def versions(self) -> frozenset[int]:
        """Return the families of which it has addresses."""
        return frozenset(version for version in (_IPV4, _IPV6) if self.firsts[version])


Tags = Mapping[str, AddressSet]
"""Named address sets of a port: what SetPolicy policies become."""


@lru_cache(maxsize=65536)
def address_set(texts: tuple[str, ...]) -> AddressSet:
    """Return the set of these addresses and prefixes; host bits of a prefix do not matter."""
    ranges: dict[int, list[tuple[int, int]]] = {_IPV4: [], _IPV6: []}
    for text in texts:
        network = ipaddress.ip_network(text, strict=False)
        ranges[network.version].append(
            (int(network.network_address), int(network.broadcast_address))
        )
    merged = {version: _merge(pairs) for version, pairs in ranges.items()}
    return AddressSet(
        texts,
        {version: tuple(first for first, _ in pairs) for version, pairs in merged.items()},
        {version: tuple(last for _, last in pairs) for version, pairs in merged.items()},
    )


def _merge(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    result: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if result and first <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(last, result[-1][1]))
        else:
            result.append((first, last))
    return result


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """A condition on an address: one of the literals, and in every tag that is named.

    literals: None when only tags are named. Several tags are ANDed. Source: section 6.2 [I].
    """

    literals: AddressSet | None = None
    tags: tuple[str, ...] = ()

    def matches(self, address: Address, tags: Tags) -> bool:
        """Tell whether the address meets the condition; a tag that is not there has no members."""
        if self.literals is not None and address not in self.literals:
            return False
        return all(name in tags and address in tags[name] for name in self.tags)

    @property
    def texts(self) -> tuple[str, ...]:
        """Return what is listed: literals, then tags."""
        return (*(self.literals.texts if self.literals else ()), *self.tags)


Ports = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Conditions:
    """All of these must hold; what is empty or None holds for every packet.

    protocols: IP protocol numbers. ports: (first, last) pairs, both ends included; only packets
    of protocols with ports meet them. versions: the address families that can meet them.
    """

    protocols: frozenset[int] = frozenset()
    source: AddressMatch | None = None
    destination: AddressMatch | None = None
    source_ports: Ports = ()
    destination_ports: Ports = ()
    versions: frozenset[int] = field(init=False, compare=False, default=_BOTH)

    def __post_init__(self) -> None:
        """Work out the families."""
        possible = _BOTH
        for side in (self.source, self.destination):
            if side is not None and side.literals is not None:
                possible &= side.literals.versions
        object.__setattr__(self, "versions", possible)

    def match(self, packet: Packet, tags: Tags) -> bool:
        """Tell whether the packet meets every condition."""
        return (
            self.match_without_addresses(packet)
            and (self.source is None or self.source.matches(packet.source, tags))
            and (self.destination is None or self.destination.matches(packet.destination, tags))
        )

    def match_without_addresses(self, packet: Packet) -> bool:
        """Tell whether the packet meets the conditions on protocol and ports."""
        if self.protocols and packet.protocol not in self.protocols:
            return False
        if (self.source_ports or self.destination_ports) and packet.protocol not in WITH_PORTS:
            return False
        return _in_ports(packet.destination_port, self.destination_ports) and _in_ports(
            packet.source_port, self.source_ports
        )


def to_addresses(*texts: Any) -> AddressMatch:  # noqa: ANN401 (addresses, networks, texts)
    """Return the condition of being one of these addresses or in one of these prefixes."""
    return AddressMatch(address_set(tuple(str(text) for text in texts)))


def to_ports(items: Iterable[str]) -> Ports:
    """Return the ranges that 80 and 8000-8010 mean."""
    found = []
    for item in items:
        first, _, last = item.partition("-")
        found.append((int(first), int(last or first)))
    return tuple(found)


@lru_cache(maxsize=65536)
def conditions(match: Tuple5, direction: str) -> Conditions:
    """Return what a five-tuple matches on packets of `direction`, "In" or "Out".

    A rule that names IP sets has sources under LocalAddresses in both directions.
    Source: section 6.2 ([D] the sides; the quirk of sets is a comment of Azure NPM [D]).
    """
    local, remote = _addresses(match.local_addresses), _addresses(match.remote_addresses)
    names_sets = any(side is not None and side.tags for side in (local, remote))
    local_is_source = direction == "Out" or names_sets
    local_ports, remote_ports = (
        to_ports(parts(match.local_ports)),
        to_ports(parts(match.remote_ports)),
    )
    return Conditions(
        protocols=_protocols(match.protocols),
        source=local if local_is_source else remote,
        destination=remote if local_is_source else local,
        source_ports=local_ports if direction == "Out" else remote_ports,
        destination_ports=remote_ports if direction == "Out" else local_ports,
    )


def prefixes(*texts: str) -> AddressMatch | None:
    """Return the condition of being in one of these prefixes; texts that are none are left out.

    None when nothing is left.
    """
    literals = tuple(text for text in texts if is_prefix(text))
    return AddressMatch(address_set(literals)) if literals else None


@lru_cache(maxsize=65536)
def is_prefix(text: str) -> bool:
    """Tell whether the text is an address or a prefix."""
    try:
        address_set((text,))
    except ValueError:
        return False
    return True


def _protocols(text: str) -> frozenset[int]:
    found = set()
    for item in parts(text):
        number = _NUMBERS.get(item.lower())
        found.add(int(item) if number is None else number)
    return frozenset() if _ANY_PROTOCOL in found else frozenset(found)


def _addresses(text: str) -> AddressMatch | None:
    items = parts(text)
    if not items:
        return None
    literals = tuple(item for item in items if is_prefix(item))
    return AddressMatch(
        address_set(literals) if literals else None,
        tuple(item for item in items if item not in literals),
    )


def _in_ports(port: int, ranges: Ports) -> bool:
    if not ranges:
        return True
    return any(first <= port <= last for first, last in ranges)
