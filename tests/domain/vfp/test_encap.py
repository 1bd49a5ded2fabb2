"""Where packets go: entries for endpoints here and elsewhere, for remote subnets and SDN routes."""

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_address

import pytest

from hnsemu.domain.dataplane import RoutePolicy
from hnsemu.domain.matching import Conditions, to_addresses
from hnsemu.domain.network_types import Mode
from hnsemu.domain.vfp.encap import (
    decap_rule,
    endpoint_rules,
    prefix_length,
    remote_rules,
    route_rules,
    turn_rules,
)
from hnsemu.domain.vfp.model import Data, EncapTo, LocalTo, RouteTo, Rule, RuleType, Turn
from tests.domain.worlds import VSID, network, pod, remote, remote_route, sdn_route

NODE, PEER = ip_address("10.0.0.4"), ip_address("10.0.0.9")
OVERLAY = network(
    Mode.OVERLAY, "10.244.1.0/24", remote_routes=(remote_route("10.244.2.0/24", "10.0.0.9"),)
)
WEB = pod(OVERLAY, "web", "10.244.1.5", "fd00::5")
FAR = remote(OVERLAY, "10.244.2.7", "10.0.0.9")


def entries(rules: Iterable[Rule]) -> list[tuple[str, Data]]:
    return [(rule.id, rule.data) for rule in rules]


def test_a_local_endpoint_has_an_entry_for_each_address() -> None:
    local = LocalTo(WEB.endpoint.mac_address, WEB.id)
    assert entries(endpoint_rules(OVERLAY, [WEB], NODE)) == [
        ("10.244.1.5", local),
        ("fd00::5", local),
    ]


def test_a_remote_endpoint_is_behind_its_provider_address() -> None:
    (rule,) = endpoint_rules(OVERLAY, [FAR], NODE)
    assert rule.type is RuleType.MAPENCAP
    assert rule.data == EncapTo(PEER, NODE, VSID, FAR.endpoint.mac_address)


def test_a_remote_endpoint_behind_the_node_itself_goes_to_its_load_balancing() -> None:
    (rule,) = endpoint_rules(OVERLAY, [remote(OVERLAY, "10.244.2.8", "10.0.0.4")], NODE)
    assert isinstance(rule.data, EncapTo)
    assert rule.data.by_route


@pytest.mark.parametrize(
    ("provider", "source"), [("", NODE), ("nonsense", NODE), ("10.0.0.9", None)]
)
def test_without_both_ends_nothing_is_encapsulated(provider: str, source: object) -> None:
    far = remote(OVERLAY, "10.244.2.7", provider)
    assert list(endpoint_rules(OVERLAY, [far], source)) == []  # type: ignore[arg-type]


def test_a_remote_subnet_is_behind_its_node() -> None:
    (rule,) = remote_rules(OVERLAY, NODE)
    assert (rule.id, rule.data) == ("10.244.2.0/24", EncapTo(PEER, NODE, VSID, "00-15-5D-00-00-EE"))
    assert rule.policy is not None
    assert rule.policy.type == "RemoteSubnetRoute"


@pytest.mark.parametrize(
    ("prefix", "provider", "source"),
    [
        ("nonsense", "10.0.0.9", NODE),
        ("10.244.2.0/24", "", NODE),
        ("10.244.2.0/24", "10.0.0.9", None),
    ],
)
def test_a_remote_subnet_that_cannot_be_reached_has_no_entry(
    prefix: str, provider: str, source: object
) -> None:
    odd = replace(OVERLAY, remote_routes=(remote_route(prefix, provider),))
    assert list(remote_rules(odd, source)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("route", "data"),
    [
        (sdn_route("10.9.0.0/16", "10.244.1.2"), RouteTo(ip_address("10.244.1.2"))),
        (sdn_route("10.9.0.0/16"), RouteTo()),
        (
            sdn_route("10.9.0.0/16", "10.0.0.9", encap=True),
            EncapTo(PEER, NODE, VSID, by_route=True),
        ),
        (sdn_route("10.9.0.0/16", encap=True), EncapTo(NODE, NODE, VSID, by_route=True)),
        (sdn_route("nonsense"), None),
    ],
    ids=["next hop", "usual next hop", "encapsulated", "to the own host", "no prefix"],
)
def test_an_sdn_route_sends_direct_or_encapsulated(route: RoutePolicy, data: Data) -> None:
    found = entries(route_rules(OVERLAY, [route], NODE))
    assert found == ([] if data is None else [("10.9.0.0/16", data)])


def test_an_encapsulating_route_needs_a_source_and_not_a_vsid() -> None:
    route = sdn_route("10.9.0.0/16", encap=True)
    assert list(route_rules(OVERLAY, [route], None)) == []
    (rule,) = route_rules(replace(OVERLAY, vsids={}), [route], NODE)
    assert isinstance(rule.data, EncapTo)
    assert rule.data.vni == 0


def test_the_router_turns_to_local_endpoints_alone() -> None:
    turn = Turn(WEB.id, WEB.endpoint.mac_address)
    assert entries(turn_rules([FAR, WEB])) == [("10.244.1.5", turn), ("fd00::5", turn)]


@pytest.mark.parametrize(
    ("prefixes", "version", "length"),
    [
        (("10.0.0.0/8", "10.1.0.0/16"), 4, 16),
        (("fd00::/8",), 4, 0),
        (("fd00::/8",), 6, 8),
        ((), 4, 0),
    ],
)
def test_the_longest_prefix_of_a_family_counts(
    prefixes: tuple[str, ...], version: int, length: int
) -> None:
    wanted = Conditions(destination=to_addresses(*prefixes) if prefixes else None)
    assert prefix_length(replace(decap_rule(), conditions=wanted), version) == length
