"""NAT networks beside each other: disjoint prefixes, slices on Windows Server 2016, VLANs."""

import ipaddress
from collections.abc import Callable

import pytest

from hnsemu.domain.nat import check_prefix, choose_slice, lowest_vlan
from hnsemu.domain.networks import IpNetwork
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr


def nets(*prefixes: str) -> list[IpNetwork]:
    return [ipaddress.ip_network(prefix) for prefix in prefixes]


def always(number: int) -> Callable[[int], int]:
    """Return a draw that knows one number."""
    return lambda _: number


@pytest.mark.parametrize(
    ("release", "wanted", "others"),
    [
        ("ws2025", "192.168.0.0/22", ["172.21.16.0/20"]),
        ("ws1803", "192.168.0.0/22", ["172.21.16.0/20"]),
        ("ws2016", "10.0.0.0/24", []),
        ("ws2016", "172.16.1.0/24", ["172.16.0.0/16"]),
        ("ws2016", "172.16.2.0/24", ["172.16.0.0/16", "172.16.1.0/24"]),
    ],
)
def test_prefix_that_windows_allows(release: str, wanted: str, others: list[str]) -> None:
    check_prefix(ipaddress.ip_network(wanted), nets(*others), RELEASES[release])


@pytest.mark.parametrize(
    ("release", "wanted", "others", "hr"),
    [
        pytest.param(
            "ws2025",
            "172.21.16.0/24",
            ["172.21.16.0/20"],
            Hr.E_OBJECT_ALREADY_EXISTS,
            id="inside another",
        ),
        pytest.param(
            "ws2025",
            "172.16.0.0/12",
            ["10.0.0.0/8", "172.21.16.0/20"],
            Hr.E_OBJECT_ALREADY_EXISTS,
            id="around another",
        ),
        pytest.param("ws2016", "192.168.0.0/24", ["172.16.0.0/16"], Hr.E_INVALIDARG, id="no slice"),
        pytest.param(
            "ws2016", "172.16.0.0/12", ["172.16.0.0/16"], Hr.E_INVALIDARG, id="wider than all"
        ),
        pytest.param(
            "ws2016",
            "172.16.0.0/16",
            ["172.16.0.0/16"],
            Hr.E_OBJECT_ALREADY_EXISTS,
            id="the whole again",
        ),
        pytest.param(
            "ws2016",
            "172.16.1.128/25",
            ["172.16.0.0/16", "172.16.1.0/24"],
            Hr.E_OBJECT_ALREADY_EXISTS,
            id="inside another slice",
        ),
    ],
)
def test_prefix_that_clashes_is_refused(
    release: str, wanted: str, others: list[str], hr: Hr
) -> None:
    with pytest.raises(HnsError) as refusal:
        check_prefix(ipaddress.ip_network(wanted), nets(*others), RELEASES[release])
    assert refusal.value.hr is hr


def test_chosen_slices_never_hold_the_gateway_of_the_whole_prefix() -> None:
    whole = nets("172.16.0.0/16")
    chosen = {str(choose_slice(whole, draw)) for draw in map(always, range(15))}
    assert chosen == {f"172.16.{third}.0/20" for third in range(16, 256, 16)}


def test_chosen_slice_avoids_the_others() -> None:
    taken = nets("10.0.0.0/24", *(f"10.0.0.{last}/28" for last in range(16, 240, 16)))
    assert choose_slice(taken, lambda _: 0) == ipaddress.ip_network("10.0.0.240/28")


def test_prefix_whose_slices_are_all_taken_is_refused() -> None:
    taken = nets("10.0.0.0/28", "10.0.0.4/30", "10.0.0.8/29")
    with pytest.raises(HnsError) as refusal:
        choose_slice(taken, always(0))
    assert refusal.value.hr is Hr.E_OBJECT_ALREADY_EXISTS


@pytest.mark.parametrize("whole", ["10.0.0.0/30", "10.0.0.0/31"])
def test_prefix_too_small_to_slice_is_refused(whole: str) -> None:
    with pytest.raises(HnsError) as refusal:
        choose_slice(nets(whole), lambda _: 0)
    assert refusal.value.hr is Hr.E_OBJECT_ALREADY_EXISTS


@pytest.mark.parametrize(("taken", "vlan"), [([], 1), ([1], 2), ([1, 3], 2), ([2, 3], 1)])
def test_new_nat_network_gets_the_lowest_free_vlan(taken: list[int], vlan: int) -> None:
    assert lowest_vlan(taken) == vlan


def test_no_nat_network_gets_a_vlan_that_does_not_exist() -> None:
    with pytest.raises(HnsError) as refusal:
        lowest_vlan(range(1, 4095))
    assert refusal.value.hr is Hr.HCN_E_INVALID_NETWORK
