"""Where packets go: the entries of VNET_ENCAP, and those of the distributed router.

Source: dataplane.md sections 4.1, 5.1, 5.2 and 11.2.
"""

import ipaddress
from collections.abc import Iterable, Iterator
from functools import lru_cache

from hnsemu.domain.dataplane import PlumbedEndpoint, PlumbedNetwork, RoutePolicy, parse_address
from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.matching import Conditions, prefixes, to_addresses
from hnsemu.domain.packet import VXLAN, Address
from hnsemu.domain.vfp.model import (
    PRESERVE_MAC,
    PUSH_TNI,
    TERMINATING,
    EncapTo,
    LocalTo,
    RouteTo,
    Rule,
    RuleType,
    Turn,
)

ENCAP_LAYER = "VNET_ENCAP_LAYER"
HAIRPIN_LAYER_ID = "REMOTESUBNETROUTE_HAIRPIN_LAYER"

_PRIORITY = 100
_DECAP_PRIORITY = 45534  # [O]


def decap_rule(evidence: str = "O") -> Rule:
    """Return the rule that takes VXLAN off. Source: section 4.1 [O]."""
    return Rule(
        id="",
        name="",
        priority=_DECAP_PRIORITY,
        flags=TERMINATING | PRESERVE_MAC | PUSH_TNI,
        type=RuleType.DECAP,
        conditions=Conditions(frozenset({VXLAN})),
        evidence=evidence,
    )


def endpoint_rules(
    network: PlumbedNetwork, endpoints: Iterable[PlumbedEndpoint], source: Address | None
) -> Iterator[Rule]:
    """Yield an entry for each address of endpoints here and elsewhere.

    source: the provider address that packets for remote ones leave from.
    """
    for endpoint in endpoints:
        for address in endpoint.addresses:
            conditions = Conditions(destination=to_addresses(address))
            mac = endpoint.endpoint.mac_address
            if not endpoint.is_remote:
                yield _entry(
                    str(address), RuleType.ALLOW, conditions, LocalTo(mac, endpoint.id), None
                )
                continue
            policy = endpoint.policies.provider
            provider = parse_address(policy.address) if policy is not None else None
            if policy is None or provider is None or source is None:
                continue
            # A service address that kube-proxy puts behind the node itself is balanced there.
            is_own = provider == source
            vni = network.vsid_of(address)
            to = EncapTo(provider, source, vni, mac, network.vxlan_port, by_route=is_own)
            yield _entry(str(address), RuleType.MAPENCAP, conditions, to, policy.policy)


def remote_rules(network: PlumbedNetwork, source: Address | None) -> Iterator[Rule]:
    """Yield an entry for each RemoteSubnetRoute of the network."""
    for route in network.remote_routes:
        provider, to = parse_address(route.provider), prefixes(route.prefix)
        if provider is not None and to is not None and source is not None:
            data = EncapTo(provider, source, route.vni, route.mac, network.vxlan_port)
            conditions = Conditions(destination=to)
            yield _entry(route.prefix, RuleType.MAPENCAP, conditions, data, route.policy)


def route_rules(
    network: PlumbedNetwork, routes: Iterable[RoutePolicy], source: Address | None
) -> Iterator[Rule]:
    """Yield an entry for each SDN route: encapsulated to NextHop or the own host, or direct."""
    for policy in routes:
        prefix = policy.route.destination_prefix
        to = prefixes(prefix)
        if to is None:
            continue
        hop = parse_address(policy.route.next_hop)
        conditions = Conditions(destination=to)
        if not policy.route.need_encap:
            yield _entry(prefix, RuleType.ALLOW, conditions, RouteTo(hop), policy.policy)
        elif source is not None:
            vni = next(iter(network.vsids.values()), 0)
            data = EncapTo(hop or source, source, vni, "", network.vxlan_port, by_route=True)
            yield _entry(prefix, RuleType.MAPENCAP, conditions, data, policy.policy)


def turn_rules(endpoints: Iterable[PlumbedEndpoint]) -> Iterator[Rule]:
    """Yield the entries of the DR port: round to the local endpoint, under its own MAC."""
    for endpoint in endpoints:
        if endpoint.is_remote:
            continue
        for address in endpoint.addresses:
            yield Rule(
                id=str(address),
                name="",
                priority=_PRIORITY,
                flags=TERMINATING,
                type=RuleType.TRANSPOSE,
                conditions=Conditions(destination=to_addresses(address)),
                data=Turn(endpoint.id, endpoint.endpoint.mac_address),
            )


def _entry(
    name: str,
    kind: RuleType,
    conditions: Conditions,
    data: EncapTo | LocalTo | RouteTo,
    policy: PolicyRef | None,
) -> Rule:
    return Rule(
        id=name,
        name="",
        priority=_PRIORITY,
        flags=TERMINATING,
        type=kind,
        conditions=conditions,
        data=data,
        policy=policy,
    )


def prefix_length(rule: Rule, version: int) -> int:
    """Return the length of the prefix that a rule of a longest-prefix group stands for."""
    match = rule.conditions.destination
    texts = match.texts if match is not None else ()
    return max((_length(text, version) for text in texts), default=0)


@lru_cache(maxsize=65536)
def _length(text: str, version: int) -> int:
    network = ipaddress.ip_network(text, strict=False)
    return network.prefixlen if network.version == version else 0
