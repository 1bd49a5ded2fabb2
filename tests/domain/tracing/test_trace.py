"""Whole walks: from the question to the verdict, with the reply and every backend."""

from dataclasses import replace

import pytest

from hnsemu.domain.dataplane import PlumbedEndpoint, PlumbedNetwork
from hnsemu.domain.loadbalancers import DIRECT_SERVER_RETURN
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import ICMP, SCTP, Packet
from hnsemu.domain.tracing.model import ArrivalKind, Reason, Result, Trace, Verdict
from hnsemu.domain.tracing.question import Origin, OriginKind, TraceQuestion
from hnsemu.domain.tracing.trace import trace
from tests.domain.worlds import (
    World,
    acl,
    adapter,
    balancer,
    guid,
    network,
    node,
    outbound_nat,
    packet,
    pod,
    port_mapping,
    published,
    ref,
    remote,
    remote_route,
    sdn_route,
    world,
)

HOST = Origin(OriginKind.HOST)
EXTERNAL = Origin(OriginKind.EXTERNAL)


def of(name: str) -> Origin:
    return Origin(OriginKind.ENDPOINT, guid(name))


def walked(fabric: World, origin: Origin, sent: Packet, *, reply: bool = True) -> Trace:
    (result,) = trace(fabric, "node-1", TraceQuestion(origin, sent, reply=reply))
    return result.trace


def peers() -> World:
    """Return two nodes whose overlays know each other's subnets."""
    one, two = (
        network(Mode.OVERLAY, f"10.244.{n}.0/24", name=f"overlay {n}", management_ip=f"10.0.0.{n}",
                remote_routes=(remote_route(f"10.244.{3 - n}.0/24", f"10.0.0.{3 - n}"),))
        for n in (1, 2)
    )  # fmt: skip
    nat = (outbound_nat(exceptions=["10.244.0.0/16"]),)
    client, web = (
        pod(one, "client", "10.244.1.5", nats=nat),
        pod(two, "web", "10.244.2.7", nats=nat),
    )
    service = balancer(
        [client, pod(one, "db", "10.244.1.6")], "10.96.0.10", flags=DIRECT_SERVER_RETURN
    )
    return world(
        node(one, pods=[client, pod(one, "db", "10.244.1.6")], services=[service], name="node-1",
             address="10.0.0.1"),
        node(two, pods=[web], name="node-2", address="10.0.0.2"),
    )  # fmt: skip


def test_a_packet_crosses_vxlan_and_its_reply_comes_back() -> None:
    walk = walked(peers(), of("client"), packet("10.244.1.5", "10.244.2.7"))
    assert walk.delivered_to is not None
    assert (walk.delivered_to.id, walk.delivered_to.host) == (guid("web"), "node-2")
    assert [step.result for step in walk.steps if step.result in {Result.ENCAP, Result.DECAP}] == [
        Result.ENCAP, Result.DECAP,
    ]  # fmt: skip
    assert walk.reply is not None
    assert walk.reply.delivered_to is not None
    assert walk.reply.delivered_to.id == guid("client")


def test_a_packet_that_leaves_is_answered_from_outside() -> None:
    walk = walked(peers(), of("client"), packet("10.244.1.5", "93.184.216.34", 443))
    assert walk.reason is Reason.DELIVERED_TO_EXTERNAL
    assert str(walk.packet.source) == "10.0.0.1"
    assert walk.reply is not None
    assert walk.reply.packet.flow == walk.sent.reply_flow


def test_a_reply_is_walked_where_it_is_wanted_and_the_packet_arrived() -> None:
    blocked = network(Mode.L2BRIDGE, "10.1.0.0/24")
    fabric = world(
        node(blocked, pods=[pod(blocked, "web", "10.1.0.5", acls=(acl("Block", "Out"),))])
    )
    assert walked(fabric, of("web"), packet("10.1.0.5", "10.9.9.9")).reply is None
    assert walked(peers(), HOST, packet("10.0.0.1", "10.9.9.9"), reply=False).reply is None


def kube_proxied() -> World:
    """Return a node of an overlay as kube-proxy leaves it, with a service here and one outside."""
    flannel = network(Mode.OVERLAY, "10.244.7.0/24", host_route=ref("HostRoute", owner="Network"))
    exceptions = ["10.244.0.0/16", "10.96.0.0/12"]
    nat = outbound_nat(exceptions=exceptions)
    client, web = (
        pod(flannel, "client", "10.244.7.20", nats=(nat,)),
        pod(flannel, "web", "10.244.7.21"),
    )
    server = remote(flannel, "10.0.0.9", "10.0.0.4")  # no pod: behind the node, says kube-proxy
    services = [
        balancer([web], "10.96.0.10", flags=DIRECT_SERVER_RETURN, source_vip="10.244.7.2"),
        balancer([server], "10.96.0.1", 443, 6443, flags=DIRECT_SERVER_RETURN,
                 source_vip="10.0.0.4"),
    ]  # fmt: skip
    frontends = [remote(flannel, f"10.96.0.{last}", "10.0.0.4") for last in (10, 1)]
    return world(node(flannel, pods=[client, web, server, *frontends], services=services))


def test_a_node_reaches_a_cluster_ip_of_its_overlay() -> None:
    walk = walked(kube_proxied(), HOST, packet("10.0.0.4", "10.96.0.10"))
    assert walk.delivered_to is not None
    assert walk.delivered_to.id == guid("web")
    assert walk.reply is not None
    assert walk.reply.packet.flow == walk.sent.reply_flow


@pytest.mark.parametrize(
    ("origin", "source"), [(of("client"), "10.244.7.20"), (HOST, "10.0.0.4")], ids=["pod", "node"]
)
def test_a_service_outside_the_overlay_answers(origin: Origin, source: str) -> None:
    walk = walked(kube_proxied(), origin, packet(source, "10.96.0.1", 443))
    assert (walk.reason, str(walk.packet.source)) == (Reason.DELIVERED_TO_EXTERNAL, "10.0.0.4")
    assert walk.reply is not None
    assert walk.reply.packet.flow == walk.sent.reply_flow


def test_an_answer_to_the_address_of_a_pod_does_not_come_back_from_outside() -> None:
    overlay = network(Mode.OVERLAY, "10.244.7.0/24")
    server = remote(overlay, "10.0.0.9", "10.0.0.4")
    service = balancer([server], "10.96.0.1", 443, 6443, flags=DIRECT_SERVER_RETURN)
    fabric = world(
        node(overlay, pods=[pod(overlay, "client", "10.244.7.20"), server], services=[service])
    )
    walk = walked(fabric, of("client"), packet("10.244.7.20", "10.96.0.1", 443))
    assert walk.reply is not None
    assert walk.reply.reason is Reason.NO_RETURN_ROUTE


def test_a_node_port_of_another_node_answers_a_pod_through_vxlan() -> None:
    one, two = (
        network(Mode.OVERLAY, f"10.244.{n}.0/24", name=f"overlay {n}", management_ip=f"10.0.0.{n}",
                remote_routes=(remote_route(f"10.244.{3 - n}.0/24", f"10.0.0.{3 - n}"),))
        for n in (1, 2)
    )  # fmt: skip
    web, inner = pod(two, "web", "10.244.2.7"), pod(two, "source", "10.244.2.254", attached=False)
    port = balancer([web], "", 30080, 80, mapping_flags=2, source_vip="10.244.2.254")
    fabric = world(
        node(one, pods=[pod(one, "client", "10.244.1.5")], address="10.0.0.1"),
        node(two, pods=[web, inner], services=[port], name="node-2", address="10.0.0.2"),
    )
    walk = walked(fabric, of("client"), packet("10.244.1.5", "10.0.0.2", 30080))
    assert walk.reply is not None
    assert walk.reply.packet.flow == walk.sent.reply_flow
    assert Result.ENCAP in {step.result for step in walk.reply.steps}


def test_a_pod_reaches_itself_though_a_route_leads_to_its_node() -> None:
    flannel = network(Mode.OVERLAY, "10.244.7.0/24")
    loopback = (outbound_nat(destinations=["10.244.7.20/32"]),)
    client = pod(flannel, "client", "10.244.7.20", nats=loopback)
    policies = replace(client.policies, routes=(sdn_route("10.0.0.4/32", encap=True),))
    client = replace(client, policies=policies)
    service = balancer([client], "10.96.0.10", flags=DIRECT_SERVER_RETURN)
    fabric = world(node(flannel, pods=[client], services=[service]))
    walk = walked(fabric, of("client"), packet("10.244.7.20", "10.96.0.10"))
    assert walk.reply is not None
    assert walk.reply.packet.flow == walk.sent.reply_flow


NAT = network(Mode.NAT, "172.16.0.0/24")
WEB, CLIENT = pod(NAT, "web", "172.16.0.5"), pod(NAT, "client", "172.16.0.6")
NAT_WORLD = world(node(NAT, pods=[WEB, CLIENT], ports=[published(WEB, 8080, 80)]))


def test_the_outside_reaches_a_published_port() -> None:
    walk = walked(NAT_WORLD, EXTERNAL, packet("10.9.9.9", "10.0.0.4", 8080))
    assert walk.delivered_to is not None
    assert walk.delivered_to.id == guid("web")
    assert walk.reply is not None
    assert walk.reply.reason is Reason.DELIVERED_TO_EXTERNAL
    assert walk.reply.packet.flow == walk.sent.reply_flow


def test_a_reply_from_an_address_that_nobody_wrote_to_fails() -> None:
    walk = walked(NAT_WORLD, of("client"), packet("172.16.0.6", "10.0.0.4", 8080))
    assert walk.verdict is Verdict.DELIVERED
    assert walk.reply is not None
    assert walk.reply.text.endswith("to which it sent nothing: the connection fails")


def test_the_host_sends_and_receives() -> None:
    walk = walked(NAT_WORLD, of("client"), packet("172.16.0.6", "10.0.0.4", 443))
    assert walk.delivered_to is not None
    assert walk.delivered_to.kind is ArrivalKind.HOST
    assert walk.reply is not None
    assert walk.reply.delivered_to is not None
    assert walk.reply.delivered_to.id == guid("client")


def test_a_walk_to_every_backend_is_one_for_each() -> None:
    sent = packet("10.244.1.5", "10.96.0.10")
    question = TraceQuestion(of("client"), sent, every_backend=True)
    found = [result.trace for result in trace(peers(), "node-1", question)]
    assert [(walk.backend, walk.backends) for walk in found] == [
        ("10.244.1.5:8080", 2),
        ("10.244.1.6:8080", 2),
    ]
    assert walked(peers(), of("client"), sent).backends == 2


def test_without_a_service_there_is_one_walk() -> None:
    question = TraceQuestion(HOST, packet("10.0.0.1", "10.9.9.9"), every_backend=True)
    (result,) = trace(peers(), "node-1", question)
    assert (result.trace.backend, result.trace.backends) == ("", 0)


def test_packets_and_replies_are_counted() -> None:
    question = TraceQuestion(of("client"), packet("10.244.1.5", "10.244.2.7"), reply=True)
    (result,) = trace(peers(), "node-1", question)
    hosts = [count.host for count in result.counts]
    assert hosts.count("node-1") == hosts.count("node-2") > 1


# What the author of a packet is told. One endpoint, `web`, is enough for most of it.

BRIDGE = network(Mode.L2BRIDGE, "10.1.0.0/24", name="cbr0")
OVERLAY = network(Mode.OVERLAY, "10.244.1.0/24", name="vx")
PRIVATE = network(Mode.PRIVATE, "172.18.0.0/24", name="quiet")


def web(on: PlumbedNetwork, **members: object) -> PlumbedEndpoint:
    address = str(on.network.subnets[0].network[5])
    return pod(on, "web", address, **members)  # type: ignore[arg-type]


def alone(endpoint: PlumbedEndpoint, on: PlumbedNetwork, **members: object) -> World:
    return world(node(on, pods=[endpoint], **members))  # type: ignore[arg-type]


def answering(packet_from: str, to: str, protocol: int) -> Packet:
    return packet(packet_from, to, 80, protocol)


ONLY_443 = (acl("Allow", "In", local_ports="443", protocols="6"),)
ONLY_OUT_443 = (acl("Allow", "Out", remote_ports="443", protocols="6"),)
MAPPED = web(BRIDGE, published=(port_mapping(30090, 80),))
TOLD = {
    "an ACL of the receiver": (
        alone(web(BRIDGE, acls=ONLY_443), BRIDGE), EXTERNAL, packet("10.9.9.9", "10.1.0.5"),
        "no ACL at the port of endpoint web allows it in;",
    ),
    "an ACL of the sender": (
        alone(web(BRIDGE, acls=ONLY_OUT_443), BRIDGE), of("web"), packet("10.1.0.5", "10.9.9.9"),
        "add one with Direction Out",
    ),
    "the firewall": (
        alone(web(BRIDGE), BRIDGE), EXTERNAL, answering("10.9.9.9", "10.1.0.5", SCTP),
        "the Windows Firewall of endpoint web: SCTP comes in only where a Host ACL allows it",
    ),
    "IPv6": (
        alone(web(BRIDGE), BRIDGE), of("web"), packet("fd00::5", "fd00::9"),
        "endpoint web has no IPv6 address, and so its compartment has no route to fd00::9",
    ),
    "no gateway": (
        alone(web(NAT), NAT, adapters=[adapter(gateway="")]), of("web"),
        packet("172.16.0.5", "10.9.9.9"), "none of its adapters has an IPv4 gateway",
    ),
    "no IPv6 gateway": (
        alone(web(NAT), NAT), HOST, packet("fd00::5", "fd00::9"),
        "none of its adapters has an IPv6 gateway",
    ),
    "a Private network": (
        alone(web(PRIVATE), PRIVATE), of("web"), packet("172.18.0.5", "10.9.9.9"),
        "nothing on network quiet has 172.18.0.1, the next hop to 10.9.9.9; a Private network",
    ),
    "a protocol of NAT": (
        alone(web(NAT), NAT), of("web"), answering("172.16.0.5", "10.9.9.9", SCTP),
        "does not translate SCTP, only TCP, UDP and ICMP over IPv4",
    ),
    "the inside of NAT": (
        alone(web(NAT), NAT), EXTERNAL, packet("10.9.9.9", "172.16.0.5"),
        "publish a port of the endpoint, and send to the host",
    ),
    "the inside of an overlay": (
        alone(web(OVERLAY), OVERLAY), EXTERNAL, packet("10.9.9.9", "10.244.1.5"),
        "from outside, node ports and published ports lead into it",
    ),
    "nobody in an overlay": (
        alone(web(OVERLAY), OVERLAY), of("web"), packet("10.244.1.5", "10.244.1.99"),
        "no endpoint of overlay vx on host node-1 has 10.244.1.99",
    ),
    "a remote endpoint of nowhere": (
        world(node(OVERLAY, pods=[web(OVERLAY), remote(OVERLAY, "10.244.1.9", "")])),
        of("web"), packet("10.244.1.5", "10.244.1.9"),
        "has 10.244.1.9, but no ProviderAddress policy of it says behind which host it is",
    ),
    "nobody on a bridge": (
        alone(web(BRIDGE), BRIDGE), of("web"), packet("10.1.0.5", "10.1.0.99"),
        "outside the emulated hosts; no endpoint of network cbr0 has it",
    ),
    "a port of the host": (
        alone(web(NAT), NAT), EXTERNAL, packet("10.9.9.9", "10.0.0.4", 8081),
        "; no endpoint publishes TCP 8081",
    ),
    "a port that the host cannot reach": (
        world(node(BRIDGE, pods=[MAPPED], ports=[published(MAPPED, 30090, 80, engine="VFP")])),
        HOST, packet("10.0.0.4", "10.0.0.4", 30090),
        "; endpoint web publishes that port, to the host itself with LocalRoutedVip",
    ),
    "a node behind its own NAT": (
        alone(web(OVERLAY, nats=(outbound_nat(),)), OVERLAY), of("web"),
        packet("10.244.1.5", "10.0.0.4"), "needs an exception for that address",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_a_verdict_says_what_helps_its_author(name: str) -> None:
    fabric, origin, sent, told = TOLD[name]
    assert told in walked(fabric, origin, sent, reply=False).text


def test_a_frame_for_another_vlan_is_told_by_both_vlans() -> None:
    wire = network(Mode.TRANSPARENT, "10.0.0.0/24")
    fabric = world(node(wire, pods=[
        pod(wire, "plain", "10.0.0.50"), pod(wire, "tagged", "10.0.0.51", vlan=7),
    ]))  # fmt: skip
    walk = walked(fabric, of("plain"), packet("10.0.0.50", "10.0.0.51"))
    assert walk.text == "the frame has no VLAN tag, but endpoint tagged is in VLAN 7"
    walk = walked(fabric, of("tagged"), packet("10.0.0.51", "10.0.0.50"))
    assert walk.text == "the frame is in VLAN 7, but endpoint plain is in no VLAN"


@pytest.mark.parametrize("on", [BRIDGE, OVERLAY], ids=["bridge", "overlay"])
def test_no_answer_comes_back_to_a_ping_that_nat_could_not_translate(on: PlumbedNetwork) -> None:
    sender = web(on, nats=(outbound_nat(),))
    ping = packet(str(sender.addresses[0]), "10.9.9.9", 0, ICMP)
    walk = walked(alone(sender, on), of("web"), ping)
    assert walk.reason is Reason.DELIVERED_TO_EXTERNAL
    assert "OutBoundNAT translates TCP and UDP only" in " ".join(step.text for step in walk.steps)
    assert walk.reply is not None
    assert walk.reply.reason is Reason.NO_RETURN_ROUTE
    assert walk.reply.text.startswith("ICMP left with the address ")


def test_a_reply_that_a_peer_has_no_route_for_names_the_peer() -> None:
    one = network(Mode.OVERLAY, "10.244.1.0/24", name="one", management_ip="10.0.0.1",
                  remote_routes=(remote_route("10.244.2.0/24", "10.0.0.2"),))  # fmt: skip
    two = network(Mode.OVERLAY, "10.244.2.0/24", name="two", management_ip="10.0.0.2")
    fabric = world(
        node(one, pods=[pod(one, "client", "10.244.1.5")], address="10.0.0.1"),
        node(two, pods=[pod(two, "web", "10.244.2.7")], name="node-2", address="10.0.0.2"),
    )
    walk = walked(fabric, of("client"), packet("10.244.1.5", "10.244.2.7"))
    assert walk.reply is not None
    assert walk.reply.text.endswith("host node-2 has no RemoteSubnetRoute that leads there")


def test_policies_without_effect_are_named() -> None:
    sender = web(NAT, acls=(acl("Block", "Out", name="wall"),), nats=(outbound_nat(),))
    walk = walked(alone(sender, NAT), of("web"), packet("172.16.0.5", "10.9.9.9"))
    assert walk.verdict is Verdict.DELIVERED
    told = [step.text for step in walk.steps if step.result is Result.PASS]
    assert told == ["not applied, no VFP on this switch: ACL wall, OutBoundNAT"]
