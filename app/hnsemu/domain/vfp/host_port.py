"""The host's own port on an external switch: load balancing and encapsulation for the node.

Source: dataplane.md sections 4.1, 5.3 and 11.2.
"""

from collections.abc import Sequence

from hnsemu.domain.dataplane import (
    Balancer,
    PlumbedNetwork,
    parse_address,
)
from hnsemu.domain.fabric import HostFabric
from hnsemu.domain.facts import VSwitch
from hnsemu.domain.matching import Conditions, to_addresses
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import Address, Packet
from hnsemu.domain.releases import Release
from hnsemu.domain.switch_ports import SwitchPort
from hnsemu.domain.vfp.building import Rules, families, fixed
from hnsemu.domain.vfp.encap import (
    decap_rule,
    remote_rules,
)
from hnsemu.domain.vfp.layers import (
    IN,
    OUT,
    WS2025,
    has_vfp,
    management_address,
    neighbours,
    pa_route_layer,
)
from hnsemu.domain.vfp.loadbalancers import family_of, host_rules
from hnsemu.domain.vfp.model import (
    DEFAULT_ALLOW,
    HAIRPIN_LAYER,
    STATEFUL,
    TERMINATING,
    AddressInfo,
    EncapTo,
    Layer,
    NatTo,
    PortKind,
    Rule,
    RuleType,
    Turn,
    VfpPort,
)
from hnsemu.domain.winnat import NatRule

LB, SLB_LB, SLB_HAIRPIN, DECAP_IN = "LB", "SLB_LB_LAYER", "SLB_HAIRPIN_LAYER", "DECAP_IN"


def host_port(host: HostFabric, port: SwitchPort, switch: VSwitch, number: int = 0) -> VfpPort:
    """Return the host's own port on an external switch."""
    networks = _on_switch(host, switch)
    enabled = any(has_vfp(network) for network in networks)
    return VfpPort(
        id=port.port_id,
        number=number,
        kind=PortKind.HOST,
        friendly_name=_host_name(port, networks, host.release),
        mac=port.mac,
        switch_id=switch.id,
        switch_name=switch.name,
        nic_name=port.nic_id,
        nic_friendly_name=port.nic_name,
        owner_id=port.network_id,
        network_id=port.network_id or switch.owner_id,
        enabled=enabled,
        layers=_host_layers(host, networks) if enabled else (),
        spaces=tuple(
            name
            for network in networks
            if network.network.mode is Mode.OVERLAY
            for name in (network.id, f"{network.id}_V6")
        ),
        address_info=_host_info(networks) if enabled else AddressInfo(),
    )


def _host_layers(host: HostFabric, networks: Sequence[PlumbedNetwork]) -> tuple[Layer, ...]:
    def balanced(part: int) -> Rules:
        def rules(packet: Packet | None) -> Sequence[Rule]:
            found = []
            for balancer in host.balancers(packet):
                network = _network_of(balancer, networks)
                if network is not None:
                    management = management_address(network, family_of(balancer))
                    found += host_rules(balancer, management)[part]
            return [*found, *_published_rules(host, networks, packet)[part]]

        return rules

    def entries(packet: Packet | None) -> Sequence[Rule]:
        return [
            rule
            for network in networks
            if network.network.mode is Mode.OVERLAY
            for rule in _overlay_entries(host, network, packet)
        ]

    encap = families("ENCAP_GROUP_IP{V}_OUT", OUT, 100, entries, longest_prefix=True, evidence="M")
    decap = families("DECAP_IN_GROUP_IP{V}_IN", IN, 100, fixed([decap_rule("M")]), evidence="M")
    lb_out = families("LB_OUT{suffix}", OUT, 1, balanced(0))
    slb_out = families("SLB_GROUP_LB_IP{v}_OUT", OUT, 1, balanced(1))
    hairpin = families("SLB_GROUP_HAIRPIN_IP{v}_IN", IN, 1, balanced(2))
    return (
        Layer(LB, 300, DEFAULT_ALLOW, lb_out, evidence="O"),
        Layer("ENCAP", 500, DEFAULT_ALLOW, encap, evidence="O"),
        Layer(DECAP_IN, 600, DEFAULT_ALLOW, decap, evidence="O"),
        Layer(SLB_LB, 700, DEFAULT_ALLOW, slb_out, stateful=True, evidence="O"),
        pa_route_layer(),
        Layer(SLB_HAIRPIN, 101, DEFAULT_ALLOW | HAIRPIN_LAYER, hairpin, evidence="O"),
    )


def _overlay_entries(
    host: HostFabric, network: PlumbedNetwork, packet: Packet | None
) -> Sequence[Rule]:
    """Return where the overlay's packets go, but for the addresses that are behind this host.

    Those of services have a remote endpoint behind their own host, so that pods send to its port.
    Here they have arrived: SLB_LB_LAYER balances them.
    """
    source = management_address(network)
    near = neighbours(host, network, source)(packet)
    return [
        *(rule for rule in near if not (isinstance(rule.data, EncapTo) and rule.data.by_route)),
        *remote_rules(network, source),
    ]


def _published_rules(
    host: HostFabric, networks: Sequence[PlumbedNetwork], packet: Packet | None
) -> tuple[list[Rule], list[Rule], list[Rule]]:
    """Return what published ports put beside the rules of load balancers: NAT and hairpin."""
    here = {network.id: network for network in networks}
    nat: list[Rule] = []
    hairpin: list[Rule] = []
    for rule in host.published(packet):
        network = here.get(rule.network_id)
        to = parse_address(rule.internal_address)
        if rule.engine != "VFP" or network is None or to is None:
            continue
        vip = parse_address(rule.mapping.vip) or management_address(network, to.version)
        if vip is not None and vip.version == to.version:
            nat.append(_published_rule(rule, vip, "NAT", NatTo(to, rule.mapping.internal_port)))
            hairpin.append(_published_rule(rule, vip, "HairPin", Turn()))
    return [], nat, hairpin


def _published_rule(rule: NatRule, vip: Address, prefix: str, data: NatTo | Turn) -> Rule:
    port, protocol = rule.mapping.external_port, rule.mapping.protocol
    is_nat = isinstance(data, NatTo)
    return Rule(
        id=f"{prefix}_{rule.mapping_id}_{vip}_{port}_{port}_{protocol}",
        name="",
        priority=100,
        flags=TERMINATING | STATEFUL if is_nat else TERMINATING,
        type=RuleType.NAT if is_nat else RuleType.TRANSPOSE,
        conditions=Conditions(
            frozenset({protocol}),
            destination=to_addresses(vip),
            destination_ports=((port, port),),
        ),
        data=data,
        policy=rule.policy,
        evidence="I",
    )


def _network_of(balancer: Balancer, networks: Sequence[PlumbedNetwork]) -> PlumbedNetwork | None:
    return next((network for network in networks if network.id in balancer.network_ids), None)


def _on_switch(host: HostFabric, switch: VSwitch) -> list[PlumbedNetwork]:
    return [
        network
        for network in host.networks
        if network.network.vswitch is not None and network.network.vswitch.id == switch.id
    ]


def _host_info(networks: Sequence[PlumbedNetwork]) -> AddressInfo:
    address = next((network.network.management_ip for network in networks), "")
    return AddressInfo(address, (address,) if address else ())


def _host_name(port: SwitchPort, networks: Sequence[PlumbedNetwork], release: Release) -> str:
    """Return the friendly name of the host's port. Source: section 1.1 [O]."""
    if release.hns >= WS2025:
        owner = next((network.id for network in networks), port.network_id)
        return f"Host Vnic {owner}"
    return f"Container NIC {port.nic_id[:8]}"
