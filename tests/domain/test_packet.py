"""Packets: how they are written, and what answers them."""

from dataclasses import replace
from ipaddress import ip_address

import pytest

from hnsemu.domain.packet import (
    ICMP,
    ICMPV6,
    TCP,
    UDP,
    Outer,
    Packet,
    endpoint_text,
    protocol_name,
    reply_to,
    reversed_flow,
    with_flow,
)
from tests.domain.worlds import packet

SENT = packet("10.0.0.5", "10.0.0.6", 80)


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (SENT, "TCP 10.0.0.5:40000 > 10.0.0.6:80"),
        (packet("10.0.0.5", "10.0.0.6", 0, ICMP), "ICMP 10.0.0.5 > 10.0.0.6"),
        (packet("fd00::5", "fd00::6", 53, UDP), "UDP [fd00::5]:40000 > [fd00::6]:53"),
        (packet("10.0.0.5", "10.0.0.6", 0, 47), "protocol 47 10.0.0.5 > 10.0.0.6"),
    ],
)
def test_a_packet_is_written_as_people_write_it(sent: Packet, text: str) -> None:
    assert str(sent) == text


def test_addresses_without_a_port_stand_alone() -> None:
    assert endpoint_text(ip_address("fd00::5"), 0) == "fd00::5"


def test_the_family_is_the_one_of_the_source() -> None:
    assert (SENT.version, packet("fd00::5", "fd00::6").version) == (4, 6)


def test_a_reply_turns_the_flow_round() -> None:
    reply = reply_to(replace(SENT, source_mac="a", destination_mac="b", vlan=7))
    assert reply.flow == SENT.reply_flow == reversed_flow(SENT.flow)
    assert (reply.source_mac, reply.destination_mac, reply.vlan) == ("", "", 0)


@pytest.mark.parametrize(
    ("kind", "answer"), [(8, 0), (128, 129), (3, 3)], ids=["ping", "ping6", "unreachable"]
)
def test_an_echo_request_is_answered_by_an_echo_reply(kind: int, answer: int) -> None:
    protocol = ICMPV6 if kind == 128 else ICMP
    ping = replace(packet("10.0.0.5", "10.0.0.6", 0, protocol), icmp_type=kind)
    assert reply_to(ping).icmp_type == answer


def test_a_syn_is_answered_by_syn_and_ack() -> None:
    assert reply_to(replace(SENT, tcp_flags=("SYN",))).tcp_flags == ("SYN", "ACK")
    assert reply_to(replace(SENT, tcp_flags=("RST",))).tcp_flags == ("RST",)


def test_a_vtep_outside_answers_encapsulated() -> None:
    node, vtep = ip_address("10.0.0.4"), ip_address("10.0.0.9")
    reply = reply_to(replace(SENT, outer=Outer(node, vtep, 4096)))
    assert reply.outer == Outer(vtep, node, 4096)
    of_node = replace(SENT, source=node, outer=Outer(node, vtep, 4096))
    assert reply_to(of_node).outer is None


def test_a_packet_takes_on_a_flow() -> None:
    other = packet("10.9.9.9", "10.8.8.8", 443, source_port=50000)
    assert with_flow(SENT, other.flow).flow == other.flow
    assert with_flow(SENT, other.flow).protocol == TCP


@pytest.mark.parametrize(
    ("number", "name"), [(0, "any"), (6, "TCP"), (58, "ICMPv6"), (132, "SCTP"), (99, "99")]
)
def test_a_protocol_has_the_name_that_people_use(number: int, name: str) -> None:
    assert protocol_name(number) == name
