"""Flows: what one packet leaves behind for its reply."""

from hnsemu.domain.packet import Direction
from hnsemu.domain.tracing.flows import Flows
from hnsemu.domain.vfp.model import PortKind, VfpPort
from tests.domain.worlds import packet

TABLE = ("node-1", "port")
PORT = VfpPort("port", 1, PortKind.CONTAINER, "", "", "s", "s")
SENT, CHANGED = packet("10.0.0.5", "10.9.9.9"), packet("10.0.0.4", "10.9.9.9", source_port=50000)
REPLY = packet("10.9.9.9", "10.0.0.4", 50000, source_port=80)


def test_a_reply_is_rewritten_to_who_sent_the_packet() -> None:
    flows = Flows()
    flows.remember(TABLE, Direction.OUT, SENT, CHANGED)
    assert flows.find(TABLE, Direction.IN, REPLY) == SENT.reply_flow
    assert flows.find(TABLE, Direction.OUT, REPLY) is None
    assert flows.find(("node-1", "other"), Direction.IN, REPLY) is None
    assert flows.find(TABLE, Direction.IN, SENT) is None


def test_a_port_that_changed_the_source_owns_the_reply() -> None:
    flows = Flows()
    flows.remember(TABLE, Direction.OUT, SENT, CHANGED, PORT)
    assert flows.owner("node-1", REPLY) is PORT
    assert flows.owner("node-2", REPLY) is None
    assert flows.host_of(REPLY) == "node-1"
    assert flows.host_of(SENT) == ""


def test_a_connection_whose_destination_alone_changed_is_not_hidden_behind_a_host() -> None:
    flows = Flows()
    flows.remember(TABLE, Direction.OUT, SENT, packet("10.0.0.5", "10.8.8.8"), PORT)
    reply = packet("10.8.8.8", "10.0.0.5", 40000, source_port=80)
    assert flows.owner("node-1", reply) is PORT
    assert flows.host_of(reply) == ""


def test_what_source_nat_left_alone_is_known_by_its_reply() -> None:
    flows = Flows()
    flows.leave_bare(SENT)
    assert flows.is_bare(packet("10.9.9.9", "10.0.0.5", 40000, source_port=80))
    assert not flows.is_bare(SENT)


def test_the_first_port_that_changed_it_is_the_owner() -> None:
    flows = Flows()
    flows.remember(TABLE, Direction.OUT, SENT, CHANGED, PORT)
    flows.remember(
        TABLE, Direction.OUT, SENT, CHANGED, VfpPort("b", 2, PortKind.HOST, "", "", "s", "s")
    )
    assert flows.owner("node-1", REPLY) is PORT


def test_a_port_that_changed_nothing_or_the_way_in_owns_no_reply() -> None:
    for direction, after in ((Direction.OUT, SENT), (Direction.IN, CHANGED)):
        flows = Flows()
        flows.remember(TABLE, direction, SENT, after, PORT)
        assert flows.owner("node-1", REPLY) is None
        assert flows.owner("node-1", packet("10.9.9.9", "10.0.0.5", 40000, source_port=80)) is None
