"""Subnets that the daemon refuses before it asks HNS."""

import pytest

from hnsemu.docker.domain.ipam import address_of, block_of, check_pools, is_ipv6, masked, quoted
from hnsemu.docker.domain.networks import Pool
from hnsemu.docker.errors import DockerError


@pytest.mark.parametrize(
    ("pool", "fault"),
    [
        (Pool("10.9.0.0"), "invalid subnet 10.9.0.0: invalid CIDR block notation"),
        (Pool(""), "invalid subnet : invalid CIDR block notation"),
        (Pool("10.9.0.0/016"), "invalid subnet 10.9.0.0/016: invalid CIDR block notation"),
        (Pool("10.9.0.0/33"), "invalid subnet 10.9.0.0/33: invalid CIDR block notation"),
        (Pool("fe80::%1/64"), "invalid subnet fe80::%1/64: invalid CIDR block notation"),
        (Pool("10.9.0.5/16"), "invalid subnet 10.9.0.5/16: it should be 10.9.0.0/16"),
        (Pool("10.9.0.0/16", "x"), "invalid ip-range x: invalid CIDR block notation"),
        (
            Pool("10.9.0.0/16", "10.0.0.0/8"),
            "invalid ip-range 10.0.0.0/8: CIDR block is bigger than its parent subnet 10.9.0.0/16",
        ),
        (
            Pool("10.9.0.0/16", "10.9.1.1/24"),
            "invalid ip-range 10.9.1.1/24: it should be 10.9.1.0/24",
        ),
        (
            Pool("10.9.0.0/16", "10.8.1.0/24"),
            "invalid ip-range 10.8.1.0/24: parent subnet 10.9.0.0/16 doesn't contain ip-range",
        ),
        (
            Pool("10.9.0.0/16", "fd00::/64"),
            "invalid ip-range fd00::/64: parent subnet is an IPv4 block",
        ),
        (Pool("10.9.0.0/16", gateway="x"), "invalid gateway x: invalid address"),
        (Pool("10.9.0.0/16", gateway="fd00::1"), "gateway fd00::1: parent subnet is an IPv4 block"),
        (
            Pool("10.9.0.0/16", gateway="10.10.0.1"),
            "invalid gateway 10.10.0.1: parent subnet 10.9.0.0/16 doesn't contain this address",
        ),
        (
            Pool("10.9.0.0/16", auxiliary={"a": "10.10.0.1"}),
            "invalid auxiliary address a: parent subnet 10.9.0.0/16 doesn't contain this address",
        ),
    ],
)
def test_a_fault_is_named(pool: Pool, fault: str) -> None:
    with pytest.raises(DockerError) as refusal:
        check_pools([pool], ipv6=False)
    assert refusal.value.status == 400
    assert refusal.value.message.startswith("invalid network config:\n")
    assert fault in refusal.value.message


def test_several_faults_have_a_line_each() -> None:
    with pytest.raises(DockerError) as refusal:
        check_pools([Pool("10.9.0.5/16", gateway="10.10.0.1")], ipv6=False)
    assert refusal.value.message.splitlines()[1:] == [
        "* invalid subnet 10.9.0.5/16: it should be 10.9.0.0/16",
        "* invalid gateway 10.10.0.1: parent subnet 10.9.0.5/16 doesn't contain this address",
    ]


def test_subnets_of_ipv6_are_looked_at_where_it_is_on() -> None:
    pool = Pool("fd00::5/64", gateway="x")
    check_pools([pool], ipv6=False)
    with pytest.raises(DockerError, match="it should be fd00::/64"):
        check_pools([pool], ipv6=True)


def test_families_are_told_apart() -> None:
    assert [is_ipv6(Pool(text)) for text in ("10.0.0.0/8", "fd00::/8", "x")] == [False, True, False]


def test_a_subnet_loses_its_host_bits() -> None:
    assert masked("10.9.0.5/16") == "10.9.0.0/16"
    with pytest.raises(DockerError, match="Invalid subnet x : invalid CIDR address: x"):
        masked("x")


def test_texts_are_quoted_as_go_does() -> None:
    assert quoted('a"b\nü') == '"a\\"b\\nü"'
    assert address_of("10.0.0.1.") is None
    assert block_of("10.0.0.0/²") is None
