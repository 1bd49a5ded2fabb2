"""The gateways behind an endpoint are those of the pools it has addresses from."""

import ipaddress
from dataclasses import replace

import pytest

from hnsemu.domain.facts import Dns
from hnsemu.domain.ipam import Pool
from hnsemu.domain.network_types import Mode
from hnsemu.domain.placement import NetworkSite


def pool(name: str, prefix: str, next_hop: str) -> Pool:
    """Return a pool behind a gateway."""
    return Pool(1, name, ipaddress.ip_network(prefix), 3, None, next_hop=next_hop)


SITE = NetworkSite(
    network_key=1,
    network_id="n",
    network_name="cbr0",
    mode=Mode.L2BRIDGE,
    type_text="L2Bridge",
    dns=Dns(),
    vswitch_key=1,
    switch_id="s",
    parent_id="p",
    isolation=0,
    mac_ranges=(),
    mac_cursor=0,
    mac_seed=0,
    pools=(
        pool("a", "10.1.0.0/25", "10.1.0.1"),
        pool("b", "10.1.0.128/25", "10.1.0.1"),
        pool("c", "fd00::/64", "fd00::1"),
        pool("d", "10.2.0.0/24", ""),
    ),
)


def test_pools_of_one_subnet_share_their_gateway() -> None:
    assert SITE.gateways({"a", "b"}) == ("10.1.0.1",)


def test_gateways_come_in_the_order_of_the_pools() -> None:
    assert SITE.gateways({"c", "a"}) == ("10.1.0.1", "fd00::1")


def test_no_pool_or_no_gateway_gives_none() -> None:
    assert SITE.gateways(set()) == SITE.gateways({"d", ""}) == ()


@pytest.mark.parametrize(
    ("pool_ids", "vlan"),
    [({"b"}, 12), ({"a", "b"}, 11), ({"d"}, 5), ((), 11)],
    ids=["of its subnet", "of the first", "of the network", "without an address"],
)
def test_a_port_is_in_the_vlan_of_its_subnet_else_of_the_network(
    pool_ids: set[str], vlan: int
) -> None:
    site = replace(SITE, subnet_vlans={"a": 11, "b": 12}, isolation=5)
    assert site.vlan(pool_ids) == vlan
