"""Where each header changes: the table of dataplane.md section 8.8, row by row."""

import pytest

from hnsemu.domain.tracing.model import Trace
from hnsemu.storage.database import Database
from tests.scenarios.lab import Lab, peered_overlays, policy

NODE_1, NODE_2, VIP = "10.127.130.35", "10.127.130.36", "10.96.0.10"
NAT = policy("OutBoundNAT", Exceptions=["10.244.0.0/16", "10.96.0.0/12", f"{NODE_1}/32"])
ROUTE = policy("SDNRoute", DestinationPrefix="10.96.0.0/12", NeedEncap=True)


@pytest.fixture(params=["ws2019", "ws2025"])
def lab(request: pytest.FixtureRequest, database: Database) -> Lab:
    return Lab(database, request.param)


def changers(trace: Trace, *members: str) -> list[str]:
    """Return which layer or NAT changed one of the members, in order."""
    return [
        step.layer or step.stage
        for step in trace.steps
        if any(member in step.changed for member in members)
    ]


DESTINATION, SOURCE = ("Destination", "DestinationPort"), ("Source", "SourcePort")
OUTER = ("OuterSource", "OuterDestination", "Vni")


def test_a_service_with_dsr_on_an_overlay(lab: Lab) -> None:
    overlay, other = peered_overlays(lab)
    lab.pod("node-1", overlay, "client", "10.244.1.5", NAT)
    lab.pod("node-2", other, "web", "10.244.2.7", NAT)
    backend = lab.remote("node-1", overlay, "10.244.2.7", NODE_2)
    lab.balancer("node-1", [backend], VIP, 80, 8080)
    walk = lab.trace("node-1", "client", VIP, 80)
    assert changers(walk, *DESTINATION) == ["LB_DSR"]
    assert changers(walk, *SOURCE) == []
    assert changers(walk, *OUTER) == ["VNET_ENCAP_LAYER", "VNET_ENCAP_LAYER"]  # on, and off
    hairpin = "REMOTESUBNETROUTE_HAIRPIN_LAYER"
    assert changers(walk, "DestinationMac") == ["VNET_ENCAP_LAYER", hairpin]
    assert changers(walk, "SourceMac") == []
    assert walk.reply is not None
    assert changers(walk.reply, *SOURCE) == ["VFP"]  # by the flow, at the client's port
    assert changers(walk.reply, *DESTINATION) == []


def test_a_service_without_dsr_on_an_overlay(lab: Lab) -> None:
    overlay, other = peered_overlays(lab)
    lab.pod("node-1", overlay, "client", "10.244.1.5", NAT, ROUTE)
    lab.pod("node-1", overlay, "source VIP", "10.244.1.2")
    lab.pod("node-2", other, "web", "10.244.2.7", NAT)
    backend = lab.remote("node-1", overlay, "10.244.2.7", NODE_2)
    lab.balancer("node-1", [backend], VIP, 80, 8080, Flags=0, SourceVIP="10.244.1.2")
    walk = lab.trace("node-1", "client", VIP, 80)
    assert changers(walk, *DESTINATION) == ["LB"]
    assert changers(walk, *SOURCE) == ["LB"]
    assert changers(walk, *OUTER) == ["VNET_ENCAP_LAYER", "DECAP_IN", "ENCAP", "VNET_ENCAP_LAYER"]


def test_source_nat_at_the_containers_port(lab: Lab) -> None:
    overlay, _ = peered_overlays(lab)
    lab.pod("node-1", overlay, "client", "10.244.1.5", NAT)
    walk = lab.trace("node-1", "client", "93.184.216.34", 443)
    assert changers(walk, *SOURCE) == ["SLB_NAT_LAYER"]
    assert changers(walk, *DESTINATION, *OUTER) == []
    assert walk.reply is not None
    assert changers(walk.reply, *DESTINATION) == ["VFP"]


def test_a_bridge_gives_frames_the_hosts_mac(lab: Lab) -> None:
    bridge = lab.network("node-1", "L2Bridge", "10.244.1.0/24", "10.244.1.1")
    lab.pod("node-1", bridge, "client", "10.244.1.5", NAT)
    walk = lab.trace("node-1", "client", "93.184.216.34", 443)
    assert changers(walk, "SourceMac") == ["L2_MAC_REWRITE_LAYER"]
    assert changers(walk, *SOURCE) == ["SLB_NAT_LAYER"]


def test_local_backends_of_a_node_port(lab: Lab) -> None:
    bridge = lab.network("node-1", "L2Bridge", "10.244.1.0/24", "10.244.1.1")
    web = lab.pod("node-1", bridge, "web", "10.244.1.6", NAT)
    lab.balancer("node-1", [web], "", 30080, 8080, MappingFlags=2)
    walk = lab.trace("node-1", {"External": True}, NODE_1, 30080, Source="203.0.113.9")
    assert changers(walk, *DESTINATION) == ["SLB_LB_LAYER"]
    assert changers(walk, *SOURCE) == []


def test_winnat(lab: Lab) -> None:
    nat = lab.network("node-1", "NAT", "172.30.0.0/20", "172.30.0.1")
    published = policy("PortMapping", Protocol=6, InternalPort=80, ExternalPort=8080)
    lab.pod("node-1", nat, "web", "172.30.0.5", published)
    outward = lab.trace("node-1", "web", "93.184.216.34", 443)
    assert changers(outward, *SOURCE) == ["WinNAT"]
    assert changers(outward, *DESTINATION) == []
    inward = lab.trace("node-1", {"External": True}, NODE_1, 8080, Source="203.0.113.9")
    assert changers(inward, *DESTINATION) == ["WinNAT"]
    assert changers(inward, *SOURCE) == []


def test_vlans_are_the_ports_affair(database: Database) -> None:
    lab = Lab(database, "ws2025")
    made = lab.network("node-1", "Transparent", "10.127.130.0/24", "10.127.130.1")
    lab.pod("node-1", made, "client", "10.127.130.200", policy("VLAN", IsolationId=10))
    web = lab.pod("node-1", made, "web", "10.127.130.201", policy("VLAN", IsolationId=10))
    walk = lab.trace("node-1", "client", "10.127.130.201", 80)
    assert walk.delivered_to is not None
    assert walk.delivered_to.id == web.id
    assert (walk.sent.vlan, walk.packet.vlan) == (0, 0)
