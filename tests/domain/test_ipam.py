"""Pools: what HNS keeps for itself, and what a caller may want."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnsemu.domain.ipam import Pool, from_text_key, parse_address, pool_for, text_key
from hnsemu.errors import HnsError, Hr

V4 = Pool(1, "v4", ipaddress.ip_network("172.16.0.0/29"), 3, ipaddress.ip_address("172.16.0.1"))
V6 = Pool(2, "v6", ipaddress.ip_network("fd00::/64"), 3, ipaddress.ip_address("fd00::1"))


@pytest.mark.parametrize(
    ("address", "flags", "reserved"),
    [
        pytest.param("172.16.0.0", 3, True, id="network address"),
        pytest.param("172.16.0.0", 1, False, id="network address not reserved by its flag"),
        pytest.param("172.16.0.1", 3, True, id="gateway"),
        pytest.param("172.16.0.2", 3, False, id="any other"),
        pytest.param("172.16.0.7", 3, True, id="broadcast"),
        pytest.param("172.16.0.7", 2, False, id="broadcast not reserved by its flag"),
        pytest.param("172.16.0.7", 0, False, id="broadcast in a pool of WSL"),
        pytest.param("172.16.0.1", 0, True, id="gateway in a pool of WSL"),
    ],
)
def test_what_a_pool_reserves(address: str, flags: int, *, reserved: bool) -> None:
    pool = Pool(1, "v4", V4.network, flags, V4.gateway)
    assert pool.reserves(ipaddress.ip_address(address)) is reserved


@pytest.mark.parametrize("prefix", ["10.0.0.4/31", "10.0.0.4/32"])
def test_tiny_pools_have_only_hosts(prefix: str) -> None:
    pool = Pool(1, "tiny", ipaddress.ip_network(prefix), 3, None)
    assert not any(pool.reserves(address) for address in pool.network)


@pytest.mark.parametrize(
    ("address", "hr"),
    [
        pytest.param("172.16.0.8", Hr.HCN_E_INVALID_IP, id="outside"),
        pytest.param("fd01::5", Hr.HCN_E_INVALID_IP, id="outside of the other family"),
        pytest.param("172.16.0.1", Hr.HCN_E_ADDR_INVALID_OR_RESERVED, id="gateway"),
        pytest.param("172.16.0.7", Hr.HCN_E_ADDR_INVALID_OR_RESERVED, id="broadcast"),
    ],
)
def test_an_address_that_no_pool_gives_is_refused(address: str, hr: Hr) -> None:
    with pytest.raises(HnsError) as refusal:
        pool_for((V4, V6), ipaddress.ip_address(address))
    assert refusal.value.hr is hr
    assert address in refusal.value.detail


def test_a_network_without_subnets_has_no_addresses() -> None:
    with pytest.raises(HnsError) as refusal:
        pool_for((), ipaddress.ip_address("10.0.0.1"))
    assert refusal.value.hr is Hr.HCN_E_SUBNET_NOT_FOUND


def test_a_wish_finds_its_pool() -> None:
    assert pool_for((V4, V6), ipaddress.ip_address("172.16.0.5")) is V4
    assert pool_for((V4, V6), ipaddress.ip_address("fd00::5")) is V6


def test_a_large_pool_draws_from_its_first_addresses() -> None:
    assert V6.size == 2**62
    assert V6.candidate(0) in V6.network


@pytest.mark.parametrize("text", ["224.0.0.1", "0.0.0.0", "127.0.0.1", "::", "::1", "ff02::1"])
def test_an_address_nobody_can_have_is_refused(text: str) -> None:
    with pytest.raises(HnsError) as refusal:
        parse_address(text)
    assert refusal.value.hr is Hr.HCN_E_ADDR_INVALID_OR_RESERVED


@pytest.mark.parametrize("text", ["10.0.0.256", "ten", "10.0.0.1/24", "fe80::1%eth0", ""])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(HnsError) as refusal:
        parse_address(text)
    assert refusal.value.hr is Hr.HCN_E_INVALID_IP


@pytest.mark.parametrize("text", ["10.0.0.1", "fd00::1"])
def test_keys_are_read_back(text: str) -> None:
    assert from_text_key(text_key(ipaddress.ip_address(text))) == ipaddress.ip_address(text)


def test_reserved_addresses_are_listed_ascending() -> None:
    assert [str(address) for address in V4.reserved] == ["172.16.0.0", "172.16.0.1", "172.16.0.7"]
    assert [str(address) for address in V6.reserved] == ["fd00::", "fd00::1"]


@pytest.mark.parametrize(
    ("prefix", "comes_round"), [("10.0.0.0/8", True), ("fd00::/96", True), ("fd00::/64", False)]
)
def test_only_pools_of_human_size_come_round(prefix: str, *, comes_round: bool) -> None:
    pool = Pool(1, "p", ipaddress.ip_network(prefix), 3, None)
    assert pool.comes_round is comes_round


@given(st.integers(24, 32), st.integers(0, 2**31), st.booleans())
def test_a_small_pool_gives_every_address_that_it_does_not_reserve(
    length: int,
    seed: int,
    has_gateway: bool,  # noqa: FBT001
) -> None:
    network = ipaddress.ip_network(f"10.0.0.0/{length}")
    gateway = network[1] if has_gateway and network.num_addresses > 1 else None
    pool = Pool(1, "p", network, 3, gateway, seed=seed)
    drawn = [pool.candidate(index) for index in range(pool.size)]
    given_out = {address for address in drawn if not pool.reserves(address)}
    assert len(set(drawn)) == len(drawn)
    assert given_out | set(pool.reserved) == set(network)
    assert not given_out & set(pool.reserved)
