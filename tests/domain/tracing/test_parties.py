"""Who sends and who receives, of the endpoints that a name means."""

from dataclasses import replace
from ipaddress import ip_address

from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import ICMP, ICMPV6, UDP
from hnsemu.domain.tracing.parties import (
    choose_receiver,
    choose_sender,
    published_at,
    sent_to,
)
from tests.domain.worlds import adapter, network, node, packet, pod, published

FRONT = network(Mode.NAT, "10.70.0.0/24")
BACK = network(Mode.L2BRIDGE, "10.71.0.0/24")
ON_FRONT = pod(FRONT, "front", "10.70.0.5")
ON_BACK = pod(BACK, "back", "10.71.0.5", "fd00::5")
BOTH = (ON_FRONT, ON_BACK)
HOST = node(FRONT, BACK, pods=BOTH)
OUTSIDE = "203.0.113.7"


def test_the_sender_is_on_the_network_of_the_destination() -> None:
    assert choose_sender(HOST, BOTH, packet("0.0.0.0", "10.71.0.9"), None) == ON_BACK
    assert choose_sender(HOST, BOTH, packet("0.0.0.0", "10.70.0.9"), None) == ON_FRONT


def test_the_first_endpoint_sends_to_what_is_far_away() -> None:
    assert choose_sender(HOST, BOTH, packet("0.0.0.0", OUTSIDE), None) == ON_FRONT


def test_the_sender_has_the_source_and_the_family() -> None:
    far = packet("0.0.0.0", OUTSIDE)
    assert choose_sender(HOST, BOTH, far, ip_address("10.71.0.5")) == ON_BACK
    assert choose_sender(HOST, BOTH, far, ip_address("10.72.0.5")) is None
    assert choose_sender(HOST, BOTH, packet("::", "fd09::1"), None) == ON_BACK
    assert choose_sender(HOST, [ON_FRONT], packet("::", "fd09::1"), None) is None


def test_the_receiver_is_on_a_network_of_the_sender() -> None:
    assert choose_receiver(BOTH, {BACK.id}, 4) == ON_BACK
    assert choose_receiver(BOTH, {"another"}, 4) == ON_FRONT
    assert choose_receiver(BOTH, (), 6) == ON_BACK
    assert choose_receiver([ON_FRONT], (), 6) is None


def test_a_published_port_is_reached_at_the_host() -> None:
    rule = published(ON_FRONT, 8080, 80)
    host = replace(HOST, ports=(rule,), adapters=(adapter(address=""), adapter()))
    wanted = packet(OUTSIDE, "0.0.0.0", port=80)
    assert published_at(host, BOTH, wanted) == (ip_address("10.0.0.4"), 8080)
    assert published_at(host, [ON_BACK], wanted) is None
    assert published_at(host, BOTH, packet(OUTSIDE, "0.0.0.0", port=81)) is None
    assert published_at(host, BOTH, replace(wanted, protocol=UDP)) is None
    assert published_at(replace(host, adapters=()), BOTH, wanted) is None


def test_a_port_that_is_published_at_one_address_is_reached_there() -> None:
    host = replace(HOST, ports=(published(ON_BACK, 8080, 80, vip="10.0.0.9"),))
    assert published_at(host, BOTH, packet(OUTSIDE, "0.0.0.0", port=80)) == (
        ip_address("10.0.0.9"),
        8080,
    )


def test_a_ping_stays_one_in_the_other_family() -> None:
    ping = replace(packet("0.0.0.0", "0.0.0.0"), protocol=ICMP, icmp_type=8)
    six = sent_to(ping, ip_address("fd00::5"))
    assert (six.protocol, six.icmp_type, str(six.destination)) == (ICMPV6, 128, "fd00::5")
    assert sent_to(replace(ping, icmp_type=3), ip_address("fd00::5")).icmp_type == 3
    assert sent_to(ping, ip_address("10.0.0.1")).protocol == ICMP
