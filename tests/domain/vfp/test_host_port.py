"""The host's own port: load balancing, published ports and encapsulation for the node."""

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address

import pytest

from hnsemu.domain.network_types import Mode
from hnsemu.domain.switch_ports import external_ports
from hnsemu.domain.vfp.host_port import host_port
from hnsemu.domain.vfp.model import AddressInfo, EncapTo, NatTo, PortKind, Rule, Turn, VfpPort
from tests.domain.worlds import (
    VSID,
    Node,
    balancer,
    network,
    node,
    pod,
    published,
    remote,
    remote_route,
    switch,
)

OVERLAY = network(
    Mode.OVERLAY, "10.244.1.0/24", remote_routes=(remote_route("10.244.2.0/24", "10.0.0.9"),)
)
BRIDGE = network(Mode.L2BRIDGE, "10.1.0.0/24")
TRANSPARENT = network(Mode.TRANSPARENT, "10.2.0.0/24")
WEB = pod(OVERLAY, "web", "10.244.1.5")

# Source: dataplane.md section 4.1 [O].
LAYERS = [
    ("LB", 300, 0x1),
    ("ENCAP", 500, 0x1),
    ("DECAP_IN", 600, 0x1),
    ("SLB_LB_LAYER", 700, 0x1),
    ("VNET_PA_ROUTE_LAYER", 2000, 0x1),
    ("SLB_HAIRPIN_LAYER", 101, 0x3),
]


def port(host: Node) -> VfpPort:
    (on,) = host.switches
    (_, own) = external_ports(on, host.adapters, [network.network for network in host.networks])
    return host_port(host, own, on, number=5)


def rules(found: VfpPort, layer: str) -> Sequence[Rule]:
    (chosen,) = [candidate for candidate in found.layers if candidate.id == layer]
    return chosen.groups[0].rules(None)


def test_its_layers_are_those_of_the_dumps() -> None:
    found = port(node(OVERLAY, pods=[WEB]))
    assert [(layer.id, layer.priority, layer.flags) for layer in found.layers] == LAYERS
    assert found.address_info == AddressInfo("10.0.0.4", ("10.0.0.4",))
    assert found.spaces == (OVERLAY.id, f"{OVERLAY.id}_V6")
    assert (found.kind, found.number) == (PortKind.HOST, 5)


def test_without_vfp_it_has_no_layers() -> None:
    found = port(node(TRANSPARENT))
    assert (found.enabled, found.layers, found.address_info) == (False, (), AddressInfo())


def test_without_a_management_address_it_knows_none() -> None:
    bare = network(Mode.L2BRIDGE, "10.1.0.0/24", management_ip="")
    assert port(node(bare)).address_info == AddressInfo("", ())


@pytest.mark.parametrize(
    ("release", "name"), [("ws2022", "Container NIC "), ("ws2025", f"Host Vnic {OVERLAY.id}")]
)
def test_it_is_named_by_release(release: str, name: str) -> None:
    assert port(node(OVERLAY, release=release)).friendly_name.startswith(name)


def test_the_network_that_went_still_names_the_switch_that_stayed() -> None:
    lonely = switch("left behind", Mode.L2BRIDGE)
    host = node(BRIDGE)
    (_, own) = external_ports(BRIDGE.network.vswitch, host.adapters, [])  # type: ignore[arg-type]
    found = host_port(host, own, lonely)
    assert found.friendly_name == "Host Vnic "
    assert found.network_id == lonely.owner_id


def test_services_and_published_ports_are_balanced_and_turned_round() -> None:
    host = node(
        OVERLAY,
        pods=[WEB],
        services=[
            balancer([WEB], "10.96.0.10"),
            balancer([pod(BRIDGE, "x", "10.1.0.5")], "10.96.0.11"),
        ],
        ports=[published(WEB, 30080, 80, engine="VFP"), published(WEB, 30081, 80, engine="WinNAT")],
    )
    found = port(host)
    assert [(rule.id, rule.data) for rule in rules(found, "SLB_LB_LAYER")] == [
        ("NAT_7_10.96.0.10_80_80_6", NatTo(ip_address("10.244.1.5"), 8080)),
        ("NAT_3_10.0.0.4_30080_30080_6", NatTo(ip_address("10.244.1.5"), 80)),
    ]
    assert [(rule.id, rule.data) for rule in rules(found, "SLB_HAIRPIN_LAYER")] == [
        ("HairPin_7_10.96.0.10_80_80_6", Turn()),
        ("HairPin_3_10.0.0.4_30080_30080_6", Turn()),
    ]
    assert rules(found, "LB") == []


@pytest.mark.parametrize(
    "rule",
    [
        published(pod(BRIDGE, "other", "10.1.0.5"), 30080, 80, engine="VFP"),
        replace(published(WEB, 30080, 80, engine="VFP"), internal_address="nonsense"),
        published(WEB, 30080, 80, engine="VFP", vip="fd00::1"),
    ],
    ids=["on another switch", "of no address", "of the other family"],
)
def test_other_published_ports_are_not_its_affair(rule: object) -> None:
    host = node(OVERLAY, pods=[WEB], ports=[rule])  # type: ignore[list-item]
    assert rules(port(host), "SLB_LB_LAYER") == []


def test_what_the_node_sends_into_its_overlay_is_encapsulated() -> None:
    far = remote(OVERLAY, "10.244.3.7", "10.0.0.8")
    found = rules(port(node(OVERLAY, pods=[far])), "ENCAP")
    node_address, peer = ip_address("10.0.0.4"), ip_address("10.0.0.8")
    assert [rule.id for rule in found] == ["10.244.3.7", "10.244.2.0/24"]
    assert found[0].data == EncapTo(peer, node_address, VSID, far.endpoint.mac_address)
    assert rules(port(node(BRIDGE)), "ENCAP") == []


def test_what_is_behind_the_node_itself_has_arrived_there() -> None:
    service = remote(OVERLAY, "10.96.0.10", "10.0.0.4")  # as kube-proxy makes it for a cluster IP
    found = rules(port(node(OVERLAY, pods=[service])), "ENCAP")
    assert [rule.id for rule in found] == ["10.244.2.0/24"]
