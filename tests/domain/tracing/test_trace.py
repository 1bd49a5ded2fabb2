"""Whole walks: from the question to the verdict, with the reply and every backend."""

import pytest

from hnsemu.domain.loadbalancers import DIRECT_SERVER_RETURN
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import Packet
from hnsemu.domain.tracing.model import ArrivalKind, Reason, Result, Trace, Verdict
from hnsemu.domain.tracing.question import Origin, OriginKind, TraceQuestion
from hnsemu.domain.tracing.trace import trace
from tests.domain.worlds import (
    World,
    acl,
    balancer,
    guid,
    network,
    node,
    outbound_nat,
    packet,
    pod,
    published,
    ref,
    remote,
    remote_route,
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
