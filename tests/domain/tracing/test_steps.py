"""The state of a walk: hops, flows at ports, how a port ends it, and what is counted."""

from dataclasses import replace

import pytest

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.loadbalancers import DIRECT_SERVER_RETURN
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import Direction
from hnsemu.domain.tracing.model import Reason, Result, Verdict
from hnsemu.domain.tracing.steps import Choice, End, Walk
from hnsemu.domain.vfp.container_port import container_port
from hnsemu.domain.vfp.evaluate import by_hash
from hnsemu.domain.vfp.model import VfpPort
from tests.domain.tracing.walks import walk_on
from tests.domain.worlds import acl, balancer, network, node, outbound_nat, packet, pod

OUT, IN = Direction.OUT, Direction.IN
OVERLAY = network(Mode.OVERLAY, "10.244.1.0/24")
SENT = packet("10.244.1.5", "10.9.9.9")
REPLY = packet("10.9.9.9", "10.244.1.5", 40000, source_port=80)


def client(**policies: object) -> PlumbedEndpoint:
    return pod(OVERLAY, "client", "10.244.1.5", **policies)  # type: ignore[arg-type]


def port(endpoint: PlumbedEndpoint) -> VfpPort:
    return container_port(node(OVERLAY, pods=[endpoint]), OVERLAY, endpoint)


def walk() -> Walk:
    return walk_on(node(OVERLAY))


@pytest.mark.parametrize(
    ("endpoint", "verdict", "reason"),
    [
        (client(acls=(acl("Block", "Out"),)), Verdict.BLOCKED, Reason.BLOCKED_BY_RULE),
        (
            client(acls=(acl("Allow", "Out", remote_ports="443"),)),
            Verdict.BLOCKED,
            Reason.BLOCKED_BY_DEFAULT,
        ),
        (client(nats=(outbound_nat(),), nat_block=None), Verdict.DROPPED, Reason.NO_NAT_PORTS),
    ],
    ids=["a rule blocks", "no rule allows", "no block of ports"],
)
def test_a_port_may_end_the_walk(
    endpoint: PlumbedEndpoint, verdict: Verdict, reason: Reason
) -> None:
    going = walk()
    with pytest.raises(End) as ending:
        going.pass_port("node-1", port(endpoint), OUT, SENT)
    assert (ending.value.verdict, ending.value.reason) == (verdict, reason)
    assert going.counts[-1].dropped


def test_the_reply_of_a_connection_passes_the_acls() -> None:
    closed = port(client(acls=(acl("Allow", "Out"), acl("Block", "In"))))
    going = walk()
    with pytest.raises(End):
        going.pass_port("node-1", closed, IN, REPLY)
    going.pass_port("node-1", closed, OUT, SENT)
    going.pass_port("node-1", closed, IN, REPLY)
    assert going.steps[-1].result is Result.FLOW
    assert "becomes" not in going.steps[-1].text


def test_the_reply_of_a_translated_connection_is_translated_back() -> None:
    going, natting = walk(), port(client(nats=(outbound_nat(),)))
    after = going.pass_port("node-1", natting, OUT, SENT).packet
    reply = replace(REPLY, destination=after.source, destination_port=after.source_port)
    assert going.pass_port("node-1", natting, IN, reply).packet.flow == REPLY.flow
    assert "becomes" in going.steps[-1].text


def test_a_port_without_vfp_passes_everything_and_remembers_nothing() -> None:
    nat = network(Mode.NAT, "172.16.0.0/24")
    endpoint = pod(nat, "web", "172.16.0.5", acls=(acl("Block", "Out"),))
    off = container_port(node(nat, pods=[endpoint]), nat, endpoint)
    going = walk()
    assert going.pass_port("node-1", off, OUT, SENT).packet is SENT
    assert going.flows.find(("node-1", off.id), IN, REPLY) is None
    assert going.steps == []


def test_too_many_hops_end_the_walk() -> None:
    going = walk_on(node(OVERLAY), maximum_hops=1)
    going.hop(SENT, "node-1", "switch web")
    with pytest.raises(End) as ending:
        going.hop(SENT, "node-1", "switch web")
    assert ending.value.reason is Reason.TOO_MANY_HOPS
    assert going.steps[-1].stage == "Switch"


@pytest.mark.parametrize(
    ("where", "stage"),
    [
        ("switch web", "Switch"),
        ("underlay", "Underlay"),
        ("DR port", "VFP"),
        ("host stack", "Route"),
    ],
)
def test_a_drop_belongs_to_the_stage_of_its_place(where: str, stage: str) -> None:
    going = walk()
    end = going.drop(Reason.NO_ROUTE, "lost", SENT, host="node-1", where=where)
    assert (end.verdict, end.packet, going.steps[-1].stage) == (Verdict.DROPPED, SENT, stage)


def test_a_packet_is_counted_at_each_rule_that_matched() -> None:
    going = walk()
    going.pass_port("node-1", port(client(acls=(acl("Allow", "Out"),))), OUT, SENT)
    (count,) = going.counts
    assert [layer for layer, _, _ in count.rules] == ["ACL_ENDPOINT_LAYER", "VNET_PA_ROUTE_LAYER"]
    assert (count.length, count.dropped, count.direction) == (60, False, OUT)


TWO = [pod(OVERLAY, name, address) for name, address in (("a", "10.244.1.6"), ("b", "10.244.1.7"))]


@pytest.mark.parametrize("number", [0, 1])
def test_the_first_load_balancer_takes_the_backend_that_is_wanted(number: int) -> None:
    service = balancer(TWO, "10.96.0.10", flags=DIRECT_SERVER_RETURN)
    host = node(OVERLAY, pods=[client(), *TWO], services=[service])
    rule = container_port(host, OVERLAY, client()).layers[0].groups[0].rules(None)[0]
    choice = Choice(number)
    assert choice(rule, SENT, 2) == number
    assert (choice.backend, choice.backends) == (f"10.244.1.{6 + number}:8080", 2)
    assert choice(rule, SENT, 2) == by_hash(rule, SENT, 2)  # later ones go by their hash
