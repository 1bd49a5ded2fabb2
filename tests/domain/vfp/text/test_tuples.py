"""/process-tuples: a packet written in words, and what one port does with it."""

import pytest

from hnsemu.domain.packet import Direction
from hnsemu.domain.vfp.model import PortKind
from hnsemu.domain.vfp.text.tuples import parse_tuple, process_tuple
from hnsemu.errors import HnsError, Hr
from tests.domain.vfp.text.node import ports

PORTS = ports()


@pytest.mark.parametrize(
    ("text", "packet", "direction"),
    [
        ("6 10.0.0.5 40000 10.0.0.6 80 out", "TCP 10.0.0.5:40000 > 10.0.0.6:80", Direction.OUT),
        ("6 10.0.0.5 40000 10.0.0.6 80 OUT 1", "TCP 10.0.0.5:40000 > 10.0.0.6:80", Direction.OUT),
        ("17 fd00::5 1 fd00::6 53 2", "UDP [fd00::5]:1 > [fd00::6]:53", Direction.IN),
        ("1 10.0.0.5 7 10.0.0.6 8 in", "ICMP 10.0.0.5 > 10.0.0.6", Direction.IN),
    ],
)
def test_a_tuple_is_read(text: str, packet: str, direction: Direction) -> None:
    query = parse_tuple(text)
    assert (str(query.packet), query.direction) == (packet, direction)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "6 10.0.0.5 40000 10.0.0.6 80",
        "6 10.0.0.5 40000 10.0.0.6 80 out 1 2",
        "tcp 10.0.0.5 40000 10.0.0.6 80 out",
        "6 10.0.0.5 65536 10.0.0.6 80 out",
        "6 10.0.0.5 40000 10.0.0.6 ² out",
        "6 nobody 40000 10.0.0.6 80 out",
        "6 10.0.0.5 40000 nobody 80 out",
        "6 10.0.0.5 40000 fd00::6 80 out",
        "6 10.0.0.5 40000 10.0.0.6 80 sideways",
    ],
)
def test_what_is_no_tuple_is_refused(text: str) -> None:
    with pytest.raises(HnsError) as refusal:
        parse_tuple(text)
    assert refusal.value.hr is Hr.E_INVALIDARG


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param(
            PortKind.CONTAINER, "6 10.244.1.5 40000 10.244.1.5 80 out",
            ["    Group : VNET_GROUP_ENCAP_IPV4_OUT", "    Rule : 10.244.1.5"], id="a rule",
        ),
        pytest.param(
            PortKind.CONTAINER, "6 10.244.1.5 40000 10.96.0.10 80 out",
            ["    Modify Destination IP : 10.96.0.10 -> 10.244.1.5",
             "    Modify Destination port : 80 -> 8080"], id="a service",
        ),
        pytest.param(
            PortKind.CONTAINER, "6 10.244.1.5 40000 10.9.9.9 80 out",
            ["    Modify Source IP : 10.244.1.5 -> 10.0.0.4"], id="source NAT",
        ),
        pytest.param(
            PortKind.CONTAINER, "6 10.244.1.5 40000 10.244.2.7 80 out",
            ["    Push VXLAN : 10.0.0.4 -> 10.0.0.9, VNI 4096"], id="encapsulation",
        ),
        pytest.param(
            PortKind.CONTAINER, "6 10.244.2.7 40000 10.244.1.5 80 in",
            ["Result : block", "    Ignore"], id="blocked",
        ),
        pytest.param(
            PortKind.CONTAINER, "6 10.244.3.7 40000 10.244.1.5 80 in",
            ["    No match", "Result : block, no rule matches"], id="unmatched",
        ),
        pytest.param(
            PortKind.HOST, "6 10.0.0.9 40000 10.96.0.10 80 in",
            ["Result : hairpin"], id="turned round",
        ),
        pytest.param(
            PortKind.EXTERNAL, "6 10.0.0.9 40000 10.96.0.10 80 in",
            ["Result : allow", "    Ignore"], id="no layers",
        ),
    ],
)  # fmt: skip
def test_the_layers_say_what_they_do(kind: PortKind, text: str, expected: list[str]) -> None:
    lines = process_tuple(PORTS[kind], parse_tuple(text)).split("\r\n")
    assert [line for line in expected if line not in lines] == []
    assert lines[-2] == "Command process-tuples succeeded!"
