"""Steps of a trace: what changed, and the sentence that says it."""

from collections.abc import Callable, Mapping

from hnsemu.domain.packet import Direction, Packet, endpoint_text
from hnsemu.domain.tracing.model import Result, Step
from hnsemu.domain.vfp.evaluate import Decision
from hnsemu.domain.vfp.model import (
    Balance,
    EncapTo,
    LocalTo,
    NatPool,
    NatTo,
    PaRoute,
    PortKind,
    RedirectTo,
    RewriteMac,
    RouteTo,
    Rule,
    RuleType,
    Turn,
    VfpPort,
)

_RESULTS = {
    RuleType.ALLOW: Result.ALLOW,
    RuleType.BLOCK: Result.BLOCK,
    RuleType.NAT: Result.REWRITE,
    RuleType.DYNNAT: Result.REWRITE,
    RuleType.LBNAT: Result.REWRITE,
    RuleType.MAPENCAP: Result.ENCAP,
    RuleType.DECAP: Result.DECAP,
    RuleType.PAROUTE: Result.ROUTE,
    RuleType.TRANSPOSE: Result.HAIRPIN,
    RuleType.REDIRECT: Result.REDIRECT,
}
_WITH_EXCEPTIONS = {"OutBoundNAT", "L4Proxy"}


def changes(before: Packet, after: Packet) -> dict[str, tuple[str, str]]:
    """Return the header members that differ, each with its old and new value."""
    old, new = _members(before), _members(after)
    return {name: (old[name], new[name]) for name in old if old[name] != new[name]}


def vfp_steps(host: str, port: VfpPort, direction: Direction, decision: Decision) -> list[Step]:
    """Return the steps of one layer: the rules that passed the packet on, then what decided."""
    rule = decision.rule
    steps = [_rule_step(host, port, direction, decision, passing, Result.PASS)
            for passing in decision.passed]  # fmt: skip
    if rule is None:
        steps.append(_no_match(host, port, direction, decision))
    else:
        result = _RESULTS[rule.type]
        if isinstance(rule.data, RewriteMac):
            result = Result.REWRITE
        elif isinstance(rule.data, NatPool) and rule.data.block is None:
            result = Result.DROP
        steps.append(_rule_step(host, port, direction, decision, rule, result))
    return steps


def _rule_step(
    host: str, port: VfpPort, direction: Direction, decision: Decision, rule: Rule, result: Result
) -> Step:
    is_last = rule is decision.rule
    return Step(
        host=host,
        where=port_label(port),
        port=port.friendly_name,
        stage="VFP",
        result=result,
        text=_sentence(decision, rule) if is_last else f"{_rule_name(rule)} passes it on",
        direction=direction.value,
        layer=decision.layer.id,
        group=decision.group.id if decision.group and is_last else "",
        rule=rule.id,
        rule_type=rule.type.value,
        priority=rule.priority,
        policy=rule.policy,
        changed=changes(decision.before, decision.after) if is_last else {},
        evidence=rule.evidence,
    )


def _no_match(host: str, port: VfpPort, direction: Direction, decision: Decision) -> Step:
    return Step(
        host=host,
        where=port_label(port),
        port=port.friendly_name,
        stage="VFP",
        result=Result.NO_MATCH,
        text=f"no rule of {decision.layer.id} matches",
        direction=direction.value,
        layer=decision.layer.id,
        evidence=decision.layer.evidence,
    )


def _rule_name(rule: Rule) -> str:
    """Return what a reader knows the rule by."""
    policy = rule.policy
    if policy is not None and policy.type in {"ACL", "TierAcl", "NetworkACL"}:
        return f"{policy.type} {policy.id or f'number {policy.position}'}"
    if rule.type in {RuleType.ALLOW, RuleType.BLOCK} and policy is None and not rule.data:
        return "the default rule"
    return f"rule {rule.id}" if rule.id else "the rule"


def _sentence(decision: Decision, rule: Rule) -> str:
    say = _SENTENCES.get(type(rule.data))
    if say is not None:
        return say(rule, decision)
    if rule.type is RuleType.DECAP:
        return "the encapsulation is removed"
    policy = rule.policy.type if rule.policy is not None else ""
    if rule.type is RuleType.ALLOW and policy in _WITH_EXCEPTIONS:
        to = rule.conditions.destination
        spared = ", ".join(to.texts) if to is not None else decision.before.destination
        return f"{policy}: left alone, as {spared} is an exception"
    return f"{_rule_name(rule)} {'blocks' if rule.type is RuleType.BLOCK else 'allows'} it"


def _balance(rule: Rule, decision: Decision) -> str:
    assert isinstance(rule.data, Balance)  # noqa: S101 (the table says so)
    dip, count, new = decision.dip, len(rule.data.dips), rule.data.source_vip
    assert dip is not None  # noqa: S101 (load balancing chooses one)
    to = endpoint_text(dip.address, dip.port or decision.before.destination_port)
    backend = f"backend {to}, one of {count}" if count > 1 else f"its only backend {to}"
    address = ", and keeps the service address in the packet" if decision.preserved_backend else ""
    source = f"; the source becomes {new}" if new else ""
    return f"load balancer {rule.name} picks {backend}{address}{source}"


def _destination_nat(rule: Rule, decision: Decision) -> str:
    policy = rule.policy.type if rule.policy is not None else ""
    if policy == "LoadBalancer":
        return f"load balancer {rule.name} leads to its only backend here, {_to(decision)}"
    if policy == "PortMapping":
        return f"published port {decision.before.destination_port} leads to {_to(decision)}"
    return f"the destination becomes {_to(decision)}"


def _source_nat(rule: Rule, decision: Decision) -> str:
    assert isinstance(rule.data, NatPool)  # noqa: S101 (the table says so)
    policy = rule.policy.type if rule.policy is not None else "NAT"
    if rule.data.block is None:
        return (
            f"{policy}: no block of 64 ports was left for this endpoint; delete endpoints that use "
            "OutBoundNAT, then set this endpoint's policies again"
        )
    return f"{policy}: the source becomes {_from(decision)}"


def _encap(rule: Rule, _decision: Decision) -> str:
    assert isinstance(rule.data, EncapTo)  # noqa: S101 (the table says so)
    if rule.data.by_route and rule.data.provider == rule.data.source:
        return f"{rule.id} is sent to this host itself, encapsulated"
    inside = f"VXLAN {rule.data.vni} from {rule.data.source} to {rule.data.provider}"
    return f"{rule.id} is behind {rule.data.provider}: {inside}"


def _route(rule: Rule, _decision: Decision) -> str:
    assert isinstance(rule.data, RouteTo)  # noqa: S101 (the table says so)
    via = f" via {rule.data.next_hop}" if rule.data.next_hop else ""
    return f"route {rule.id} sends it{via} without encapsulation"


def _turn(rule: Rule, _decision: Decision) -> str:
    assert isinstance(rule.data, Turn)  # noqa: S101 (the table says so)
    where = "to the endpoint's port" if rule.data.to_port else "out by this port"
    return f"a hairpin turns it round, {where}"


def _to(decision: Decision) -> str:
    return endpoint_text(decision.after.destination, decision.after.destination_port)


def _from(decision: Decision) -> str:
    return endpoint_text(decision.after.source, decision.after.source_port)


_SENTENCES: Mapping[type, Callable[[Rule, Decision], str]] = {
    Balance: _balance,
    NatTo: _destination_nat,
    NatPool: _source_nat,
    EncapTo: _encap,
    LocalTo: lambda _, decision: f"{decision.before.destination} is on this host",
    RouteTo: _route,
    Turn: _turn,
    PaRoute: lambda _rule, _decision: "the provider route is looked up",
    RedirectTo: lambda _, decision: f"the connection is redirected to the proxy {_to(decision)}",
    RewriteMac: lambda _, decision: f"the source MAC becomes {decision.after.source_mac}",
}


def _members(packet: Packet) -> dict[str, str]:
    outer = packet.outer
    return {
        "Source": str(packet.source),
        "SourcePort": str(packet.source_port),
        "Destination": str(packet.destination),
        "DestinationPort": str(packet.destination_port),
        "SourceMac": packet.source_mac,
        "DestinationMac": packet.destination_mac,
        "Vlan": str(packet.vlan),
        "OuterSource": str(outer.source) if outer else "",
        "OuterDestination": str(outer.destination) if outer else "",
        "Vni": str(outer.vni) if outer else "",
    }


def port_label(port: VfpPort) -> str:
    """Return what to call a port in a sentence."""
    if port.kind is PortKind.CONTAINER:
        return f"port of endpoint {port.nic_friendly_name or port.owner_id}"
    if port.kind is PortKind.HOST:
        return "port of the host"
    return "port of the distributed router"
