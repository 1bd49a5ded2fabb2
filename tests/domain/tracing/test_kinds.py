"""Endpoints of one kind, and the smallest prefix around an address."""

from dataclasses import replace
from ipaddress import ip_address, ip_network

import pytest

from hnsemu.domain.facts import Policy
from hnsemu.domain.network_types import Mode
from hnsemu.domain.tracing.kinds import Kinds, SmallestPrefixes
from tests.domain.worlds import network, node, outbound_nat, pod

BRIDGE = network(Mode.L2BRIDGE, "10.1.0.0/24")
PREFIXES = ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.128/25", "10.3.0.0/16", "fd00::/8",
            "10.0.0.0/8", "192.0.2.1/32", "10.1.2.9/24"]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["9.255.255.255", "10.0.0.0", "10.0.255.255", "10.1.0.1", "10.1.2.1", "10.1.2.200", "10.1.3.0",
     "10.2.0.0", "10.3.4.5", "10.4.0.0", "11.0.0.0", "192.0.2.0", "192.0.2.1", "192.0.2.2",
     "255.255.255.255", "fc00::1", "fd00::1", "fe00::1"],
)  # fmt: skip
def test_the_smallest_prefix_around_an_address_is_found(text: str) -> None:
    address = ip_address(text)
    around = [net for net in (ip_network(prefix, strict=False) for prefix in PREFIXES)
              if address in net]  # fmt: skip
    smallest = max(around, key=lambda net: net.prefixlen, default="")
    assert SmallestPrefixes(PREFIXES).of(address) == str(smallest)


def test_access_control_and_the_own_address_make_no_kind() -> None:
    pods = [
        replace(one, endpoint=replace(one.endpoint, policies=(
            Policy("ACL", f'{{"Id": "{one.id}"}}'),
            Policy("OutBoundNAT", f'{{"Destinations": ["{one.addresses[0]}"]}}'),
        )))
        for one in (pod(BRIDGE, "a", "10.1.0.5"), pod(BRIDGE, "b", "10.1.0.6"))
    ]  # fmt: skip
    kinds = Kinds(node(BRIDGE, pods=pods), pods)
    assert kinds.of(pods[0], pods[0].addresses[0]) == kinds.of(pods[1], pods[1].addresses[0])


def test_a_prefix_that_somebody_names_tells_kinds_apart() -> None:
    plain = pod(BRIDGE, "a", "10.1.0.5"), pod(BRIDGE, "b", "10.1.0.200")
    picky = pod(BRIDGE, "c", "10.1.0.6", nats=(outbound_nat(exceptions=["10.1.0.128/25"]),))
    host = node(BRIDGE, pods=[*plain, picky])
    alike, apart = Kinds(host, plain), Kinds(host, [*plain, picky])
    one, other = ((endpoint, endpoint.addresses[0]) for endpoint in plain)
    assert alike.of(*one) == alike.of(*other)
    assert apart.of(*one) != apart.of(*other)


def test_an_endpoint_whose_ports_for_nat_ran_out_is_of_another_kind() -> None:
    one = pod(BRIDGE, "a", "10.1.0.5")
    full = replace(one, endpoint=replace(one.endpoint, id=f"{one.id[:-1]}f", nat_block=None))
    kinds = Kinds(node(BRIDGE, pods=[one, full]), [one, full])
    assert kinds.of(one, one.addresses[0]) != kinds.of(full, full.addresses[0])
