"""The port of a container: its layers, in the order they are listed.

Source: dataplane.md sections 3.2, 4 and 11.
"""

import uuid
from collections.abc import Sequence
from itertools import chain

from hnsemu.domain.dataplane import (
    AclRule,
    PlumbedEndpoint,
    PlumbedNetwork,
    Proxy,
    parse_address,
)
from hnsemu.domain.fabric import HostFabric
from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.matching import Conditions, prefixes, to_addresses
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import Packet
from hnsemu.domain.releases import Release
from hnsemu.domain.vfp.acl import acl_layer
from hnsemu.domain.vfp.building import families, fixed
from hnsemu.domain.vfp.encap import (
    ENCAP_LAYER,
    remote_rules,
    route_rules,
)
from hnsemu.domain.vfp.layers import (
    IN,
    OUT,
    address_flags,
    balancers_on,
    has_vfp,
    management_address,
    neighbours,
    pa_route_layer,
    provider_address,
)
from hnsemu.domain.vfp.loadbalancers import backend_rules, dsr_rules, family_of
from hnsemu.domain.vfp.model import (
    CLEAR_TNI,
    DEFAULT_ALLOW,
    STATEFUL,
    TERMINATING,
    UPDATE_FLOWS,
    AddressInfo,
    Layer,
    PortKind,
    RedirectTo,
    RewriteMac,
    Rule,
    RuleType,
    VfpPort,
)
from hnsemu.domain.vfp.nat import SLB_NAT_LAYER, outbound_rules, pool_names
from hnsemu.domain.wfp import WfpProxy

LB_DSR, L4_PROXY, MAC_REWRITE = "LB_DSR", "L4_PROXY_LAYER", "L2_MAC_REWRITE_LAYER"
_MTU = 1500
_NOT_HERE = "no VFP on this switch"
_NOT_IN_GUESTS = "needs process isolation"


def container_port(
    host: HostFabric, network: PlumbedNetwork, endpoint: PlumbedEndpoint, number: int = 0
) -> VfpPort:
    """Return the port of a local endpoint. number: VmsPortId."""
    port = endpoint.endpoint.port
    assert port is not None  # noqa: S101 (local endpoints have one)
    switch = network.network.vswitch
    enabled = has_vfp(network)
    return VfpPort(
        id=port.port_id,
        number=number,
        kind=PortKind.CONTAINER,
        friendly_name=port.friendly_name or endpoint.id.upper(),
        mac=endpoint.endpoint.mac_address,
        switch_id=switch.id if switch else "",
        switch_name=switch.name if switch else "",
        nic_name=port.nic_id,
        nic_friendly_name=endpoint.endpoint.name,
        owner_id=endpoint.id,
        network_id=network.id,
        enabled=enabled,
        is_connected=port.connected,
        layers=_container_layers(host, network, endpoint) if enabled else (),
        tags=network.tags,
        spaces=(network.id, f"{network.id}_V6") if network.network.mode is Mode.OVERLAY else (),
        nat_pools=pool_names(network, endpoint) if enabled else (),
        address_info=_address_info(network, endpoint, host.release) if enabled else AddressInfo(),
        mtu=mtu_of(endpoint),
        vlan=port.isolation,
        bandwidth=endpoint.policies.bandwidth,
        iov_weight=endpoint.policies.iov_weight,
        not_applied=(*(() if enabled else _unused(endpoint)), *_not_of_guests(endpoint)),
    )


def mtu_of(endpoint: PlumbedEndpoint) -> int:
    """Return the MTU of the vNIC: as the policy says, else Ethernet's less EncapOverhead."""
    return endpoint.policies.mtu or _MTU - endpoint.policies.overhead


def _container_layers(
    host: HostFabric, network: PlumbedNetwork, endpoint: PlumbedEndpoint
) -> tuple[Layer, ...]:
    policies, mode = endpoint.policies, network.network.mode
    switch_acls = [rule for rule in policies.acls if not rule.is_host]
    of_network = [rule for rule in network.acls if not rule.is_host]
    layers = [_dsr_layer(host, network)]
    proxies = (*policies.proxies, *network.proxies)
    if proxies:
        layers.append(_proxy_layer(proxies))
    layers.append(acl_layer(_guid(endpoint), switch_acls, policies.tiers, of_network))
    if mode is Mode.OVERLAY or any(policy.route.need_encap for policy in policies.routes):
        layers.append(_encap_layer(host, network, endpoint))
    layers.append(_nat_layer(host, network, endpoint))
    layers.append(Layer("SLB_DECAP_LAYER_STATEFUL", 100, DEFAULT_ALLOW | UPDATE_FLOWS,
                        stateful=True, evidence="O"))  # fmt: skip
    layers.append(pa_route_layer(policies.interface_index))
    if mode is not Mode.OVERLAY:
        layers.append(_rewrite_layer(host, network, endpoint.vlan))
    return tuple(layers)


def _dsr_layer(host: HostFabric, network: PlumbedNetwork) -> Layer:
    is_overlay = network.network.mode is Mode.OVERLAY

    def rules(packet: Packet | None) -> Sequence[Rule]:
        return [
            rule
            for balancer in balancers_on(host, network, packet)
            for rule in dsr_rules(
                balancer,
                management_address(network, family_of(balancer)),
                is_overlay=is_overlay,
            )
        ]

    out = families("LB_DSR_IP{v}_OUT", OUT, 1, rules)
    back = families("LB_DSR_IP{v}_IN", IN, 1, fixed(()))
    return Layer(LB_DSR, 7, DEFAULT_ALLOW, (*out, *back), stateful=True, evidence="O")


def _proxy_layer(proxies: Sequence[Proxy]) -> Layer:
    """Return the layer of L4Proxy policies: exceptions before the redirect. Source: 11.4 [M]."""
    rules = []
    for number, proxy in enumerate(proxies):
        address = parse_address(proxy.address)
        if address is None or not proxy.port:
            continue
        protocols = frozenset({proxy.protocol})
        for place, text in enumerate(proxy.exceptions):
            to = prefixes(text)
            if to is not None:
                rules.append(
                    Rule(f"PROXY_EXCEPTION_{number}_{place}_{text}", "", 100 + place,
                         TERMINATING | STATEFUL, RuleType.ALLOW,
                         Conditions(protocols, destination=to), policy=proxy.policy)
                )  # fmt: skip
        rules.append(
            Rule(f"PROXY_{number}_{proxy.address}_{proxy.port}", "", 1000 + number,
                 TERMINATING | STATEFUL, RuleType.REDIRECT,
                 Conditions(protocols, destination=prefixes(proxy.destination)
                            or to_addresses(f"{'::' if address.version == 6 else '0.0.0.0'}/0")),  # noqa: PLR2004, S104
                 RedirectTo(address, proxy.port), policy=proxy.policy)
        )  # fmt: skip
    groups = families("L4_PROXY_IP{v}_OUT", OUT, 1, fixed(rules), evidence="M")
    return Layer(L4_PROXY, 10, DEFAULT_ALLOW, groups, stateful=True)


def _encap_layer(host: HostFabric, network: PlumbedNetwork, endpoint: PlumbedEndpoint) -> Layer:
    source = provider_address(network, endpoint)
    routed = (
        *remote_rules(network, source),
        *route_rules(network, endpoint.policies.routes, source),
    )
    is_overlay = network.network.mode is Mode.OVERLAY  # elsewhere the fabric carries the rest
    near = neighbours(host, network, source if is_overlay else None)
    out = families(
        "VNET_GROUP_ENCAP_IP{V}_OUT", OUT, 100, lambda packet: chain(near(packet), routed),
        longest_prefix=True,
    )  # fmt: skip
    return Layer(ENCAP_LAYER, 40, CLEAR_TNI, out, evidence="O")


def _nat_layer(host: HostFabric, network: PlumbedNetwork, endpoint: PlumbedEndpoint) -> Layer:
    own = outbound_rules(network, endpoint)

    def of_balancers(packet: Packet | None) -> list[tuple[list[Rule], list[Rule]]]:
        return [
            backend_rules(balancer, endpoint.id, management_address(network, family_of(balancer)))
            for balancer in balancers_on(host, network, packet)
        ]

    def inward(packet: Packet | None) -> Sequence[Rule]:
        return [rule for rules, _ in of_balancers(packet) for rule in rules]

    def outward(packet: Packet | None) -> Sequence[Rule]:
        answers = [] if packet is not None else of_balancers(None)
        return [*(rule for _, rules in answers for rule in rules), *own]

    groups = (
        *families("SLB_GROUP_NAT_IP{v}_IN", IN, 1, inward),
        *families("SLB_GROUP_NAT_IP{v}_OUT", OUT, 1, outward),
    )
    return Layer(
        SLB_NAT_LAYER, 50, DEFAULT_ALLOW | UPDATE_FLOWS, groups, stateful=True, evidence="O"
    )


def _rewrite_layer(host: HostFabric, network: PlumbedNetwork, vlan: int) -> Layer:
    """Return the layer that puts the host's MAC on frames that leave. Source: 4.2 [D], 11.4 [M]."""
    mac = network.source_mac or next(
        (
            adapter.mac
            for adapter in host.adapters
            if adapter.address == network.network.management_ip
        ),
        "",
    )
    away = Rule("L2_REWRITE_UPLINK", "", 200, TERMINATING, RuleType.TRANSPOSE,
                data=RewriteMac(mac), evidence="M")  # fmt: skip

    def rules(packet: Packet | None) -> Sequence[Rule]:
        near = neighbours(host, network, None, vlan)(packet)
        return [*near, away]

    groups = families("L2_MAC_REWRITE_IP{v}_OUT", OUT, 1, rules, evidence="M")
    return Layer(MAC_REWRITE, 3000, DEFAULT_ALLOW, groups)


def _address_info(
    network: PlumbedNetwork, endpoint: PlumbedEndpoint, release: Release
) -> AddressInfo:
    """Return what the port knows of addresses. Source: section 1.2 [O]."""
    mac = next(
        (port.mac for port in (network.network.rdid_port,) if port is not None),
        endpoint.endpoint.mac_address,
    )
    return AddressInfo(
        provider=str(provider_address(network, endpoint) or ""),
        customers=tuple(str(address) for address in endpoint.addresses),
        fake_mac=mac,
        flags=address_flags(release),
    )


def _guid(endpoint: PlumbedEndpoint) -> str:
    return str(uuid.UUID(endpoint.id))


def _unused(endpoint: PlumbedEndpoint) -> Sequence[tuple[PolicyRef, str]]:
    """Return the policies of an endpoint that only VFP could apply."""
    policies = endpoint.policies
    acls: list[AclRule] = [rule for rule in policies.acls if not rule.is_host]
    tiers = [rule.policy for tier in policies.tiers for rule in tier.rules[:1]]
    of_acls = [rule.policy for rule in acls]
    nats = [nat.policy for nat in policies.nats]
    routes = [route.policy for route in policies.routes]
    proxies = [proxy.policy for proxy in policies.proxies]
    return [(ref, _NOT_HERE) for ref in (*of_acls, *tiers, *nats, *routes, *proxies)]


def _not_of_guests(endpoint: PlumbedEndpoint) -> Sequence[tuple[PolicyRef, str]]:
    """Return the policies of a virtual machine's endpoint that the host's WFP would apply."""
    if not endpoint.is_in_guest:
        return ()
    acls = [rule.policy for rule in endpoint.policies.acls if rule.is_host]
    proxies = [proxy.policy for proxy in endpoint.policies.of(WfpProxy)]
    return [(ref, _NOT_IN_GUESTS) for ref in (*acls, *proxies)]
