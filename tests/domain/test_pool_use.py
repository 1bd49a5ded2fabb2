"""Reserved, used and free addresses of a pool add up to its size."""

import ipaddress

import pytest

from hnsemu.domain.ipam import Pool
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import IpSubnet, Network, Subnet
from hnsemu.domain.pool_use import PoolUse


def use(prefix: str, gateway: str = "", flags: int = 3, in_use: int = 0) -> PoolUse:
    """Return the use of a pool that keeps its gateway."""
    pool = Pool(
        1,
        "p",
        ipaddress.ip_network(prefix),
        flags,
        ipaddress.ip_address(gateway) if gateway else None,
    )
    ip_subnet = IpSubnet(1, "p", prefix, flags)
    subnet = Subnet(1, "s", prefix, gateway, ip_subnets=(ip_subnet,))
    network = Network(1, "n", "n", Mode.NAT, "nat", subnets=(subnet,))
    return PoolUse(network, subnet, ip_subnet, pool, in_use)


@pytest.mark.parametrize(
    ("prefix", "gateway", "flags", "reserved", "free"),
    [
        ("10.0.0.0/24", "10.0.0.1", 3, ["10.0.0.0", "10.0.0.1", "10.0.0.255"], 253),
        ("10.0.0.0/24", "", 3, ["10.0.0.0", "10.0.0.255"], 254),
        ("10.0.0.0/24", "", 1, ["10.0.0.255"], 255),
        ("10.0.0.0/24", "10.0.9.1", 3, ["10.0.0.0", "10.0.0.255"], 254),
        ("10.0.0.7/32", "", 3, [], 1),
        ("fd00::/120", "fd00::1", 3, ["fd00::", "fd00::1"], 254),
    ],
)
def test_what_is_not_reserved_is_free(
    prefix: str, gateway: str, flags: int, reserved: list[str], free: int
) -> None:
    fresh = use(prefix, gateway, flags)
    assert [str(address) for address in fresh.reserved] == reserved
    assert fresh.free == free


def test_what_is_in_use_is_not_free() -> None:
    assert use("10.0.0.0/29", "10.0.0.1", in_use=2).free == 3
