"""Subnets of a network: what HNS completes, and what it refuses."""

import ipaddress
import itertools
from collections.abc import Callable

import pytest

from hnsemu.domain.facts import Policy, Route
from hnsemu.domain.network_types import Mode, network_type
from hnsemu.domain.networks import IpSubnet, Subnet
from hnsemu.domain.releases import RELEASES
from hnsemu.domain.subnets import SubnetRequest, choose_prefix, plan_subnets, with_pools
from hnsemu.errors import HnsError, Hr
from tests.work import is_linear

VSID = Policy("VSID", '{"IsolationId":4096}')
EVERYWHERE = "0.0.0.0/0"


def plan(mode: Mode, *requests: SubnetRequest, release: str = "ws2025") -> tuple[Subnet, ...]:
    ids = (f"id-{number}" for number in itertools.count(1))
    return plan_subnets(requests, mode, network_type(mode), RELEASES[release], lambda: next(ids))


def subnet(prefix: str, next_hop: str = "", destination: str = EVERYWHERE) -> SubnetRequest:
    routes = (Route(next_hop, destination),) if next_hop else ()
    return SubnetRequest(prefix=prefix, routes=routes)


def test_subnet_without_pools_gets_one_of_its_own_prefix() -> None:
    (planned,) = plan(Mode.L2BRIDGE, subnet("10.244.1.0/24", "10.244.1.1"))
    assert planned.gateway == "10.244.1.1"
    assert planned.ip_subnets == (IpSubnet(0, "id-2", "10.244.1.0/24", flags=3),)


def test_own_pools_stand_instead_of_the_automatic_one() -> None:
    pools = (IpSubnet(0, "", "192.168.1.0/24", 0), IpSubnet(0, "mine", "192.168.2.0/24", 1))
    (planned,) = plan(Mode.L2BRIDGE, SubnetRequest(prefix="192.168.0.0/16", ip_subnets=pools))
    assert [(pool.prefix, pool.flags) for pool in planned.ip_subnets] == [
        ("192.168.1.0/24", 0),
        ("192.168.2.0/24", 1),
    ]
    assert planned.ip_subnets[1].id == "mine"


def test_prefix_is_echoed_with_its_host_bits() -> None:
    (planned,) = plan(Mode.L2BRIDGE, subnet("10.0.0.7/24"))
    assert planned.prefix == "10.0.0.7/24"
    assert planned.network == ipaddress.ip_network("10.0.0.0/24")


@pytest.mark.parametrize("mode", [Mode.NAT, Mode.ICS])
@pytest.mark.parametrize("next_hop", ["", "0.0.0.0"])
def test_host_takes_the_first_address_as_gateway(mode: Mode, next_hop: str) -> None:
    (planned,) = plan(mode, subnet("192.168.100.0/24", next_hop))
    assert planned.gateway == "192.168.100.1"
    assert planned.routes == (Route("192.168.100.1", EVERYWHERE),)


@pytest.mark.parametrize("mode", [Mode.L2BRIDGE, Mode.TRANSPARENT, Mode.INTERNAL])
def test_elsewhere_nobody_adds_a_gateway(mode: Mode) -> None:
    (planned,) = plan(mode, subnet("192.168.100.0/24"))
    assert (planned.gateway, planned.routes) == ("", ())


def test_zero_without_a_length_is_the_default_route() -> None:
    (planned,) = plan(Mode.L2BRIDGE, subnet("172.16.0.0/16", "172.16.0.1", "0.0.0.0"))
    assert planned.gateway == "172.16.0.1"


def test_other_routes_are_kept_beside_the_gateway() -> None:
    routes = (Route("10.0.0.9", "192.168.0.0/16"), Route(""), Route("0.0.0.0", EVERYWHERE))
    (planned,) = plan(Mode.NAT, SubnetRequest(prefix="10.0.0.0/24", routes=routes))
    assert planned.routes == (Route("10.0.0.1", EVERYWHERE), *routes[:2])


def test_link_local_next_hop_is_a_gateway() -> None:
    (planned,) = plan(Mode.L2BRIDGE, subnet("fd12:3456:789a::/64", "fe80::1234:5678:9abc", "::/0"))
    assert planned.gateway == "fe80::1234:5678:9abc"


@pytest.mark.parametrize("mode", [Mode.TRANSPARENT, Mode.PRIVATE, Mode.INTERNAL])
def test_asking_for_any_prefix_means_dhcp_where_hns_chooses_none(mode: Mode) -> None:
    assert plan(mode, subnet(EVERYWHERE)) == ()


@pytest.mark.parametrize(
    ("mode", "requests", "hr"),
    [
        pytest.param(
            Mode.L2BRIDGE, [subnet("ten/24")], Hr.HCN_E_INVALID_PREFIX, id="no prefix at all"
        ),
        pytest.param(
            Mode.L2BRIDGE, [subnet(EVERYWHERE)], Hr.HCN_E_INVALID_PREFIX, id="every address"
        ),
        pytest.param(
            Mode.L2BRIDGE, [subnet("10.0.0.4/32")], Hr.HCN_E_INVALID_PREFIX, id="one address"
        ),
        pytest.param(
            Mode.L2BRIDGE,
            [subnet("10.0.0.0/24", "10.0.1.1")],
            Hr.HCN_E_INVALID_SUBNET,
            id="gateway outside",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            [subnet("10.0.0.0/24", "fd00::1")],
            Hr.HCN_E_INVALID_SUBNET,
            id="gateway of the other family",
        ),
        pytest.param(
            Mode.NAT,
            [subnet("10.0.0.0/24", "10.0.0.0")],
            Hr.HCN_E_ADDR_INVALID_OR_RESERVED,
            id="gateway is the network address",
        ),
        pytest.param(
            Mode.NAT,
            [subnet("10.0.0.0/24", "10.0.0.255")],
            Hr.HCN_E_ADDR_INVALID_OR_RESERVED,
            id="gateway is the broadcast address",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            [subnet("10.0.0.0/24", "router")],
            Hr.HCN_E_INVALID_SUBNET,
            id="next hop is no address",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            [subnet("10.0.0.0/24", "10.0.0.1", "everywhere")],
            Hr.HCN_E_INVALID_PREFIX,
            id="destination is no prefix",
        ),
        pytest.param(
            Mode.OVERLAY, [subnet("10.0.0.0/24")], Hr.HCN_E_POLICY_NOT_FOUND, id="overlay, no VSID"
        ),
        pytest.param(
            Mode.ICS, [subnet("fd00::/64")], Hr.HCN_E_INVALID_SUBNET, id="IPv6 behind ICS"
        ),
        pytest.param(
            Mode.L2BRIDGE,
            [subnet("10.0.0.0/16"), subnet("10.0.1.0/24")],
            Hr.HCN_E_INVALID_SUBNET,
            id="subnets overlap",
        ),
        pytest.param(
            Mode.NAT,
            [subnet("10.0.0.0/24"), subnet("10.0.1.0/24")],
            Hr.HCN_E_INVALID_SUBNET,
            id="two subnets behind NAT",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            [SubnetRequest(id="one", prefix="10.0.0.0/24"), SubnetRequest("one", "10.0.1.0/24")],
            Hr.HCN_E_INVALID_SUBNET,
            id="two subnets of one id",
        ),
    ],
)
def test_subnet_that_cannot_be_is_refused(
    mode: Mode, requests: list[SubnetRequest], hr: Hr
) -> None:
    with pytest.raises(HnsError) as refusal:
        plan(mode, *requests)
    assert refusal.value.hr is hr


@pytest.mark.parametrize(
    ("release", "requests"),
    [
        pytest.param("ws2019", ["fd00::/64"], id="IPv6 on l2bridge came with 2004"),
        pytest.param("ws2019", ["10.0.0.0/24", "10.0.1.0/24"], id="several subnets came with 2004"),
        pytest.param("ws1903", ["10.0.0.0/24", "fd00::/64"], id="dual stack needs IPv6"),
    ],
)
def test_release_that_is_too_old_is_named(release: str, requests: list[str]) -> None:
    with pytest.raises(HnsError) as refusal:
        plan(Mode.L2BRIDGE, *map(subnet, requests), release=release)
    assert refusal.value.hr is Hr.HCN_E_INVALID_SUBNET
    assert RELEASES[release].title in refusal.value.detail


@pytest.mark.parametrize(
    ("mode", "release"),
    [(Mode.L2BRIDGE, "ws2004"), (Mode.L2BRIDGE, "ws2022"), (Mode.NAT, "ws2022")],
)
def test_a_type_that_is_dual_stack_takes_a_subnet_of_each_family(mode: Mode, release: str) -> None:
    both = plan(mode, subnet("10.240.0.0/16", "10.240.0.1"), subnet("fd00::/64"), release=release)
    assert [subnet_.network.version for subnet_ in both] == [4, 6]


@pytest.mark.parametrize("prefix", ["10.1.0.0/24", "10.0.0.0/25", "10.0.0.0/15", "fd00::/64", "x"])
def test_pool_outside_or_over_another_is_refused(prefix: str) -> None:
    (planned,) = plan(Mode.L2BRIDGE, subnet("10.0.0.0/16"))
    with pytest.raises(HnsError) as refusal:
        with_pools(planned, [IpSubnet(0, "", prefix)], lambda: "new")
    assert refusal.value.hr is Hr.HCN_E_INVALID_IP_SUBNET


def test_more_subnets_than_a_network_has_are_refused_before_one_is_planned() -> None:
    requests = [SubnetRequest(prefix="no prefix")] * 10_001
    rules = network_type(Mode.L2BRIDGE)
    with pytest.raises(HnsError, match="these are 10001 subnets; a network has at most 10000"):
        plan_subnets(requests, Mode.L2BRIDGE, rules, RELEASES["ws2025"], lambda: "id")


def test_hns_chooses_among_the_private_prefixes_that_are_free() -> None:
    most = [ipaddress.ip_network("172.16.0.0/13"), ipaddress.ip_network("172.24.0.0/14")]
    assert str(choose_prefix(most, lambda _: 0)) == "172.28.0.0/20"
    assert str(choose_prefix(most, lambda count: count - 1)) == "172.31.240.0/20"


def test_hns_turns_to_192_168_when_172_16_is_full() -> None:
    every = [ipaddress.ip_network("172.16.0.0/12")]
    assert str(choose_prefix(every, lambda count: count - 1)) == "192.168.240.0/20"


def test_no_prefix_is_chosen_when_none_is_free() -> None:
    full = [ipaddress.ip_network("172.16.0.0/12"), ipaddress.ip_network("192.168.0.0/16")]
    with pytest.raises(HnsError) as refusal:
        choose_prefix(full, lambda _: 0)
    assert refusal.value.hr is Hr.HCN_E_INVALID_SUBNET


def test_work_on_subnets_and_pools_grows_with_their_number() -> None:
    def slices(count: int) -> list[str]:
        return [f"10.{number // 256}.{number % 256}.0/24" for number in range(count)]

    def subnets(count: int) -> Callable[[], object]:
        requests = [subnet(prefix) for prefix in slices(count)]
        return lambda: plan(Mode.L2BRIDGE, *requests)

    def pools(count: int) -> Callable[[], object]:
        outer = Subnet(1, "s", "10.0.0.0/8")
        added = [IpSubnet(0, "", prefix) for prefix in slices(count)]
        return lambda: with_pools(outer, added, lambda: "id")

    assert is_linear(subnets)
    assert is_linear(pools)


@pytest.mark.parametrize(
    "prefixes",
    [
        ["10.1.0.0/24", "10.2.0.0/24", "10.0.0.0/8"],
        ["10.0.0.0/8", "10.2.0.0/24"],
        ["10.0.0.0/24", "fd00::/64", "fd00::/48"],
        ["10.0.0.0/24", "10.1.0.0/24", "10.0.0.0/24"],
    ],
)
def test_overlap_is_found_whichever_prefix_is_wider(prefixes: list[str]) -> None:
    with pytest.raises(HnsError, match="overlap"):
        plan(Mode.L2BRIDGE, *map(subnet, prefixes))
    plan(Mode.L2BRIDGE, *map(subnet, prefixes[:-1]))
