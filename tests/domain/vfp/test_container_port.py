"""The port of a container: which layers it has, and the rules that policies put into them."""

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address

import pytest

from hnsemu.domain.dataplane import PlumbedEndpoint, PlumbedNetwork, Proxy
from hnsemu.domain.loadbalancers import DIRECT_SERVER_RETURN
from hnsemu.domain.network_types import Mode
from hnsemu.domain.vfp.container_port import container_port, mtu_of
from hnsemu.domain.vfp.model import (
    AddressInfo,
    LocalTo,
    PaRoute,
    PortKind,
    RedirectTo,
    RewriteMac,
    Rule,
    RuleType,
    VfpPort,
)
from tests.domain.worlds import (
    acl,
    adapter,
    balancer,
    guid,
    network,
    node,
    outbound_nat,
    packet,
    pod,
    proxy,
    remote_route,
    sdn_route,
    tier,
    wfp_proxy,
)

OVERLAY = network(
    Mode.OVERLAY, "10.244.1.0/24", remote_routes=(remote_route("10.244.2.0/24", "10.0.0.9"),)
)
BRIDGE = network(Mode.L2BRIDGE, "10.1.0.0/24")
NAT = network(Mode.NAT, "172.16.0.0/24")

# Source: dataplane.md section 4.1 [O]: layer, priority, flags, in the order of the listing.
OVERLAY_LAYERS = [
    ("LB_DSR", 7, 0x1),
    ("ACL_ENDPOINT_LAYER", 15, 0x0),
    ("VNET_ENCAP_LAYER", 40, 0x4),
    ("SLB_NAT_LAYER", 50, 0x9),
    ("SLB_DECAP_LAYER_STATEFUL", 100, 0x9),
    ("VNET_PA_ROUTE_LAYER", 2000, 0x1),
]


def port(on: PlumbedNetwork, endpoint: PlumbedEndpoint, *others: PlumbedEndpoint) -> VfpPort:
    return container_port(node(on, pods=[endpoint, *others]), on, endpoint)


def rules(found: VfpPort, layer: str, group: str) -> Sequence[Rule]:
    (chosen,) = [candidate for candidate in found.layers if candidate.id == layer]
    (named,) = [candidate for candidate in chosen.groups if candidate.id == group]
    return named.rules(None)


def test_the_layers_of_an_overlay_are_those_of_the_dumps() -> None:
    found = port(OVERLAY, pod(OVERLAY, "web", "10.244.1.5"))
    assert [(layer.id, layer.priority, layer.flags) for layer in found.layers] == OVERLAY_LAYERS


@pytest.mark.parametrize(
    ("endpoint", "extra"),
    [
        (pod(BRIDGE, "web", "10.1.0.5"), set()),
        (pod(BRIDGE, "web", "10.1.0.5", proxies=(proxy("10.1.0.9", 15001),)), {"L4_PROXY_LAYER"}),
    ],
)
def test_a_bridge_rewrites_macs_and_encapsulates_nothing(
    endpoint: PlumbedEndpoint, extra: set[str]
) -> None:
    overlay = {name for name, _, _ in OVERLAY_LAYERS}
    assert {layer.id for layer in port(BRIDGE, endpoint).layers} == (
        overlay - {"VNET_ENCAP_LAYER"} | {"L2_MAC_REWRITE_LAYER"} | extra
    )


def test_a_bridge_encapsulates_where_a_route_wants_it() -> None:
    routed = pod(BRIDGE, "web", "10.1.0.5")
    policies = replace(routed.policies, routes=(sdn_route("10.9.0.0/16", "10.0.0.9", encap=True),))
    found = port(BRIDGE, replace(routed, policies=policies))
    encap = rules(found, "VNET_ENCAP_LAYER", "VNET_GROUP_ENCAP_IPV4_OUT")
    assert [(rule.id, rule.type) for rule in encap] == [
        ("10.1.0.5", RuleType.ALLOW),
        ("10.9.0.0/16", RuleType.MAPENCAP),
    ]


def test_a_switch_without_vfp_applies_no_policy() -> None:
    endpoint = pod(
        NAT, "web", "172.16.0.5",
        acls=(acl("Block", "In", name="switch"), acl("Block", "In", host=True, name="host")),
        tiers=(tier(1, acl("Allow", "In", name="tier"), acl("Allow", "In", 200)),),
        nats=(outbound_nat(),), proxies=(proxy("172.16.0.9", 15001),),
    )  # fmt: skip
    found = port(NAT, endpoint)
    assert (found.enabled, found.layers, found.nat_pools) == (False, (), ())
    assert found.address_info == AddressInfo()
    assert [(policy.type, policy.id, why) for policy, why in found.not_applied] == [
        ("ACL", "switch", "no VFP on this switch"),
        ("TierAcl", "tier", "no VFP on this switch"),
        ("OutBoundNAT", "", "no VFP on this switch"),
        ("L4Proxy", "", "no VFP on this switch"),
    ]


def test_the_hosts_firewall_does_not_reach_into_guests() -> None:
    guest = pod(OVERLAY, "vm", "10.244.1.5", virtual_machine="vm",
                acls=(acl("Block", "In", host=True, name="host"), acl("Block", "In")),
                others=(wfp_proxy(15001),))  # fmt: skip
    assert [(policy.type, why) for policy, why in port(OVERLAY, guest).not_applied] == [
        ("ACL", "needs process isolation"),
        ("L4WFPPROXY", "needs process isolation"),
    ]


@pytest.mark.parametrize(
    ("endpoint", "mtu"),
    [
        (pod(OVERLAY, "web"), 1500),
        (pod(OVERLAY, "web", overhead=50), 1450),
        (pod(OVERLAY, "web", overhead=50, mtu=9000), 9000),
    ],
)
def test_the_mtu_is_given_or_what_encapsulation_leaves(endpoint: PlumbedEndpoint, mtu: int) -> None:
    assert mtu_of(endpoint) == mtu


@pytest.mark.parametrize(("release", "flags"), [("ws2022", 336), ("ws2025", 4432)])
def test_the_port_knows_its_addresses(release: str, flags: int) -> None:
    web = pod(OVERLAY, "web", "10.244.1.5", provider_address="10.0.0.77")
    found = container_port(node(OVERLAY, pods=[web], release=release), OVERLAY, web, number=9)
    assert found.address_info == AddressInfo("10.0.0.77", ("10.244.1.5",), "", flags)
    assert (found.kind, found.number, found.friendly_name) == (
        PortKind.CONTAINER, 9, guid("web").upper(),
    )  # fmt: skip
    assert found.spaces == (OVERLAY.id, f"{OVERLAY.id}_V6")


def test_a_network_without_router_lends_its_endpoints_mac() -> None:
    web = pod(BRIDGE, "web", "10.1.0.5")
    found = port(BRIDGE, web)
    assert found.address_info.fake_mac == web.endpoint.mac_address
    assert found.spaces == ()


@pytest.mark.parametrize(
    ("redirection", "expected"),
    [
        (
            proxy("10.244.1.9", 15001, "10.9.0.0/16", ["10.9.1.0/24", "nonsense"]),
            [("PROXY_EXCEPTION_0_0_10.9.1.0/24", RuleType.ALLOW, None),
             ("PROXY_0_10.244.1.9_15001", RuleType.REDIRECT,
              RedirectTo(ip_address("10.244.1.9"), 15001))],
        ),
        (
            proxy("10.244.1.9", 15001),
            [("PROXY_0_10.244.1.9_15001", RuleType.REDIRECT,
              RedirectTo(ip_address("10.244.1.9"), 15001))],
        ),
        (proxy("nonsense", 15001), []),
        (proxy("10.244.1.9", 0), []),
    ],
    ids=["exceptions first", "any destination", "no address", "no port"],
)  # fmt: skip
def test_a_proxy_redirects_all_but_exceptions(
    redirection: Proxy, expected: list[tuple[object, ...]]
) -> None:
    found = port(OVERLAY, pod(OVERLAY, "web", "10.244.1.5", proxies=(redirection,)))
    redirects = rules(found, "L4_PROXY_LAYER", "L4_PROXY_IPv4_OUT")
    assert [(rule.id, rule.type, rule.data) for rule in redirects] == expected


def test_a_proxy_of_the_other_family_is_in_the_other_group() -> None:
    found = port(OVERLAY, pod(OVERLAY, "web", "fd00::5", proxies=(proxy("fd00::9", 15001),)))
    assert rules(found, "L4_PROXY_LAYER", "L4_PROXY_IPv4_OUT") == []
    assert len(rules(found, "L4_PROXY_LAYER", "L4_PROXY_IPv6_OUT")) == 1


def test_services_of_the_network_stand_on_each_port() -> None:
    web = pod(OVERLAY, "web", "10.244.1.5", nats=(outbound_nat(),))
    other = network(Mode.OVERLAY, "10.245.1.0/24", name="other")
    services = [
        balancer([web], "10.96.0.10", flags=DIRECT_SERVER_RETURN),
        balancer([pod(other, "db", "10.245.1.5")], "10.96.0.11", flags=DIRECT_SERVER_RETURN),
    ]
    found = container_port(node(OVERLAY, other, pods=[web], services=services), OVERLAY, web)
    assert len(rules(found, "LB_DSR", "LB_DSR_IPv4_OUT")) == 1
    assert [rule.id for rule in rules(found, "SLB_NAT_LAYER", "SLB_GROUP_NAT_IPv4_IN")] == [
        "NAT_7_10.96.0.10_80_6"
    ]
    assert [rule.id for rule in rules(found, "SLB_NAT_LAYER", "SLB_GROUP_NAT_IPv4_OUT")] == [
        "ALLOW_NAT_7_10.96.0.10_80_6",
        "SNAT_TCP_OUTBOUNDNAT_0_10.0.0.4",
        "SNAT_UDP_OUTBOUNDNAT_0_10.0.0.4",
    ]
    assert len(found.nat_pools) == 2


def test_for_one_packet_only_near_endpoints_are_read() -> None:
    web, db = pod(OVERLAY, "web", "10.244.1.5"), pod(OVERLAY, "db", "10.244.1.6")
    (encap,) = [layer for layer in port(OVERLAY, web, db).layers if layer.id == "VNET_ENCAP_LAYER"]
    near = encap.groups[0].rules(packet("10.244.1.5", "10.244.1.6"))
    assert [rule.id for rule in near] == ["10.244.1.6", "10.244.2.0/24"]


@pytest.mark.parametrize(
    ("on", "mac"),
    [
        (replace(BRIDGE, source_mac="02-AA"), "02-AA"),
        (BRIDGE, "00-15-5D-00-00-0A"),
        (network(Mode.L2BRIDGE, "10.1.0.0/24", management_ip="10.0.0.77"), ""),
    ],
    ids=["SourceMacAddress", "of the adapter", "of no adapter"],
)
def test_frames_that_leave_a_bridge_get_the_hosts_mac(on: PlumbedNetwork, mac: str) -> None:
    web, far = pod(on, "web", "10.1.0.5", vlan=7), pod(on, "db", "10.1.0.6", vlan=8)
    found = container_port(node(on, pods=[web, far], adapters=[adapter()]), on, web)
    near, away = rules(found, "L2_MAC_REWRITE_LAYER", "L2_MAC_REWRITE_IPv4_OUT")
    assert near.data == LocalTo(web.endpoint.mac_address, web.id)
    assert away.data == RewriteMac(mac)


def test_an_interface_constraint_reaches_the_provider_route() -> None:
    found = port(OVERLAY, pod(OVERLAY, "web", "10.244.1.5", interface_index=12))
    (rule,) = rules(found, "VNET_PA_ROUTE_LAYER", "VNET_GROUP_PA_ROUTE_IPV4_OUT")
    assert rule.data == PaRoute(12)
