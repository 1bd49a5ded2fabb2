"""Services, as kube-proxy and proxies make them, walk as dataplane.md sections 5 and 8 say."""

import pytest

from hnsemu.domain.networks import Network
from hnsemu.domain.tracing.model import Reason, Trace, Verdict
from hnsemu.storage.database import Database
from tests.scenarios.lab import Lab, change_of, peered_overlays, policy, stations

NODE_1, NODE_2, VIP, CLIENT = "10.127.130.35", "10.127.130.36", "10.96.0.10", "203.0.113.9"
NAT = policy("OutBoundNAT", Exceptions=["10.244.0.0/16", "10.96.0.0/12", f"{NODE_1}/32"])
LOCAL_ROUTED_VIP, PRESERVE_DIP = 2, 8


@pytest.fixture(params=["ws2019", "ws2025"])
def lab(request: pytest.FixtureRequest, database: Database) -> Lab:
    return Lab(database, request.param)


@pytest.fixture
def overlay(lab: Lab) -> Network:
    return peered_overlays(lab)[0]


def receiver(trace: Trace | None) -> str:
    """Return the id of who received it."""
    assert trace is not None
    assert trace.delivered_to is not None, trace.text
    return trace.delivered_to.id


def test_a_local_backend_is_reached_without_encapsulation(lab: Lab, overlay: Network) -> None:
    client = lab.pod("node-1", overlay, "client", "10.244.1.5", NAT)
    web = lab.pod("node-1", overlay, "web", "10.244.1.6", NAT)
    lab.balancer("node-1", [web], VIP, 80, 8080)
    walk = lab.trace("node-1", "client", VIP, 80)
    assert stations(walk) == [
        "node-1 compartment of endpoint client route",
        "node-1 port of endpoint client OUT LB_DSR rewrite",
        "node-1 port of endpoint client OUT ACL_ENDPOINT_LAYER allow",
        "node-1 port of endpoint client OUT VNET_ENCAP_LAYER allow",
        "node-1 port of endpoint client OUT SLB_NAT_LAYER allow",
        "node-1 port of endpoint client OUT VNET_PA_ROUTE_LAYER route",
        "node-1 switch Overlay 10.244.1.0/24 forward",
        "node-1 port of endpoint web IN ACL_ENDPOINT_LAYER allow",
        "node-1 compartment of endpoint web deliver",
    ]
    assert receiver(walk) == web.id
    assert receiver(walk.reply) == client.id
    assert walk.reply is not None
    assert (str(walk.reply.packet.source), walk.reply.packet.source_port) == (VIP, 80)


@pytest.mark.parametrize("node", [1, 2])
def test_the_host_reaches_a_service_through_its_own_port(
    node: int, lab: Lab, overlay: Network
) -> None:
    lab.add_policies("node-1", overlay, policy("HostRoute"))
    if node == 1:
        web = backend = lab.pod("node-1", overlay, "web", "10.244.1.6", NAT)
    else:
        other = lab.network("node-2", "Overlay", "10.244.3.0/24", "10.244.3.1", vsid=4096)
        web = lab.pod("node-2", other, "web", "10.244.3.7", NAT)
        backend = lab.remote("node-1", overlay, "10.244.3.7", NODE_2)
    lab.balancer("node-1", [backend], VIP, 80, 8080, MappingFlags=LOCAL_ROUTED_VIP)
    walk = lab.trace("node-1", {"Host": True}, VIP, 80)
    layer = "SLB_LB_LAYER" if node == 1 else "LB"
    assert f"node-1 port of the host OUT {layer} rewrite" in stations(walk)
    assert change_of(walk, layer)["Destination"] == (VIP, str(walk.packet.destination))
    assert receiver(walk) == web.id
    assert walk.packet.destination_port == 8080


def test_a_preserved_address_reaches_local_backends_as_it_is(lab: Lab, overlay: Network) -> None:
    web = lab.pod("node-1", overlay, "web", "10.244.1.6", NAT)
    flags = LOCAL_ROUTED_VIP | PRESERVE_DIP
    lab.balancer("node-1", [web], "198.51.100.7", 80, 8080, MappingFlags=flags)
    lab.pod("node-1", overlay, "client", "10.244.1.5", NAT)
    walk = lab.trace("node-1", "client", "198.51.100.7", 80)
    assert receiver(walk) == web.id
    assert (str(walk.packet.destination), walk.packet.destination_port) == ("198.51.100.7", 80)
    assert walk.backend == "10.244.1.6:8080"
    assert "keeps the service address in the packet" in next(
        step.text for step in walk.steps if step.layer == "LB_DSR"
    )
    assert walk.reply is not None
    assert walk.reply.verdict is Verdict.DELIVERED


def test_a_preserved_node_port_reaches_local_backends_as_it_is(lab: Lab) -> None:
    bridge = lab.network("node-1", "L2Bridge", "10.244.1.0/24", "10.244.1.1")
    web = lab.pod("node-1", bridge, "web", "10.244.1.6", NAT)
    flags = LOCAL_ROUTED_VIP | PRESERVE_DIP
    lab.balancer("node-1", [web], "", 30080, 8080, MappingFlags=flags)
    walk = lab.trace("node-1", {"External": True}, NODE_1, 30080, Source=CLIENT)
    assert receiver(walk) == web.id
    assert str(walk.packet) == f"TCP {CLIENT}:40000 > {NODE_1}:30080"
    assert walk.reply is not None
    assert walk.reply.reason is Reason.DELIVERED_TO_EXTERNAL
    assert str(walk.reply.packet) == f"TCP {NODE_1}:30080 > {CLIENT}:40000"


INGRESS = "198.51.100.7"


@pytest.mark.parametrize("flags", [0, PRESERVE_DIP])
def test_a_cloud_balancer_brings_an_ingress_address_to_a_host(lab: Lab, flags: int) -> None:
    bridge = lab.network("node-1", "L2Bridge", "10.244.1.0/24", "10.244.1.1")
    web = lab.pod("node-1", bridge, "web", "10.244.1.6", NAT)
    lab.balancer("node-1", [web], INGRESS, 80, 8080, MappingFlags=LOCAL_ROUTED_VIP | flags)
    outside = lab.trace("node-1", {"External": True}, INGRESS, 80, Source=CLIENT)
    assert outside.reason is Reason.DELIVERED_TO_EXTERNAL
    walk = lab.trace("node-1", {"External": True}, INGRESS, 80, Source=CLIENT, ArrivesAt="node-1")
    assert receiver(walk) == web.id
    assert walk.reply is not None
    assert walk.reply.reason is Reason.DELIVERED_TO_EXTERNAL
    assert str(walk.reply.packet) == f"TCP {INGRESS}:80 > {CLIENT}:40000"


def test_an_ingress_address_reaches_backends_that_are_on_other_hosts_only(lab: Lab) -> None:
    near, far = peered_overlays(lab)
    web = lab.pod("node-2", far, "web", "10.244.2.7")
    lab.pod("node-1", near, "source VIP", "10.244.1.2")
    remote = lab.remote("node-1", near, "10.244.2.7", NODE_2)
    flags = {"MappingFlags": LOCAL_ROUTED_VIP, "SourceVIP": "10.244.1.2"}
    lab.balancer("node-1", [remote], INGRESS, 80, 8080, **flags)
    walk = lab.trace("node-1", {"External": True}, INGRESS, 80, Source=CLIENT, ArrivesAt="node-1")
    assert receiver(walk) == web.id
    assert walk.reply is not None
    assert str(walk.reply.packet) == f"TCP {INGRESS}:80 > {CLIENT}:40000"


@pytest.mark.parametrize("kind", ["L2Bridge", "Overlay"])
def test_a_pod_reaches_an_ingress_address_through_what_is_outside_without_dsr(
    lab: Lab, kind: str
) -> None:
    network = lab.network("node-1", kind, "10.244.1.0/24", "10.244.1.1", vsid=4096)
    web = lab.pod("node-1", network, "web", "10.244.1.6", NAT)
    lab.pod("node-1", network, "client", "10.244.1.5", NAT)
    lab.balancer("node-1", [web], INGRESS, 80, 8080, Flags=0, MappingFlags=LOCAL_ROUTED_VIP)
    cluster = lab.trace("node-1", "client", INGRESS, 80)
    assert cluster.reason is Reason.DELIVERED_TO_EXTERNAL
    assert str(cluster.packet.destination) == INGRESS


@pytest.mark.parametrize("kind", ["L2Bridge", "Overlay"])
def test_a_pod_reaches_an_ingress_address_itself_with_dsr(lab: Lab, kind: str) -> None:
    network = lab.network("node-1", kind, "10.244.1.0/24", "10.244.1.1", vsid=4096)
    web = lab.pod("node-1", network, "web", "10.244.1.6", NAT)
    lab.pod("node-1", network, "client", "10.244.1.5", NAT)
    lab.balancer("node-1", [web], INGRESS, 80, 8080, Flags=1, MappingFlags=LOCAL_ROUTED_VIP)
    assert receiver(lab.trace("node-1", "client", INGRESS, 80)) == web.id


def test_what_is_brought_to_a_host_without_that_address_is_dropped(lab: Lab) -> None:
    lab.network("node-1", "L2Bridge", "10.244.1.0/24", "10.244.1.1")
    walk = lab.trace("node-1", {"External": True}, INGRESS, 80, Source=CLIENT, ArrivesAt="node-1")
    assert walk.reason is Reason.NO_ROUTE
    assert f"answers on {INGRESS}" in walk.text


def test_a_host_without_a_default_gateway_has_no_route(lab: Lab) -> None:
    walk = lab.trace("node-1", {"Host": True}, "2001:db8::8", 80)
    assert walk.reason is Reason.NO_ROUTE
    assert "has no route to 2001:db8::8" in walk.text


def test_a_remote_backend_gets_its_own_address_also_with_a_preserved_one(
    lab: Lab, overlay: Network
) -> None:
    lab.pod("node-1", overlay, "client", "10.244.1.5", NAT)
    backend = lab.remote("node-1", overlay, "10.244.9.9", "10.0.0.9")
    lab.balancer("node-1", [backend], VIP, 80, 8080, MappingFlags=PRESERVE_DIP)
    walk = lab.trace("node-1", "client", VIP, 80)
    assert (str(walk.packet.destination), walk.packet.destination_port) == ("10.244.9.9", 8080)


PROXY = {"IP": "10.244.1.6", "Port": "15001", "Protocol": "6", "Destination": "0.0.0.0/0"}


def test_a_redirected_connection_keeps_its_source(lab: Lab, overlay: Network) -> None:
    asked = policy("L4Proxy", **PROXY, ExceptionList=["10.96.0.0/12"])
    client = lab.pod("node-1", overlay, "client", "10.244.1.5", NAT, asked)
    proxy = lab.pod("node-1", overlay, "proxy", "10.244.1.6", NAT)
    walk = lab.trace("node-1", "client", "93.184.216.34", 443)
    assert receiver(walk) == proxy.id
    assert str(walk.packet) == "TCP 10.244.1.5:40000 > 10.244.1.6:15001"
    assert receiver(walk.reply) == client.id
    assert walk.reply is not None
    assert str(walk.reply.packet) == "TCP 93.184.216.34:443 > 10.244.1.5:40000"
    spared = lab.trace("node-1", "client", "10.96.0.99", 443)
    assert str(spared.packet.destination) == "10.96.0.99"


@pytest.mark.parametrize("name", ["OutboundNat", "OutboundNAT"])  # the schema's, hcsshim's
def test_outbound_nat_of_a_proxy_hides_the_source(name: str, lab: Lab, overlay: Network) -> None:
    asked = policy("L4Proxy", **PROXY, **{name: True})
    client = lab.pod("node-1", overlay, "client", "10.244.1.5", NAT, asked)
    proxy = lab.pod("node-1", overlay, "proxy", "10.244.1.6", NAT)
    walk = lab.trace("node-1", "client", "93.184.216.34", 443)
    assert receiver(walk) == proxy.id
    assert str(walk.packet.source) == NODE_1
    assert change_of(walk, "SLB_NAT_LAYER")["Source"] == ("10.244.1.5", NODE_1)
    assert receiver(walk.reply) == client.id
    assert walk.reply is not None
    assert str(walk.reply.packet) == "TCP 93.184.216.34:443 > 10.244.1.5:40000"


def test_a_pod_can_be_its_own_proxy_with_outbound_nat_only(lab: Lab, overlay: Network) -> None:
    own = {**PROXY, "IP": "10.244.1.5"}
    pod = lab.pod("node-1", overlay, "pod", "10.244.1.5", NAT, policy("L4Proxy", **own))
    hangs = lab.trace("node-1", "pod", "93.184.216.34", 443)
    assert hangs.reason is Reason.SAME_SOURCE_AND_DESTINATION
    lab.change("node-1", pod, "Update", policy("L4Proxy", **own, OutboundNat=True))
    assert receiver(lab.trace("node-1", "pod", "93.184.216.34", 443)) == pod.id
