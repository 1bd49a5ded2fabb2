"""What the layers of several ports share."""

from ipaddress import ip_address

import pytest

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.network_types import Mode
from hnsemu.domain.vfp.layers import has_vfp, neighbours, pa_route_layer, provider_address
from hnsemu.domain.vfp.model import PaRoute
from tests.domain.worlds import network, node, packet, pod

OVERLAY = network(Mode.OVERLAY, "10.244.1.0/24")
WEB, DB = pod(OVERLAY, "web", "10.244.1.5", vlan=7), pod(OVERLAY, "db", "10.244.1.6")


@pytest.mark.parametrize(
    ("endpoint", "address"),
    [
        (None, "10.0.0.4"),
        (WEB, "10.0.0.4"),
        (pod(OVERLAY, "web", provider_address="10.0.0.77"), "10.0.0.77"),
    ],
)
def test_packets_are_encapsulated_from_the_endpoints_or_the_hosts_address(
    endpoint: PlumbedEndpoint | None, address: str
) -> None:
    assert provider_address(OVERLAY, endpoint) == ip_address(address)


@pytest.mark.parametrize(("mode", "expected"), [(Mode.OVERLAY, True), (Mode.NAT, False)])
def test_the_type_says_whether_there_is_vfp(mode: Mode, expected: bool) -> None:  # noqa: FBT001
    assert has_vfp(network(mode, "10.1.0.0/24")) is expected


def test_neighbours_are_all_endpoints_or_those_of_the_packet_and_vlan() -> None:
    host = node(OVERLAY, pods=[WEB, DB])
    sent = packet("10.244.1.5", "10.244.1.6")
    assert [rule.id for rule in neighbours(host, OVERLAY, None)(None)] == [
        "10.244.1.5",
        "10.244.1.6",
    ]
    assert [rule.id for rule in neighbours(host, OVERLAY, None)(sent)] == ["10.244.1.6"]
    assert [rule.id for rule in neighbours(host, OVERLAY, None, 7)(None)] == ["10.244.1.5"]


def test_the_provider_route_is_in_both_families() -> None:
    groups = pa_route_layer(12).groups
    assert [rule.data for group in groups for rule in group.rules(None)] == [PaRoute(12)] * 2
