"""Ports that endpoints publish on their host: who has them, and which one HNS chooses."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hnsemu.domain.network_types import Mode, PortMappings, network_type
from hnsemu.domain.policies.portmapping import CHOSEN_PORTS, PortMapping
from hnsemu.domain.portreservations import IP_PROTOCOLS, PortProtocol
from hnsemu.domain.source import Source
from hnsemu.domain.winnat import NatRule, choose_port
from hnsemu.errors import HnsError, Hr

_DRAWS = 16

PortKey = tuple[int, bool, str, int]
"""What nobody else may have: protocol, IPv6 or not, virtual address, external port."""


@dataclass(frozen=True, slots=True)
class ReservedPorts:
    """Ports `start` to `end`, both included, of a guest network service's reservation."""

    reservation_id: str
    protocols: PortProtocol
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class HostPorts:
    """The ports of a host that are gone, as far as a request may want them.

    holders:  the endpoint that has published a port, by what it has.
    reserved: by guest network services, those that have not expired.
    ended:    what is published no more, whatever the holders say.
    """

    holders: Mapping[PortKey, str] = field(default_factory=dict)
    reserved: Sequence[ReservedPorts] = ()
    ended: Collection[PortKey] = ()

    def without(self, rules: Sequence[NatRule]) -> "HostPorts":
        """Return the ports as they are once these rules have ended."""
        return replace(self, ended=frozenset(port_key(rule.mapping) for rule in rules))

    def holder(self, key: PortKey) -> str | None:
        """Return the endpoint that has published this."""
        return None if key in self.ended else self.holders.get(key)

    def reserver(self, mapping: PortMapping) -> str | None:
        """Return the id of the reservation that has the external port."""
        bit = IP_PROTOCOLS.get(mapping.protocol, PortProtocol(0))
        return next(
            (
                reserved.reservation_id
                for reserved in self.reserved
                if reserved.protocols & bit
                and reserved.start <= mapping.external_port <= reserved.end
            ),
            None,
        )

    def taken(self, protocol: int) -> set[int]:
        """Return the ports of a protocol that somebody has, whatever the address."""
        ports = {key[-1] for key in self.holders if key[0] == protocol and key not in self.ended}
        for reserved in self.reserved:
            if reserved.protocols & IP_PROTOCOLS.get(protocol, PortProtocol(0)):
                ports.update(range(reserved.start, reserved.end + 1))
        return ports


@dataclass(frozen=True, slots=True)
class NewNatRule:
    """A port that an endpoint publishes from now on. engine: as that of a `NatRule`."""

    engine: str
    mapping: PortMapping
    internal_address: str


def port_key(mapping: PortMapping) -> PortKey:
    """Return what the mapping claims on the host."""
    return mapping.protocol, mapping.ipv6, mapping.vip, mapping.external_port


def draw_port(
    mapping: PortMapping, ports: HostPorts, besides: Collection[int], source: Source
) -> int:
    """Draw a free external port at random, none of `besides`; when they are few, search them.

    Raises: HCN_E_PORT_NOT_FOUND when none is left.
    """
    for _ in range(_DRAWS):
        port = CHOSEN_PORTS[source.below(len(CHOSEN_PORTS))]
        wanted = PortMapping(
            mapping.protocol, mapping.internal_port, port, mapping.vip, ipv6=mapping.ipv6
        )
        if (
            port not in besides
            and ports.holder(port_key(wanted)) is None
            and not ports.reserver(wanted)
        ):
            return port
    taken = ports.taken(mapping.protocol) | set(besides)
    return choose_port(taken, source.below(len(CHOSEN_PORTS)))


def changed_rules(
    published: Sequence[PortMapping], existing: Sequence[NatRule]
) -> tuple[list[PortMapping], list[NatRule]]:
    """Return what an endpoint publishes newly, and which of its rules have ended.

    published: every port that it publishes from now on.
    """
    wanted = frozenset(published)
    ended = [rule for rule in existing if rule.mapping not in wanted]
    kept = Counter(rule.mapping for rule in existing if rule.mapping in wanted)
    new = []
    for mapping in published:
        if kept[mapping]:
            kept[mapping] -= 1
        else:
            new.append(mapping)
    return new, ended


def new_rules(
    mappings: Sequence[PortMapping],
    ports: HostPorts,
    endpoint_id: str,
    mode: Mode,
    addresses: Sequence[str],
) -> tuple[NewNatRule, ...]:
    """Return the rules that publish these ports of an endpoint.

    addresses: of the endpoint. mode: of its network.
    Raises: HCN_E_PORT_ALREADY_EXISTS for a port that somebody has, this endpoint included.
    """
    on_winnat = network_type(mode).port_mappings is PortMappings.WINNAT
    own: set[PortKey] = set()
    rules = []
    for mapping in mappings:
        key = port_key(mapping)
        _check_free(mapping, endpoint_id if key in own else ports.holder(key), ports)
        own.add(key)
        rules.append(
            NewNatRule(
                "WinNAT" if on_winnat else "VFP", mapping, _internal_address(addresses, mapping)
            )
        )
    return tuple(rules)


def _check_free(mapping: PortMapping, holder: str | None, ports: HostPorts) -> None:
    if holder is not None:
        raise HnsError(
            Hr.HCN_E_PORT_ALREADY_EXISTS,
            f"PortMapping: external port {mapping.external_port} of protocol {mapping.protocol} "
            f"belongs to endpoint {holder}; choose another, or 0 to let HNS choose",
        )
    reserver = ports.reserver(mapping)
    if reserver is not None:
        raise HnsError(
            Hr.HCN_E_PORT_ALREADY_EXISTS,
            f"PortMapping: external port {mapping.external_port} is in port reservation {reserver} "
            "of a guest network service; choose another, or 0 to let HNS choose",
        )


def _internal_address(addresses: Sequence[str], mapping: PortMapping) -> str:
    return next((text for text in addresses if (":" in text) == mapping.ipv6), "")
