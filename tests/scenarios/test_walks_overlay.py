"""Packets on overlays walk as dataplane.md section 8 says, on both families of releases."""

import pytest

from hnsemu.domain.tracing.model import ArrivalKind, Reason, Verdict
from hnsemu.storage.database import Database
from tests.scenarios.lab import Lab, acl, change_of, peered_overlays, policy, stations

NODE_1, NODE_2 = "10.127.130.35", "10.127.130.36"
NAT = policy("OutBoundNAT", Exceptions=["10.244.0.0/16", "10.96.0.0/12", f"{NODE_1}/32"])


@pytest.fixture(params=["ws2019", "ws2022", "ws2025"])
def lab(request: pytest.FixtureRequest, database: Database) -> Lab:
    return Lab(database, request.param)


def test_a_pod_reaches_its_neighbour_without_encapsulation(lab: Lab) -> None:
    overlay, _ = peered_overlays(lab)
    lab.pod("node-1", overlay, "client", "10.244.1.5", NAT)
    web = lab.pod("node-1", overlay, "web", "10.244.1.6", NAT)
    walk = lab.trace("node-1", "client", "10.244.1.6", 80)
    assert walk.delivered_to is not None
    assert walk.delivered_to.id == web.id
    assert change_of(walk, "VNET_ENCAP_LAYER") == {"DestinationMac": ("", web.mac_address)}
    assert not any("OuterSource" in step.changed for step in walk.steps)
    assert walk.packet.flow == walk.sent.flow


def test_a_pod_reaches_another_node_through_vxlan(lab: Lab) -> None:
    overlay, other = peered_overlays(lab)
    client = lab.pod("node-1", overlay, "client", "10.244.1.5", NAT)
    web = lab.pod("node-2", other, "web", "10.244.2.7", NAT)
    walk = lab.trace("node-1", "client", "10.244.2.7", 80)
    assert stations(walk) == [
        "node-1 compartment of endpoint client route",
        "node-1 port of endpoint client OUT ACL_ENDPOINT_LAYER allow",
        "node-1 port of endpoint client OUT VNET_ENCAP_LAYER encap",
        "node-1 port of endpoint client OUT VNET_PA_ROUTE_LAYER route",
        "node-1 switch Overlay 10.244.1.0/24 forward",
        "node-1 underlay forward",
        "node-2 port of the distributed router IN VNET_ENCAP_LAYER decap",
        "node-2 port of the distributed router IN REMOTESUBNETROUTE_HAIRPIN_LAYER hairpin",
        "node-2 port of endpoint web IN ACL_ENDPOINT_LAYER allow",
        "node-2 compartment of endpoint web deliver",
    ]
    assert change_of(walk, "VNET_ENCAP_LAYER") == {
        "DestinationMac": (overlay.dr_mac, other.dr_mac),
        "OuterSource": ("", NODE_1),
        "OuterDestination": ("", NODE_2),
        "Vni": ("", "4096"),
    }
    assert walk.packet.source_mac == client.mac_address  # the inner source stays
    assert walk.packet.destination_mac == web.mac_address
    assert walk.reply is not None
    assert walk.reply.delivered_to is not None
    assert walk.reply.delivered_to.id == client.id


def test_a_node_that_does_not_know_the_way_back_loses_the_reply(lab: Lab) -> None:
    overlay = lab.network("node-1", "Overlay", "10.244.1.0/24", "10.244.1.1", vsid=4096)
    other = lab.network("node-2", "Overlay", "10.244.2.0/24", "10.244.2.1", vsid=4096)
    lab.pod("node-1", overlay, "client", "10.244.1.5")
    lab.pod("node-2", other, "web", "10.244.2.7")
    lab.remote("node-1", overlay, "10.244.2.7", NODE_2)
    walk = lab.trace("node-1", "client", "10.244.2.7", 80)
    assert walk.reason is Reason.DELIVERED_TO_ENDPOINT
    assert walk.reply is not None
    assert walk.reply.reason is Reason.NO_RETURN_ROUTE


def test_a_wrong_vsid_is_dropped_by_the_receiving_node(lab: Lab) -> None:
    overlay, other = peered_overlays(lab)
    lab.pod("node-1", overlay, "client", "10.244.1.5")
    lab.pod("node-2", other, "web", "10.244.2.7")
    wrong = policy(
        "RemoteSubnetRoute",
        DestinationPrefix="10.244.2.0/25",
        IsolationId=5000,
        ProviderAddress=NODE_2,
        DistributedRouterMacAddress=other.dr_mac,
    )
    lab.add_policies("node-1", overlay, wrong)
    walk = lab.trace("node-1", "client", "10.244.2.7", 80)
    assert (walk.verdict, walk.reason) == (Verdict.DROPPED, Reason.WRONG_VSID)
    assert "VSID 5000" in walk.text


def test_nobody_behind_the_right_vsid_is_no_such_port(lab: Lab) -> None:
    overlay, _ = peered_overlays(lab)
    lab.pod("node-1", overlay, "client", "10.244.1.5")
    assert lab.trace("node-1", "client", "10.244.2.99", 80).reason is Reason.NO_SUCH_PORT
    assert lab.trace("node-1", "client", "10.244.1.99", 80).reason is Reason.NO_SUCH_PORT


def test_a_vtep_that_is_not_emulated_is_outside(lab: Lab) -> None:
    overlay, _ = peered_overlays(lab)
    lab.pod("node-1", overlay, "client", "10.244.1.5")
    lab.remote("node-1", overlay, "10.244.9.9", "10.0.0.9")
    walk = lab.trace("node-1", "client", "10.244.9.9", 80)
    assert walk.delivered_to is not None
    assert (walk.delivered_to.kind, walk.delivered_to.id) == (ArrivalKind.EXTERNAL, "10.0.0.9")


def test_a_pod_reaches_the_internet_through_source_nat(lab: Lab) -> None:
    overlay, _ = peered_overlays(lab)
    client = lab.pod("node-1", overlay, "client", "10.244.1.5", NAT)
    walk = lab.trace("node-1", "client", "93.184.216.34", 443)
    assert walk.reason is Reason.DELIVERED_TO_EXTERNAL
    assert str(walk.packet.source) == NODE_1
    assert walk.packet.source_port in range(49152, 65536)
    assert walk.reply is not None
    assert walk.reply.delivered_to is not None
    assert walk.reply.delivered_to.id == client.id
    assert str(walk.reply.packet.destination) == "10.244.1.5"
    assert walk.reply.packet.destination_port == walk.sent.source_port


def test_ping_to_the_internet_finds_no_way_back(lab: Lab) -> None:
    overlay, _ = peered_overlays(lab)
    lab.pod("node-1", overlay, "client", "10.244.1.5", NAT)
    walk = lab.trace("node-1", "client", "8.8.8.8", Protocol="ICMP")
    assert str(walk.packet.source) == "10.244.1.5"
    assert walk.reply is not None
    assert walk.reply.reason is Reason.NO_RETURN_ROUTE


def test_a_service_with_dsr_is_translated_at_the_clients_port_alone(lab: Lab) -> None:
    overlay, other = peered_overlays(lab)
    lab.pod("node-1", overlay, "client", "10.244.1.5", NAT)
    web = lab.pod("node-2", other, "web", "10.244.2.7", NAT)
    backend = lab.remote("node-1", overlay, "10.244.2.7", NODE_2)
    lab.balancer("node-1", [backend], "10.96.0.10", 80, 8080)
    walk = lab.trace("node-1", "client", "10.96.0.10", 80)
    assert change_of(walk, "LB_DSR") == {
        "Destination": ("10.96.0.10", "10.244.2.7"),
        "DestinationPort": ("80", "8080"),
    }
    assert walk.delivered_to is not None
    assert walk.delivered_to.id == web.id
    assert str(walk.packet.source) == "10.244.1.5"
    assert not any("port of the host" in step.where for step in walk.steps)
    reply = walk.reply
    assert reply is not None
    assert (str(reply.packet.source), reply.packet.source_port) == ("10.96.0.10", 80)
    assert not any("port of the host" in step.where for step in reply.steps)


def test_a_service_without_dsr_crosses_the_host_port_both_ways(lab: Lab) -> None:
    overlay, other = peered_overlays(lab)
    route = policy("SDNRoute", DestinationPrefix="10.96.0.0/12", NeedEncap=True)
    client = lab.pod("node-1", overlay, "client", "10.244.1.5", NAT, route)
    lab.pod("node-1", overlay, "source VIP", "10.244.1.2")
    web = lab.pod("node-2", other, "web", "10.244.2.7", NAT)
    backend = lab.remote("node-1", overlay, "10.244.2.7", NODE_2)
    lab.balancer("node-1", [backend], "10.96.0.10", 80, 8080, Flags=0, SourceVIP="10.244.1.2")
    walk = lab.trace("node-1", "client", "10.96.0.10", 80)
    assert walk.delivered_to is not None
    assert walk.delivered_to.id == web.id
    assert str(walk.packet.source) == "10.244.1.2"
    assert "node-1 port of the host OUT LB rewrite" in stations(walk)
    assert "node-1 port of the host OUT ENCAP encap" in stations(walk)
    reply = walk.reply
    assert reply is not None
    assert any(station.startswith("node-1 port of the host IN") for station in stations(reply))
    assert reply.delivered_to is not None
    assert reply.delivered_to.id == client.id
    assert (str(reply.packet.source), reply.packet.source_port) == ("10.96.0.10", 80)


def test_an_egress_acl_sees_the_backend_and_not_the_service(lab: Lab) -> None:
    overlay, other = peered_overlays(lab)
    rest = acl("Allow", "Out", 2000)
    on_service = acl("Block", "Out", 100, RemoteAddresses="10.96.0.10/32")
    client = lab.pod("node-1", overlay, "client", "10.244.1.5", NAT, on_service, rest)
    lab.pod("node-2", other, "web", "10.244.2.7", NAT)
    backend = lab.remote("node-1", overlay, "10.244.2.7", NODE_2)
    lab.balancer("node-1", [backend], "10.96.0.10", 80, 8080)
    assert lab.trace("node-1", "client", "10.96.0.10", 80).verdict is Verdict.DELIVERED
    on_backend = acl("Block", "Out", 100, RemoteAddresses="10.244.2.7/32", RemotePorts="8080")
    lab.change("node-1", client, "Update", on_backend, rest)
    blocked = lab.trace("node-1", "client", "10.96.0.10", 80)
    assert (blocked.verdict, blocked.reason) == (Verdict.BLOCKED, Reason.BLOCKED_BY_RULE)
    assert blocked.steps[-1].policy is not None
    assert blocked.steps[-1].policy.owner_id == client.id


def test_an_ingress_acl_sees_the_client_after_decapsulation(lab: Lab) -> None:
    overlay, other = peered_overlays(lab)
    lab.pod("node-1", overlay, "client", "10.244.1.5", NAT)
    block = acl("Block", "In", 100, RemoteAddresses="10.244.1.0/24")
    web = lab.pod("node-2", other, "web", "10.244.2.7", NAT, block, acl("Allow", "In", 200))
    walk = lab.trace("node-1", "client", "10.244.2.7", 80)
    assert walk.reason is Reason.BLOCKED_BY_RULE
    last = walk.steps[-1]
    assert (last.host, last.layer, last.direction) == ("node-2", "ACL_ENDPOINT_LAYER", "IN")
    assert last.policy is not None
    assert (last.policy.owner_id, last.policy.type) == (web.id, "ACL")


def test_a_pod_reaches_itself_through_a_service_with_loopback_nat_only(lab: Lab) -> None:
    overlay, _ = peered_overlays(lab)
    web = lab.pod("node-1", overlay, "web", "10.244.1.5", NAT)
    lab.balancer("node-1", [web], "10.96.0.10", 80, 8080)
    hangs = lab.trace("node-1", "web", "10.96.0.10", 80)
    assert hangs.reason is Reason.SAME_SOURCE_AND_DESTINATION
    lab.change("node-1", web, "Add", policy("OutBoundNAT", Destinations=["10.244.1.5"]))
    walk = lab.trace("node-1", "web", "10.96.0.10", 80)
    assert walk.delivered_to is not None
    assert walk.delivered_to.id == web.id
    assert str(walk.packet.source) == NODE_1
    assert walk.reply is not None
    assert (str(walk.reply.packet.source), walk.reply.packet.source_port) == ("10.96.0.10", 80)


def test_a_node_reaches_pods_with_a_host_route_only(lab: Lab) -> None:
    overlay, other = peered_overlays(lab)
    lab.pod("node-1", overlay, "near", "10.244.1.5")
    lab.pod("node-2", other, "far", "10.244.2.7")
    refused = lab.trace("node-1", {"Host": True}, "10.244.1.5", 80)
    assert refused.reason is Reason.NO_ROUTE
    assert "HostRoute" in refused.text
    for name, network in (("node-1", overlay), ("node-2", other)):
        lab.add_policies(name, network, policy("HostRoute"))
    near = lab.trace("node-1", {"Host": True}, "10.244.1.5", 80)
    assert "node-1 port of the host OUT ENCAP allow" in stations(near)
    assert near.reason is Reason.DELIVERED_TO_ENDPOINT
    far = lab.trace("node-1", {"Host": True}, "10.244.2.7", 80)
    assert "node-1 port of the host OUT ENCAP encap" in stations(far)
    assert far.delivered_to is not None
    assert far.delivered_to.host == "node-2"


def test_a_pod_reaches_its_own_node_as_an_exception_only(lab: Lab) -> None:
    overlay, _ = peered_overlays(lab, policy("HostRoute"))
    lab.pod("node-1", overlay, "good", "10.244.1.5", NAT)
    lab.pod("node-1", overlay, "bad", "10.244.1.6", policy("OutBoundNAT", Exceptions=[]))
    good = lab.trace("node-1", "good", NODE_1, 10250)
    assert good.reason is Reason.DELIVERED_TO_HOST
    assert good.reply is not None
    assert good.reply.reason is Reason.DELIVERED_TO_ENDPOINT
    bad = lab.trace("node-1", "bad", NODE_1, 10250)
    assert bad.reason is Reason.SAME_SOURCE_AND_DESTINATION


def test_without_source_nat_ports_the_path_inside_the_cluster_stays(lab: Lab) -> None:
    overlay, other = peered_overlays(lab)
    lab.pod("node-1", overlay, "client", "10.244.1.5")
    lab.pod("node-2", other, "web", "10.244.2.7")
    backend = lab.remote("node-1", overlay, "10.244.2.7", NODE_2)
    lab.balancer("node-1", [backend], "10.96.0.10", 80, 8080)
    inside = lab.trace("node-1", "client", "10.96.0.10", 80)
    assert inside.reply is not None
    assert inside.reply.verdict is Verdict.DELIVERED
    outside = lab.trace("node-1", "client", "93.184.216.34", 443)
    assert str(outside.packet.source) == "10.244.1.5"
    assert outside.reply is not None
    assert outside.reply.reason is Reason.NO_RETURN_ROUTE


def test_encapsulation_lowers_the_mtu(lab: Lab) -> None:
    overlay, _ = peered_overlays(lab)
    lab.pod("node-1", overlay, "client", "10.244.1.5", NAT)
    assert lab.trace("node-1", "client", "8.8.8.8", 53, Length=1450).verdict is Verdict.DELIVERED
    assert lab.trace("node-1", "client", "8.8.8.8", 53, Length=1451).reason is Reason.TOO_BIG
