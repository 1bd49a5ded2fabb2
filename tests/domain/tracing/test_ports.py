"""Compiled ports are kept as long as there is room for them."""

from hnsemu.domain.network_types import Mode
from hnsemu.domain.tracing.ports import Ports
from tests.domain.worlds import network, node, pod

BRIDGE = network(Mode.L2BRIDGE, "10.1.0.0/24")
ONE, TWO, THREE = (pod(BRIDGE, f"p{n}", f"10.1.0.{n}") for n in (5, 6, 7))
HOST, OTHER = (node(BRIDGE, pods=[ONE, TWO, THREE], name=name) for name in ("node-1", "node-2"))


def test_the_oldest_port_gives_way() -> None:
    ports = Ports(2)
    one, two = ports.of(HOST, BRIDGE, ONE), ports.of(HOST, BRIDGE, TWO)
    assert ports.of(HOST, BRIDGE, ONE) is one
    ports.of(HOST, BRIDGE, THREE)
    assert ports.of(HOST, BRIDGE, TWO) is two
    assert ports.of(HOST, BRIDGE, ONE) is not one


def test_an_endpoint_of_another_host_with_the_same_id_has_a_port_of_its_own() -> None:
    ports = Ports()
    assert ports.of(HOST, BRIDGE, ONE) is not ports.of(OTHER, BRIDGE, ONE)
