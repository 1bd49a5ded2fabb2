"""SDNRoute, RemoteSubnetRoute and HostRoute: what they must say, and where packets go."""

import pytest

from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.network_types import Mode
from hnsemu.domain.policylists import SdnRoute
from hnsemu.errors import Hr
from tests.policies.judged import (
    context,
    on_network,
    policy,
    refusal,
    seen_of_endpoint,
    seen_of_network,
)

PEER = {
    "DestinationPrefix": "10.244.3.0/24",
    "IsolationId": 4096,
    "ProviderAddress": "10.127.130.36",
    "DistributedRouterMacAddress": "00:15:5d:aa:bb:03",
}


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("DestinationPrefix", "10.244.3.0/33"),
        ("ProviderAddress", "here"),
        ("DistributedRouterMacAddress", "00:15"),
        ("IsolationId", 4095),
        ("IsolationId", 0x1000000),
        ("IsolationId", None),
    ],
)
def test_a_route_names_its_peer_wholly(member: str, value: object) -> None:
    stored = policy("RemoteSubnetRoute", **PEER | {member: value})
    assert refusal(on_network, stored) is Hr.HCN_E_INVALID_POLICY


def test_remote_subnets_need_an_overlay() -> None:
    stored = policy("RemoteSubnetRoute", **PEER)
    assert refusal(on_network, stored, context(Mode.L2BRIDGE)) is Hr.HCN_E_INVALID_POLICY_TYPE
    assert on_network(stored) == (stored,)


def test_routes_are_seen_as_written() -> None:
    full = policy("SDNRoute", DestinationPrefix="10.0.0.0/8", NextHop="10.1.1.1", NeedEncap=True)
    first, bare = seen_of_endpoint(full, policy("SDNRoute")).routes
    assert first.route == SdnRoute("10.0.0.0/8", "10.1.1.1", need_encap=True)
    assert bare.route == SdnRoute()


def test_a_network_sees_its_peers_and_the_route_of_the_host() -> None:
    seen = seen_of_network(policy("RemoteSubnetRoute", **PEER), policy("HostRoute"))
    (route,) = seen.remote_routes
    assert (route.prefix, route.vni, route.provider) == ("10.244.3.0/24", 4096, "10.127.130.36")
    assert route.mac == "00:15:5d:aa:bb:03"
    assert seen.host_route == PolicyRef("Network", seen.id, "HostRoute", "", 1)
    assert seen_of_network().host_route is None
