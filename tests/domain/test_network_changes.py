"""Changes to a network: extensions of its switch, subnets and pools."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from hnsemu.domain.extensions import extension_ids
from hnsemu.domain.facts import VSwitch
from hnsemu.domain.network_changes import (
    NetworkChange,
    NetworkFacts,
    check_multi_subnet,
    find_subnet,
    with_extensions,
    with_more_pools,
    with_subnets,
    without_pools,
    without_subnets,
)
from hnsemu.domain.network_types import Mode, SwitchKind
from hnsemu.domain.networks import IpSubnet, Network, Subnet
from hnsemu.domain.releases import RELEASES
from hnsemu.domain.subnets import SubnetRequest
from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource

WS2025 = RELEASES["ws2025"]
WFP, VFP, CAPTURE = extension_ids(WS2025)
POOLS = (IpSubnet(11, "p1", "192.168.1.0/24"), IpSubnet(12, "p2", "192.168.2.0/24"))
FIRST = Subnet(1, "s1", "192.168.0.0/16", "192.168.0.1", ip_subnets=POOLS)
SECOND = Subnet(2, "s2", "10.0.0.0/24", ip_subnets=(IpSubnet(21, "p3", "10.0.0.0/24"),))
SWITCH = VSwitch(
    1, "s", "s", SwitchKind.EXTERNAL, "", "l", "n", "p", extensions=((CAPTURE, False),)
)
NETWORK = Network(1, "n", "net", Mode.L2BRIDGE, "L2Bridge", subnets=(FIRST, SECOND), vswitch=SWITCH)
FACTS = NetworkFacts(NETWORK, WS2025, 1000)
OVERLAY = replace(FACTS, network=replace(NETWORK, mode=Mode.OVERLAY, subnets=(FIRST,)))


def prefixes(change: NetworkChange) -> list[str]:
    return [subnet.prefix for subnet in change.network.subnets]


def pools(change: NetworkChange) -> list[str]:
    return [pool.prefix for pool in change.network.subnets[0].ip_subnets]


def test_extensions_are_added_to_those_chosen_before() -> None:
    switch = with_extensions(FACTS, [(WFP, True), (CAPTURE, True)]).network.vswitch
    assert switch is not None
    assert switch.extensions == ((CAPTURE, True), (WFP, True))


def test_new_subnets_stand_behind_the_others_with_a_seed_for_each_pool() -> None:
    requests = [SubnetRequest(prefix="10.1.0.0/24"), SubnetRequest(prefix="10.2.0.0/24")]
    change = with_subnets(FACTS, requests, SeededSource())
    assert prefixes(change) == ["192.168.0.0/16", "10.0.0.0/24", "10.1.0.0/24", "10.2.0.0/24"]
    assert [subnet.key for subnet in change.network.subnets] == [1, 2, 0, 0]
    assert len(change.pool_seeds) == 2


def test_those_of_before_count_among_the_subnets_that_a_network_has() -> None:
    requests = [SubnetRequest(prefix="no prefix")] * 9_999
    with pytest.raises(HnsError, match="these are 10001 subnets; a network has at most 10000"):
        with_subnets(FACTS, requests, SeededSource())


@pytest.mark.parametrize(
    ("named", "left"),
    [
        (("s1", None), ["10.0.0.0/24"]),
        ((None, "10.0.0.0/24"), ["192.168.0.0/16"]),
        (("s1", "10.0.0.0/24"), ["10.0.0.0/24"]),
    ],
)
def test_subnet_is_removed_by_id_or_else_by_prefix(
    named: tuple[str | None, str | None], left: list[str]
) -> None:
    assert prefixes(without_subnets(FACTS, [named, named])) == left


def test_pools_come_and_go() -> None:
    more = [IpSubnet(0, "", "192.168.3.0/24")]
    added = with_more_pools(FACTS, FIRST, more, SeededSource())
    assert pools(added) == ["192.168.1.0/24", "192.168.2.0/24", "192.168.3.0/24"]
    assert len(added.pool_seeds) == 1
    assert pools(without_pools(FACTS, FIRST, ["p1", "p1"])) == ["192.168.2.0/24"]


IN_USE = replace(FACTS, pools_in_use=frozenset({12}))
UNREADABLE = SubnetRequest(prefix="10.9.0.0/24", refusal=HnsError(Hr.HCN_E_INVALID_POLICY))


@pytest.mark.parametrize(
    ("change", "hr"),
    [
        pytest.param(
            lambda: with_extensions(replace(FACTS, shares_switch=True), [("x", True)]),
            Hr.HCN_E_SWITCH_EXTENSION_NOT_FOUND,
            id="an unknown extension before a shared switch",
        ),
        pytest.param(
            lambda: with_extensions(replace(FACTS, shares_switch=True), [(VFP, True)]),
            Hr.HCN_E_SHARED_SWITCH_MODIFICATION,
            id="shared switch",
        ),
        pytest.param(
            lambda: with_subnets(FACTS, [SubnetRequest(prefix="10.0.0.0/25")], SeededSource()),
            Hr.HCN_E_INVALID_SUBNET,
            id="overlapping subnet",
        ),
        pytest.param(
            lambda: with_subnets(FACTS, [UNREADABLE], SeededSource()),
            Hr.HCN_E_INVALID_POLICY,
            id="policy that cannot be read",
        ),
        pytest.param(
            lambda: without_subnets(IN_USE, [("s1", None)]),
            Hr.HCN_E_ENTITY_HAS_REFERENCES,
            id="subnet in use",
        ),
        pytest.param(
            lambda: without_subnets(FACTS, [("s1", None), ("s9", None)]),
            Hr.HCN_E_SUBNET_NOT_FOUND,
            id="unknown subnet",
        ),
        pytest.param(
            lambda: without_subnets(OVERLAY, [("s1", None)]),
            Hr.HCN_E_INVALID_NETWORK,
            id="last subnet of an overlay",
        ),
        pytest.param(
            lambda: with_more_pools(FACTS, FIRST, [IpSubnet(0, "", "10.0.0.0/24")], SeededSource()),
            Hr.HCN_E_INVALID_IP_SUBNET,
            id="pool outside",
        ),
        pytest.param(
            lambda: without_pools(IN_USE, FIRST, ["p2"]),
            Hr.HCN_E_ENTITY_HAS_REFERENCES,
            id="pool in use",
        ),
        pytest.param(
            lambda: without_pools(FACTS, FIRST, [None]), Hr.HCN_E_SUBNET_NOT_FOUND, id="no pool"
        ),
        pytest.param(lambda: find_subnet(NETWORK, None), Hr.HCN_E_SUBNET_NOT_FOUND, id="no subnet"),
        pytest.param(
            lambda: check_multi_subnet(replace(NETWORK, mode=Mode.TRANSPARENT), WS2025),
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            id="type with one subnet",
        ),
        pytest.param(
            lambda: check_multi_subnet(NETWORK, RELEASES["ws2019"]),
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            id="old release",
        ),
    ],
)
def test_change_that_cannot_be_is_refused(change: Callable[[], object], hr: Hr) -> None:
    with pytest.raises(HnsError) as refused:
        change()
    assert refused.value.hr is hr
