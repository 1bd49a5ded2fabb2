"""Load balancers: rules on container ports (DSR) and on the host port.

Source: dataplane.md sections 5.3 and 11.2 ([O] ids and places, [M] priorities and numbers).
"""

from collections.abc import Iterator, Sequence

from hnsemu.domain.dataplane import Balancer, parse_address
from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.loadbalancers import DIRECT_SERVER_RETURN, INTERNAL, IPV6
from hnsemu.domain.matching import Conditions, to_addresses
from hnsemu.domain.packet import Address, Packet
from hnsemu.domain.policylists import PortMapping
from hnsemu.domain.vfp.model import (
    FLOW_TTL,
    STATEFUL,
    TERMINATING,
    Balance,
    Dip,
    NatTo,
    Rule,
    RuleType,
    Turn,
)

LOCAL_ROUTED_VIP, USE_MUX, PRESERVE_DIP = 2, 4, 8  # LoadBalancerPortMappingFlags [D]

_PRIORITY = 100
_FLAGS = TERMINATING | STATEFUL


def is_dsr(balancer: Balancer) -> bool:
    """Tell whether replies bypass the load balancing of the host."""
    return bool(balancer.policy_list.flags & DIRECT_SERVER_RETURN)


def family_of(balancer: Balancer) -> int:
    """Return 6 for a load balancer of IPv6, else 4: its node ports have such an address."""
    return 6 if balancer.policy_list.flags & IPV6 else 4


def dsr_rules(
    balancer: Balancer, management: Address | None, *, is_overlay: bool = False
) -> Iterator[Rule]:
    """Yield the rules of LB_DSR_…_OUT on every container port; without DSR there are none."""
    if not is_dsr(balancer):
        return
    for vip, mapping in served(balancer, management):
        dips = dips_of(balancer, vip, mapping)
        if dips:
            source = _dsr_source(balancer, management, dips) if is_overlay else None
            network = min(balancer.network_ids)[:8]
            yield _rule(
                f"LB_DSR_{network}_{management or vip}_{vip}_{_ports(mapping)}",
                balancer,
                RuleType.LBNAT,
                _to(vip, mapping),
                Balance(dips, mapping.distribution_type, source, preserves=is_preserved(mapping)),
                evidence="O",
            )


def backend_rules(
    balancer: Balancer, endpoint_id: str, management: Address | None
) -> tuple[list[Rule], list[Rule]]:
    """Return the rules of SLB_NAT_…_IN and SLB_NAT_…_OUT on the port of a backend.

    Packets that still carry the service address go to the backend's own port; its answers leave
    without source NAT.
    """
    inward: list[Rule] = []
    outward: list[Rule] = []
    if not is_dsr(balancer):
        return inward, outward
    for vip, mapping in served(balancer, management):
        own = [dip for dip in dips_of(balancer, vip, mapping) if dip.endpoint_id == endpoint_id]
        if not own or is_preserved(mapping):
            continue
        number = balancer.policy_list.rule_number
        name = f"NAT_{number}_{vip}_{mapping.external_port}_{mapping.protocol}"
        to = NatTo(own[0].address, own[0].port)
        inward.append(_rule(name, balancer, RuleType.NAT, _to(vip, mapping), to, evidence="O"))
        answers = Conditions(
            _protocols(mapping),
            source=to_addresses(vip),
            source_ports=_port(mapping.external_port),
        )
        outward.append(_rule(f"ALLOW_{name}", balancer, RuleType.ALLOW, answers, evidence="O"))
    return inward, outward


def host_rules(
    balancer: Balancer, management: Address | None
) -> tuple[list[Rule], list[Rule], list[Rule]]:
    """Return the rules of LB_OUT, SLB_GROUP_LB_…_OUT and SLB_GROUP_HAIRPIN_…_IN."""
    out: list[Rule] = []
    local: list[Rule] = []
    hairpin: list[Rule] = []
    for vip, mapping in served(balancer, management):
        dips = dips_of(balancer, vip, mapping)
        if not dips:
            continue
        rules = local if all(dip.is_local for dip in dips) else out
        rules.append(_host_rule(balancer, vip, mapping, dips))
        if any(dip.is_local for dip in dips):
            name = f"HairPin_{_host_suffix(balancer, vip, mapping)}"
            hairpin.append(
                _rule(name, balancer, RuleType.TRANSPOSE, _to(vip, mapping), Turn(),
                      flags=TERMINATING, evidence="O")
            )  # fmt: skip
    return out, local, hairpin


def _host_rule(
    balancer: Balancer, vip: Address, mapping: PortMapping, dips: tuple[Dip, ...]
) -> Rule:
    """Return the rule that balances at the host port: plain NAT to a single backend here."""
    suffix, to = _host_suffix(balancer, vip, mapping), _to(vip, mapping)
    balance = Balance(
        dips,
        mapping.distribution_type,
        _source_vip(balancer, vip, dips),
        preserves=is_preserved(mapping),
    )
    if not all(dip.is_local for dip in dips):
        name = f"LB_HOST_{balancer.policy_list.rule_number}_{vip}_{_ports(mapping)}"
        return _rule(name, balancer, RuleType.LBNAT, to, balance, evidence="O")
    if len(dips) == 1 and balance.source_vip is None and not balance.preserves:
        data = NatTo(dips[0].address, dips[0].port)
        return _rule(f"NAT_{suffix}", balancer, RuleType.NAT, to, data, evidence="O")
    return _rule(f"LB_{suffix}", balancer, RuleType.LBNAT, to, balance, evidence="O")


def _host_suffix(balancer: Balancer, vip: Address, mapping: PortMapping) -> str:
    port = mapping.external_port
    return f"{balancer.policy_list.rule_number}_{vip}_{port}_{port}_{mapping.protocol}"


def served(balancer: Balancer, management: Address | None) -> Iterator[tuple[Address, PortMapping]]:
    """Yield every address and mapping it answers on; node ports have the host's address."""
    vips = [parse_address(vip) for vip in balancer.policy_list.frontend_vips]
    if not vips:
        version = family_of(balancer)
        vips = [management if management is not None and management.version == version else None]
    for vip in vips:
        if vip is not None:
            for mapping in balancer.policy_list.port_mappings:
                yield vip, mapping


def dips_of(balancer: Balancer, vip: Address, mapping: PortMapping) -> tuple[Dip, ...]:
    """Return the backends of the family of `vip`, in the order of the load balancer."""
    found = []
    for backend in balancer.backends:
        addresses = (own for own in backend.addresses if own.version == vip.version)
        address = next(addresses, None)
        if address is not None:
            found.append(
                Dip(address, mapping.internal_port, backend.endpoint_id, not backend.is_remote)
            )
    return tuple(found)


def takes(mapping: PortMapping, packet: Packet) -> bool:
    """Tell whether the mapping is for the protocol and the port of the packet."""
    return mapping.protocol in {0, packet.protocol} and mapping.external_port in {
        0,
        packet.destination_port,
    }


def is_preserved(mapping: PortMapping) -> bool:
    """Tell whether local backends see the service address. Source: section 5.3 [D]."""
    return bool(mapping.flags & PRESERVE_DIP)


def is_routed(mapping: PortMapping) -> bool:
    """Tell whether packets for the host's own address are balanced too."""
    return bool(mapping.flags & LOCAL_ROUTED_VIP) or not mapping.flags & INTERNAL


def _source_vip(balancer: Balancer, vip: Address, dips: Sequence[Dip]) -> Address | None:
    """Return the source that the host port gives, None where clients stay visible."""
    source = parse_address(balancer.policy_list.source_vip)
    if source is None or source.version != vip.version:
        return None
    return None if is_dsr(balancer) and all(dip.is_local for dip in dips) else source


def _dsr_source(
    balancer: Balancer, management: Address | None, dips: Sequence[Dip]
) -> Address | None:
    """Return the source that backends outside the overlay see: the node's address.

    kube-proxy names it as SourceVIP where backends are nodes or outside the cluster [C]; answers to
    the address of a pod would not come back from there [I].
    """
    source = parse_address(balancer.policy_list.source_vip)
    is_of_node = source is not None and source == management
    return source if is_of_node and not any(dip.is_local for dip in dips) else None


def _rule(
    name: str,
    balancer: Balancer,
    kind: RuleType,
    conditions: Conditions,
    data: Balance | NatTo | Turn | None = None,
    *,
    flags: int = _FLAGS,
    evidence: str = "M",
) -> Rule:
    policy_list = balancer.policy_list
    return Rule(
        id=name,
        name=policy_list.name or name,
        priority=_PRIORITY,
        flags=flags,
        type=kind,
        conditions=conditions,
        data=data,
        ttl=FLOW_TTL if flags & STATEFUL else 0,
        policy=PolicyRef("LoadBalancer", policy_list.id, "LoadBalancer"),
        evidence=evidence,
    )


def _to(vip: Address, mapping: PortMapping) -> Conditions:
    return Conditions(
        _protocols(mapping),
        destination=to_addresses(vip),
        destination_ports=_port(mapping.external_port),
    )


def _protocols(mapping: PortMapping) -> frozenset[int]:
    return frozenset({mapping.protocol}) if mapping.protocol else frozenset()


def _port(number: int) -> tuple[tuple[int, int], ...]:
    return ((number, number),) if number else ()


def _ports(mapping: PortMapping) -> str:
    return f"{mapping.external_port}_{mapping.internal_port}_{mapping.protocol}"
