"""Source NAT of container ports: OutBoundNAT in SLB_NAT_LAYER.

Source: dataplane.md sections 5.1, 7.4 and 11.2.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hnsemu.domain.dataplane import (
    OutboundNat,
    PlumbedEndpoint,
    PlumbedNetwork,
    Proxy,
    parse_address,
)
from hnsemu.domain.matching import Conditions, prefixes, to_addresses
from hnsemu.domain.nat_blocks import FIRST_PORT, LAST_PORT, port_block
from hnsemu.domain.packet import TCP, UDP, Address, Packet
from hnsemu.domain.vfp.layers import management_address
from hnsemu.domain.vfp.model import FLOW_TTL, STATEFUL, TERMINATING, NatPool, Rule, RuleType

SLB_NAT_LAYER = "SLB_NAT_LAYER"
_FLAGS = TERMINATING | STATEFUL
_NAMES = {TCP: "TCP", UDP: "UDP"}

_FOR_PROXY, _FOR_DESTINATIONS, _EXCEPTION, _EVERYWHERE = 140, 150, 200, 300  # priorities [M]


def outbound_rules(network: PlumbedNetwork, endpoint: PlumbedEndpoint) -> Sequence[Rule]:
    """Return the rules of SLB_GROUP_NAT_…_OUT for the OutBoundNAT policies of the endpoint.

    Before them those of its proxies that ask for OutboundNat.
    """
    management = management_address(network)
    rules = list(_to_proxies(network, endpoint, management))
    exceptions = 0
    for number, nat in enumerate(endpoint.policies.nats):
        new = parse_address(nat.virtual_ip) or management
        if new is None:
            continue
        for prefix in () if nat.destinations else nat.exceptions:
            rule = _exception(endpoint, nat, prefix, exceptions)
            exceptions += 1
            if rule is not None:
                rules.append(rule)
        rules.extend(_source_nat(endpoint, nat, new, number))
    return rules


def keeps_source(network: PlumbedNetwork, endpoint: PlumbedEndpoint, packet: Packet) -> bool:
    """Tell whether the packet would be translated, were it not for its protocol."""
    if packet.protocol in _NAMES:
        return False
    as_tcp = replace(packet, protocol=TCP)
    matching = [
        rule for rule in outbound_rules(network, endpoint) if rule.conditions.match(as_tcp, {})
    ]
    first = min(matching, key=lambda rule: rule.priority, default=None)
    return first is not None and isinstance(first.data, NatPool)


def pool_names(network: PlumbedNetwork, endpoint: PlumbedEndpoint) -> tuple[str, ...]:
    """Return the names of the NAT pools that the endpoint draws from."""
    found = []
    for rule in outbound_rules(network, endpoint):
        if isinstance(rule.data, NatPool) and rule.data.name not in found:
            found.append(rule.data.name)
    return tuple(found)


def _exception(
    endpoint: PlumbedEndpoint, nat: OutboundNat, prefix: str, number: int
) -> Rule | None:
    to = prefixes(prefix)
    if to is None:
        return None
    return Rule(
        id=f"ALLOW_OUTBOUNDNAT_EXCEPTION_{number}_{prefix}",
        name="",
        priority=_EXCEPTION + number,
        flags=_FLAGS,
        type=RuleType.ALLOW,
        conditions=Conditions(source=to_addresses(*endpoint.addresses), destination=to),
        ttl=FLOW_TTL,
        policy=nat.policy,
    )


def _source_nat(
    endpoint: PlumbedEndpoint, nat: OutboundNat, new: Address, number: int
) -> Iterator[Rule]:
    own = _of_family(endpoint, new)
    to = prefixes(*nat.destinations)
    if not own or (nat.destinations and to is None):
        return
    for protocol, name in _NAMES.items():
        yield Rule(
            id=f"SNAT_{name}_OUTBOUNDNAT_{number}_{new}",
            name="",
            priority=_FOR_DESTINATIONS if nat.destinations else _EVERYWHERE,
            flags=_FLAGS,
            type=RuleType.DYNNAT,
            conditions=Conditions(frozenset({protocol}), to_addresses(*own), to),
            data=NatPool(
                _pool_name(endpoint, name, own[0], new, str(number)),
                new,
                port_block(endpoint.endpoint.nat_block),
            ),
            ttl=FLOW_TTL,
            policy=nat.policy,
            evidence="O" if protocol == TCP and new.version == 4 else "I",  # noqa: PLR2004 (a family)
        )


def _to_proxies(
    network: PlumbedNetwork, endpoint: PlumbedEndpoint, management: Address | None
) -> Iterator[Rule]:
    """Yield the source NAT of connections that L4Proxy policies redirect, where they ask for it.

    Source: section 5.1 ([D] that OutboundNat is source NAT; place, priority and ports [M]).
    """
    proxies: Sequence[Proxy] = (*endpoint.policies.proxies, *network.proxies)
    for number, proxy in enumerate(proxies):
        to, name = parse_address(proxy.address), _NAMES.get(proxy.protocol or TCP)
        if not proxy.outbound_nat or to is None or name is None or management is None:
            continue
        own = _of_family(endpoint, management)
        if not own or to.version != management.version:
            continue
        yield Rule(
            id=f"SNAT_{name}_PROXY_{number}_{management}",
            name="",
            priority=_FOR_PROXY,
            flags=_FLAGS,
            type=RuleType.DYNNAT,
            conditions=Conditions(
                frozenset({proxy.protocol or TCP}),
                to_addresses(*own),
                to_addresses(to),
                destination_ports=((proxy.port, proxy.port),),
            ),
            data=NatPool(
                _pool_name(endpoint, name, own[0], management, f"PROXY{number}"),
                management,
                (FIRST_PORT, LAST_PORT),
            ),
            ttl=FLOW_TTL,
            policy=proxy.policy,
        )


def _of_family(endpoint: PlumbedEndpoint, other: Address) -> list[Address]:
    return [address for address in endpoint.addresses if address.version == other.version]


def _pool_name(
    endpoint: PlumbedEndpoint, protocol: str, own: Address, new: Address, suffix: str
) -> str:
    return f"SLB_NATPOOL_IPV{new.version}_{protocol}_{own}{new}{endpoint.id.upper()}{suffix}"
