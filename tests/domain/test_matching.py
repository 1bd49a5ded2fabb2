"""What a five-tuple matches: the sides of a direction, lists, prefixes, sets and ports."""

from ipaddress import ip_address

import pytest

from hnsemu.domain.matching import (
    AddressMatch,
    Conditions,
    address_set,
    conditions,
    is_prefix,
    prefixes,
    to_addresses,
    to_ports,
)
from hnsemu.domain.packet import ICMP, TCP, UDP
from hnsemu.domain.policies.acl import Tuple5
from tests.domain.worlds import packet

TAGS = {"web": address_set(("10.1.0.0/16",)), "eu": address_set(("10.1.2.0/24", "fd00::/8"))}


@pytest.mark.parametrize(
    ("texts", "address", "inside"),
    [
        (("10.0.0.0/24",), "10.0.0.0", True),
        (("10.0.0.0/24",), "10.0.0.255", True),
        (("10.0.0.0/24",), "10.0.1.0", False),
        (("10.0.0.0/24",), "9.255.255.255", False),
        (("10.0.0.7/24",), "10.0.0.200", True),  # host bits do not matter
        (("10.0.0.4",), "10.0.0.4", True),
        (("10.0.0.0/25", "10.0.0.128/25"), "10.0.0.127", True),  # neighbours merge
        (("10.0.0.0/8", "10.0.0.0/24"), "10.200.0.1", True),  # the wider one wins
        (("fd00::/64",), "fd00::5", True),
        (("10.0.0.0/8",), "fd00::5", False),
    ],
)
def test_a_set_holds_its_addresses(texts: tuple[str, ...], address: str, inside: bool) -> None:  # noqa: FBT001
    assert (ip_address(address) in address_set(texts)) is inside


def test_overlapping_ranges_are_merged() -> None:
    merged = address_set(("10.0.0.0/25", "10.0.0.128/25", "10.0.0.64/26", "10.9.0.0/24"))
    assert len(merged.firsts[4]) == 2


def test_equal_texts_are_one_key() -> None:
    assert len({address_set(("10.0.0.0/8",)), address_set(("10.0.0.0/8",))}) == 1


@pytest.mark.parametrize(
    ("match", "address", "met"),
    [
        (AddressMatch(None, ("web",)), "10.1.9.9", True),
        (AddressMatch(None, ("web", "eu")), "10.1.2.9", True),  # several sets are ANDed
        (AddressMatch(None, ("web", "eu")), "10.1.9.9", False),
        (AddressMatch(None, ("gone",)), "10.1.2.9", False),  # a set that is not there is empty
        (AddressMatch(address_set(("10.1.2.0/28",)), ("web",)), "10.1.2.9", True),
        (AddressMatch(address_set(("10.1.2.0/28",)), ("web",)), "10.1.2.99", False),
    ],
)
def test_an_address_meets_literals_and_every_set(
    match: AddressMatch,
    address: str,
    met: bool,  # noqa: FBT001
) -> None:
    assert match.matches(ip_address(address), TAGS) is met


def test_literals_are_listed_before_sets() -> None:
    assert AddressMatch(address_set(("10.0.0.1",)), ("web",)).texts == ("10.0.0.1", "web")
    assert AddressMatch(None, ("web",)).texts == ("web",)


RULE = Tuple5("6", "10.0.0.5", "10.0.0.6", "80", "40000")


@pytest.mark.parametrize(
    ("direction", "source", "destination", "source_port", "port", "met"),
    [
        ("Out", "10.0.0.5", "10.0.0.6", 80, 40000, True),
        ("Out", "10.0.0.6", "10.0.0.5", 40000, 80, False),
        ("In", "10.0.0.6", "10.0.0.5", 40000, 80, True),
        ("In", "10.0.0.5", "10.0.0.6", 80, 40000, False),
        ("In", "10.0.0.6", "10.0.0.5", 40001, 80, False),
        ("In", "10.0.0.6", "10.0.0.5", 40000, 81, False),
    ],
)
def test_local_is_the_source_of_what_leaves(
    direction: str,
    source: str,
    destination: str,
    source_port: int,
    port: int,
    met: bool,  # noqa: FBT001
) -> None:
    sent = packet(source, destination, port, source_port=source_port)
    assert conditions(RULE, direction).match(sent, {}) is met


def test_with_sets_local_is_the_source_in_both_directions() -> None:
    for direction in ("In", "Out"):
        wanted = conditions(Tuple5(local_addresses="web"), direction)
        assert wanted.source == AddressMatch(None, ("web",))
        assert wanted.destination is None


@pytest.mark.parametrize(
    ("protocols", "numbers"),
    [
        ("", set()),
        ("6,17", {TCP, UDP}),
        ("TCP, icmpv4", {TCP, ICMP}),
        ("256", set()),
        ("6,256", set()),
    ],
)
def test_protocols_are_numbers_or_names_and_256_is_any(protocols: str, numbers: set[int]) -> None:
    assert conditions(Tuple5(protocols=protocols), "Out").protocols == numbers


@pytest.mark.parametrize(
    ("wanted", "protocol", "met"),
    [
        (Conditions(frozenset({TCP})), TCP, True),
        (Conditions(frozenset({TCP})), UDP, False),
        (Conditions(destination_ports=((80, 80),)), TCP, True),
        (Conditions(destination_ports=((80, 80),)), ICMP, False),  # it has no ports
        (Conditions(source_ports=((1, 80),)), TCP, False),
        (Conditions(source_ports=((1, 80), (40000, 50000))), TCP, True),
        (Conditions(), ICMP, True),
    ],
)
def test_ports_and_protocols_are_met_by_packets_that_have_them(
    wanted: Conditions,
    protocol: int,
    met: bool,  # noqa: FBT001
) -> None:
    assert wanted.match(packet("10.0.0.5", "10.0.0.6", 80, protocol), {}) is met


def test_literals_of_one_family_leave_that_family() -> None:
    assert Conditions().versions == {4, 6}
    assert Conditions(source=to_addresses("10.0.0.5")).versions == {4}
    mixed = Conditions(source=to_addresses("10.0.0.5"), destination=to_addresses("fd00::/8"))
    assert mixed.versions == set()
    assert Conditions(source=AddressMatch(None, ("web",))).versions == {4, 6}


def test_ports_are_numbers_and_ranges() -> None:
    assert to_ports(["80", "8000-8010"]) == ((80, 80), (8000, 8010))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("10.0.0.0/8", True), ("10.0.0.1", True), ("fd00::/8", True), ("web", False), ("", False)],
)
def test_a_prefix_is_told_from_other_texts(text: str, expected: bool) -> None:  # noqa: FBT001
    assert is_prefix(text) is expected


def test_texts_that_are_no_prefixes_are_left_out() -> None:
    found = prefixes("10.0.0.0/8", "nonsense")
    assert found is not None
    assert found.texts == ("10.0.0.0/8",)
    assert prefixes("nonsense") is None
