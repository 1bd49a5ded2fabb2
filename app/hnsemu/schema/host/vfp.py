"""GET /host/vfp/ports: the VFP ports with their layers, groups and rules.

Source: dataplane.md section 1; the names of members are those that vfpctrl prints.
"""

from collections.abc import Mapping, Sequence

from pydantic import Field

from hnsemu.domain.vfp.counters import RuleCounter, RuleKey
from hnsemu.domain.vfp.model import Group, Layer, Rule, VfpPort
from hnsemu.domain.vfp.text.rules import (
    condition_lines,
    data_lines,
    flags_text,
    layer_flags_text,
    layers_of,
)
from hnsemu.schema.host.trace import TracePolicy, policy_view
from hnsemu.schema.host.view import View


class VfpRule(View):
    """A rule: its conditions, its action, and the policy behind it."""

    id: str
    friendly_name: str
    priority: int
    flags: int
    flags_text: str = Field(examples=["8195 terminating stateful"])
    type: str = Field(examples=["allow"])
    conditions: tuple[str, ...] = Field(examples=[["Protocols : 6"]])
    data: tuple[str, ...] = Field(description="The details of the action, as vfpctrl prints them.")
    flow_ttl: int = Field(alias="FlowTTL", description="In seconds; 0 without a flow.")
    policy: TracePolicy | None = None
    evidence: str = Field(description="D documented, O observed, I inferred, M our model.")
    matched_packets: int
    dropped_packets: int


class VfpGroup(View):
    """The rules of a layer for one direction and family."""

    id: str
    direction: str = Field(examples=["OUT"])
    type: str = Field(examples=["IPv4"])
    priority: int
    match_type: str = Field(examples=["Priority-based match"])
    evidence: str
    rules: tuple[VfpRule, ...]


class VfpLayer(View):
    """A layer of a port."""

    id: str = Field(examples=["ACL_ENDPOINT_LAYER"])
    priority: int
    flags: int
    flags_text: str = Field(examples=["0x1 Default Allow"])
    stateful: bool
    evidence: str
    groups: tuple[VfpGroup, ...]


class VfpNotApplied(View):
    """A policy that has no effect on this port."""

    policy: TracePolicy
    why: str


class VfpPortSummary(View):
    """A port, without its layers."""

    port_name: str
    port_friendly_name: str
    port_id: int
    kind: str = Field(examples=["Container"], description="Container, Host, DR or External.")
    switch_name: str
    switch_friendly_name: str
    nic_name: str
    nic_friendly_name: str
    mac_address: str
    network: str
    owner: str = Field(description="GUID of the endpoint or network.")
    enabled: bool = Field(description="Whether VFP is enabled.")
    connected: bool
    mtu: int = Field(alias="MTU")
    vlan_id: int
    maximum_outgoing_bandwidth_in_bytes: int = Field(description="0 without a limit.")


class VfpPortView(VfpPortSummary):
    """A port with its layers, groups and rules."""

    provider_address: str
    customer_addresses: tuple[str, ...]
    spaces: tuple[str, ...]
    nat_pools: tuple[str, ...]
    tags: dict[str, tuple[str, ...]] = Field(description="IP sets by id.")
    layers: tuple[VfpLayer, ...] = Field(description="In the order in which vfpctrl lists them.")
    not_applied: tuple[VfpNotApplied, ...]


def vfp_port_summary(port: VfpPort) -> VfpPortSummary:
    """Return the summary of a port, for lists."""
    return VfpPortSummary(**_summary(port))


def vfp_port_view(
    port: VfpPort, counters: Mapping[RuleKey, RuleCounter], layer: str = ""
) -> VfpPortView:
    """Return the view of a port, with one layer only if `layer` names it.

    Raises: HCN_E_LAYER_NOT_FOUND.
    """
    refs = ((policy_view(ref), why) for ref, why in port.not_applied)
    return VfpPortView(
        **_summary(port),
        provider_address=port.address_info.provider,
        customer_addresses=port.address_info.customers,
        spaces=port.spaces,
        nat_pools=port.nat_pools,
        tags={name: members.texts for name, members in port.tags.items()},
        layers=tuple(_layer(port, shown, counters) for shown in layers_of(port, layer)),
        not_applied=tuple(
            VfpNotApplied(policy=policy, why=why) for policy, why in refs if policy is not None
        ),
    )


def vfp_ports_json(ports: Sequence[VfpPort]) -> Sequence[str]:
    """Return the JSON texts of the summaries."""
    return [vfp_port_summary(port).model_dump_json(by_alias=True) for port in ports]


def _summary(port: VfpPort) -> dict[str, object]:
    return {
        "port_name": port.id.upper(),
        "port_friendly_name": port.friendly_name,
        "port_id": port.number,
        "kind": port.kind.value,
        "switch_name": port.switch_id.upper(),
        "switch_friendly_name": port.switch_name,
        "nic_name": port.nic_name.upper(),
        "nic_friendly_name": port.nic_friendly_name,
        "mac_address": port.mac,
        "network": port.network_id,
        "owner": port.owner_id,
        "enabled": port.enabled,
        "connected": port.is_connected,
        "mtu": port.mtu,
        "vlan_id": port.vlan,
        "maximum_outgoing_bandwidth_in_bytes": port.bandwidth,
    }


def _layer(port: VfpPort, layer: Layer, counters: Mapping[RuleKey, RuleCounter]) -> VfpLayer:
    return VfpLayer(
        id=layer.id,
        priority=layer.priority,
        flags=layer.flags,
        flags_text=layer_flags_text(layer.flags),
        stateful=layer.stateful,
        evidence=layer.evidence,
        groups=tuple(_group(port, layer, group, counters) for group in layer.groups),
    )


def _group(
    port: VfpPort, layer: Layer, group: Group, counters: Mapping[RuleKey, RuleCounter]
) -> VfpGroup:
    return VfpGroup(
        id=group.id,
        direction=group.direction.value,
        type=f"IPv{group.version}",
        priority=group.priority,
        match_type="Longest prefix match on Destination IP"
        if group.longest_prefix
        else "Priority-based match",
        evidence=group.evidence,
        rules=tuple(
            _rule(rule, counters.get((port.id, layer.id, group.id, rule.id), RuleCounter()))
            for rule in group.rules(None)
        ),
    )


def _rule(rule: Rule, counter: RuleCounter) -> VfpRule:
    return VfpRule(
        id=rule.id,
        friendly_name=rule.name,
        priority=rule.priority,
        flags=rule.flags,
        flags_text=flags_text(rule.flags),
        type=rule.type.value,
        conditions=tuple(condition_lines(rule.conditions)),
        data=tuple(line.strip() for line in data_lines(rule)),
        flow_ttl=rule.ttl,
        policy=policy_view(rule.policy),
        evidence=rule.evidence,
        matched_packets=counter.matched,
        dropped_packets=counter.dropped,
    )
