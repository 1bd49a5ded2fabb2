"""Packets of a matrix: where they walk, whom they meet, and how they end, by number."""

from ipaddress import ip_address

import pytest

from hnsemu.domain.loadbalancers import DIRECT_SERVER_RETURN
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import ICMP, TCP, UDP
from hnsemu.domain.tracing.acl_free import AclFreeFabric
from hnsemu.domain.tracing.model import Reason, Verdict
from hnsemu.domain.tracing.trace import TraceResult
from hnsemu.domain.tracing.verdicts import Cell
from hnsemu.domain.tracing.walks import (
    Numbers,
    Service,
    World,
    changed_before_acls,
    packet_of,
    receiver_of,
)
from tests.domain.worlds import acl, balancer, network, node, pod, world

WEB = Service(TCP, 80)
OVERLAY = network(Mode.OVERLAY, "10.244.1.0/24")
CLIENT = pod(OVERLAY, "client", "10.244.1.2")
OPEN = pod(OVERLAY, "open", "10.244.1.3")
CLOSED = pod(OVERLAY, "closed", "10.244.1.4", acls=(acl("Block", "In"),))
UNSAID = pod(OVERLAY, "unsaid", "10.244.1.5", acls=(acl("Allow", "In", local_ports="443"),))
SERVICE = balancer([OPEN], "10.96.0.1", flags=DIRECT_SERVER_RETURN)
FABRIC = world(node(OVERLAY, pods=[CLIENT, OPEN, CLOSED, UNSAID], services=[SERVICE]))
WORLD = World(FABRIC, AclFreeFabric(FABRIC), "node-1", Numbers())


def walked(to: str) -> TraceResult:
    return WORLD.trace(FABRIC, CLIENT, CLIENT.addresses[0], ip_address(to), WEB)


@pytest.mark.parametrize(
    ("service", "ports", "flags"),
    [
        (Service(TCP, 80), (40000, 80), ("SYN",)),
        (Service(UDP, 53), (40000, 53), ()),
        (Service(ICMP, 0), (0, 0), ()),
    ],
)
def test_a_service_is_tried_by_a_first_packet(
    service: Service, ports: tuple[int, int], flags: tuple[str, ...]
) -> None:
    packet = packet_of(service, ip_address("10.1.0.5"), ip_address("10.1.0.6"))
    assert (packet.source_port, packet.destination_port) == ports
    assert packet.tcp_flags == flags


@pytest.mark.parametrize(
    ("to", "receiver"),
    [
        ("10.244.1.3", OPEN.id),
        ("10.96.0.1", OPEN.id),
        ("10.244.1.4", None),
        ("10.244.1.99", None),
    ],
)
def test_who_receives_a_packet(to: str, receiver: str | None) -> None:
    found = receiver_of(walked(to))
    assert (found and found.id) == receiver


def test_an_endpoint_that_refuses_for_want_of_an_acl_has_received() -> None:
    result = walked("10.244.1.5")
    assert result.trace.reason is Reason.BLOCKED_BY_DEFAULT
    found = receiver_of(result)
    assert found is not None
    assert found.id == UNSAID.id


def test_what_changed_a_packet_before_acls_saw_it() -> None:
    assert changed_before_acls(walked("10.96.0.1").trace) == [("LB_DSR", "OUT")]
    assert changed_before_acls(walked("10.244.1.3").trace) == []


def test_acls_of_others_than_the_ends_have_a_say_on_their_way() -> None:
    result = walked("10.244.1.3")
    assert not WORLD.is_crossed(result, {CLIENT.id, OPEN.id})
    assert WORLD.is_crossed(result, {CLIENT.id})


def test_outcomes_stand_as_rows_meet_them() -> None:
    numbers = Numbers()
    lost = numbers.of(Cell(Verdict.DROPPED, Reason.NO_ROUTE))
    got = numbers.of(Cell(Verdict.DELIVERED, Reason.DELIVERED_TO_ENDPOINT))
    assert numbers.of(Cell(Verdict.DROPPED, Reason.NO_ROUTE)) == lost
    assert numbers.outcomes == []
    assert numbers.shown([got, lost, got]) == [0, 1, 0]
    assert numbers.outcomes == [numbers.cell(got), numbers.cell(lost)]
