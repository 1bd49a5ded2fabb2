"""Packets on L2Bridge networks walk as dataplane.md section 8 says."""

import pytest

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import Network
from hnsemu.domain.tracing.model import Reason, Verdict
from hnsemu.storage.database import Database
from tests.scenarios.lab import Lab, change_of, policy, stations

NODE_1, NODE_2 = "10.127.130.35", "10.127.130.36"
NAT = policy("OutBoundNAT", Exceptions=["10.244.0.0/16", "10.96.0.0/12", "10.127.130.0/24"])
ROUTES = (
    policy("SDNRoute", DestinationPrefix="10.96.0.0/12", NeedEncap=True),
    policy("SDNRoute", DestinationPrefix=f"{NODE_1}/32", NeedEncap=True),
)


@pytest.fixture(params=["ws2019", "ws2025"])
def lab(request: pytest.FixtureRequest, database: Database) -> Lab:
    return Lab(database, request.param)


@pytest.fixture
def bridge(lab: Lab) -> Network:
    """Return the network of a node with its gateway endpoint, as win-bridge makes them."""
    made = lab.network("node-1", "L2Bridge", "10.244.1.0/24", "10.244.1.1")
    lab.gateway("node-1", made, "10.244.1.2")
    return made


def pod(lab: Lab, network: Network, name: str, address: str) -> Endpoint:
    return lab.pod("node-1", network, name, address, NAT, *ROUTES, gateway="10.244.1.2")


def test_pods_of_a_node_are_bridged_between_their_acls(lab: Lab, bridge: Network) -> None:
    pod(lab, bridge, "client", "10.244.1.5")
    web = pod(lab, bridge, "web", "10.244.1.6")
    walk = lab.trace("node-1", "client", "10.244.1.6", 80)
    assert walk.delivered_to is not None
    assert walk.delivered_to.id == web.id
    assert walk.packet.flow == walk.sent.flow
    said = stations(walk)
    assert "node-1 port of endpoint client OUT ACL_ENDPOINT_LAYER allow" in said
    assert "node-1 port of endpoint web IN ACL_ENDPOINT_LAYER allow" in said
    assert not any("encap" in station.split() for station in said)


def test_what_leaves_the_node_has_the_hosts_mac(lab: Lab, bridge: Network) -> None:
    client = pod(lab, bridge, "client", "10.244.1.5")
    walk = lab.trace("node-1", "client", "93.184.216.34", 443)
    before, after = change_of(walk, "L2_MAC_REWRITE_LAYER")["SourceMac"]
    assert before == client.mac_address
    assert after != before
    assert str(walk.packet.source) == NODE_1
    assert walk.reply is not None
    assert walk.reply.delivered_to is not None
    assert walk.reply.delivered_to.id == client.id


def test_the_fabric_carries_packets_to_pods_of_another_node(lab: Lab, bridge: Network) -> None:
    client = pod(lab, bridge, "client", "10.244.1.5")
    other = lab.network("node-2", "L2Bridge", "10.244.2.0/24", "10.244.2.1")
    web = lab.pod("node-2", other, "web", "10.244.2.7", NAT)
    walk = lab.trace("node-1", "client", "10.244.2.7", 80)
    assert walk.delivered_to is not None
    assert (walk.delivered_to.host, walk.delivered_to.id) == ("node-2", web.id)
    assert str(walk.packet.source) == "10.244.1.5"
    assert walk.reply is not None
    assert walk.reply.delivered_to is not None
    assert walk.reply.delivered_to.id == client.id


def test_a_node_port_keeps_the_client_when_backends_are_local(lab: Lab, bridge: Network) -> None:
    web = pod(lab, bridge, "web", "10.244.1.6")
    lab.balancer("node-1", [web], "", 30080, 8080, MappingFlags=2)
    walk = lab.trace("node-1", {"External": True}, NODE_1, 30080, Source="203.0.113.9")
    assert stations(walk)[1:5] == [
        "node-1 port of the host IN SLB_HAIRPIN_LAYER hairpin",
        "node-1 port of the host OUT SLB_LB_LAYER rewrite",
        "node-1 port of the host OUT VNET_PA_ROUTE_LAYER route",
        "node-1 switch L2Bridge 10.244.1.0/24 forward",
    ]
    assert walk.delivered_to is not None
    assert walk.delivered_to.id == web.id
    assert str(walk.packet.source) == "203.0.113.9"
    reply = walk.reply
    assert reply is not None
    assert reply.reason is Reason.DELIVERED_TO_EXTERNAL
    assert (str(reply.packet.source), reply.packet.source_port) == (NODE_1, 30080)


def test_a_node_port_with_remote_backends_gets_the_nodes_source(lab: Lab, bridge: Network) -> None:
    other = lab.network("node-2", "L2Bridge", "10.244.2.0/24", "10.244.2.1")
    web = lab.pod("node-2", other, "web", "10.244.2.7", NAT)
    backend = lab.remote("node-1", bridge, "10.244.2.7", NODE_2)
    lab.balancer("node-1", [backend], "", 30080, 8080, MappingFlags=2, SourceVIP=NODE_1, Flags=0)
    walk = lab.trace("node-1", {"External": True}, NODE_1, 30080, Source="203.0.113.9")
    assert "node-1 port of the host OUT LB rewrite" in stations(walk)
    assert walk.delivered_to is not None
    assert walk.delivered_to.id == web.id
    assert str(walk.packet.source) == NODE_1
    reply = walk.reply
    assert reply is not None
    assert reply.reason is Reason.DELIVERED_TO_EXTERNAL
    assert (str(reply.packet.source), reply.packet.source_port) == (NODE_1, 30080)


def test_a_published_port_needs_local_routed_vip_from_the_host_itself(
    lab: Lab, bridge: Network
) -> None:
    mapping = {"Protocol": 6, "InternalPort": 80, "ExternalPort": 8080}
    lab.pod("node-1", bridge, "web", "10.244.1.6", policy("PortMapping", **mapping))
    outside = lab.trace("node-1", {"External": True}, NODE_1, 8080, Source="203.0.113.9")
    assert outside.reason is Reason.DELIVERED_TO_ENDPOINT
    assert outside.packet.destination_port == 80
    itself = lab.trace("node-1", {"Host": True}, NODE_1, 8080)
    assert itself.reason is Reason.DELIVERED_TO_HOST
    routed = {**mapping, "ExternalPort": 8081, "Flags": 1}
    lab.pod("node-1", bridge, "routed", "10.244.1.7", policy("PortMapping", **routed))
    itself = lab.trace("node-1", {"Host": True}, NODE_1, 8081)
    assert itself.reason is Reason.DELIVERED_TO_ENDPOINT


def test_a_service_without_dsr_goes_through_the_host_by_its_sdn_route(
    lab: Lab, bridge: Network
) -> None:
    pod(lab, bridge, "client", "10.244.1.5")
    web = pod(lab, bridge, "web", "10.244.1.6")
    lab.balancer("node-1", [web], "10.96.0.10", 80, 8080, Flags=0, SourceVIP=NODE_1)
    walk = lab.trace("node-1", "client", "10.96.0.10", 80)
    said = stations(walk)
    assert "node-1 port of the host IN DECAP_IN decap" in said
    assert "node-1 port of the host OUT SLB_LB_LAYER rewrite" in said
    assert str(walk.packet.source) == NODE_1
    assert walk.reply is not None
    assert str(walk.reply.packet.source) == "10.96.0.10"
    assert walk.reply.verdict is Verdict.DELIVERED


def test_a_pod_reaches_its_own_node_by_its_sdn_route(lab: Lab, bridge: Network) -> None:
    client = pod(lab, bridge, "client", "10.244.1.5")
    walk = lab.trace("node-1", "client", NODE_1, 10250)
    assert walk.reason is Reason.DELIVERED_TO_HOST
    assert "node-1 port of the host IN DECAP_IN decap" in stations(walk)
    assert walk.reply is not None
    assert walk.reply.delivered_to is not None
    assert walk.reply.delivered_to.id == client.id


def test_a_node_reaches_its_pods_through_its_gateway_endpoint(lab: Lab) -> None:
    made = lab.network("node-1", "L2Bridge", "10.244.1.0/24", "10.244.1.1")
    lab.pod("node-1", made, "web", "10.244.1.6", NAT)
    refused = lab.trace("node-1", {"Host": True}, "10.244.1.6", 80)
    assert refused.reason is Reason.NO_ROUTE
    lab.gateway("node-1", made, "10.244.1.2")
    walk = lab.trace("node-1", {"Host": True}, "10.244.1.6", 80)
    assert walk.reason is Reason.DELIVERED_TO_ENDPOINT
    assert str(walk.packet.source) == "10.244.1.2"


def test_a_published_port_is_turned_round_at_the_port_of_the_host(
    lab: Lab, bridge: Network
) -> None:
    mapping = policy("PortMapping", Protocol=6, InternalPort=80, ExternalPort=8080, Flags=1)
    web = lab.pod("node-1", bridge, "web", "10.244.1.6", mapping)
    walk = lab.trace("node-1", {"External": True}, NODE_1, 8080, Source="203.0.113.9")
    assert stations(walk) == [
        "node-1 underlay forward",
        "node-1 port of the host IN SLB_HAIRPIN_LAYER hairpin",
        "node-1 port of the host OUT SLB_LB_LAYER rewrite",
        "node-1 port of the host OUT VNET_PA_ROUTE_LAYER route",
        "node-1 switch L2Bridge 10.244.1.0/24 forward",
        "node-1 port of endpoint web IN ACL_ENDPOINT_LAYER allow",
        "node-1 compartment of endpoint web deliver",
    ]
    assert walk.delivered_to is not None
    assert walk.delivered_to.id == web.id
    assert str(walk.packet) == "TCP 203.0.113.9:40000 > 10.244.1.6:80"


def test_an_l2tunnel_sends_every_frame_to_the_physical_host(database: Database) -> None:
    lab = Lab(database, "ws2022")
    made = lab.network("node-1", Mode.L2TUNNEL, "10.244.1.0/24", "10.244.1.1")
    lab.pod("node-1", made, "client", "10.244.1.5", NAT)
    lab.pod("node-1", made, "web", "10.244.1.6", NAT)
    walk = lab.trace("node-1", "client", "10.244.1.6", 80)
    assert walk.verdict is Verdict.DELIVERED
    assert "node-1 underlay forward" in stations(walk)


def vlan_of(lab: Lab, endpoint: Endpoint) -> int:
    port = lab.endpoint("node-1", endpoint.id).port
    assert port is not None
    return port.isolation


def test_endpoints_are_in_the_vlan_of_their_subnet(database: Database) -> None:
    lab = Lab(database, "ws2025")
    made = lab.bridge_with_vlans("node-1", {"10.244.1.0/24": 10, "10.244.2.0/24": 20})
    lab.pod("node-1", made, "red", "10.244.1.5")
    blue = lab.pod("node-1", made, "blue", "10.244.2.5")
    assert vlan_of(lab, blue) == 20
    walk = lab.trace("node-1", "red", "10.244.2.5", 80)
    assert walk.delivered_to is not None
    assert walk.delivered_to.id == blue.id
    assert "node-1 underlay forward" in stations(walk)  # the router outside has both
    on_link = lab.pod("node-1", made, "own", "10.244.1.6", policy("VLAN", IsolationId=30))
    assert vlan_of(lab, on_link) == 30
    assert lab.trace("node-1", "red", "10.244.1.6", 80).reason is Reason.WRONG_VLAN
    lab.change("node-1", on_link, "Remove", policy("VLAN", IsolationId=30))
    assert vlan_of(lab, on_link) == 10
