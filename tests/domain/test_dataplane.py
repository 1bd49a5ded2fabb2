"""What the data plane asks endpoints, networks and load balancers."""

from dataclasses import replace
from ipaddress import ip_address

import pytest

from hnsemu.domain.dataplane import parse_address
from hnsemu.domain.network_types import Mode
from tests.domain.worlds import (
    balancer,
    guid,
    host_endpoint,
    network,
    pod,
    remote,
    remote_route,
)

OVERLAY = network(Mode.OVERLAY, "10.244.1.0/24", "10.244.2.0/24")
FIRST, SECOND = (subnet.id for subnet in OVERLAY.network.subnets)
WEB = pod(OVERLAY, "web", "10.244.1.5", "fd00::5", vlan=7)


def test_an_endpoint_is_called_by_its_name_else_by_its_id() -> None:
    nameless = replace(WEB, endpoint=replace(WEB.endpoint, name=""))
    assert WEB.label == "endpoint web"
    assert nameless.label == f"endpoint {guid('web')}"


def test_an_endpoint_has_an_address_of_each_family() -> None:
    assert str(WEB.address(4)) == "10.244.1.5"
    assert str(WEB.address(6)) == "fd00::5"
    assert pod(OVERLAY, "bare").address(4) is None


def test_the_vlan_is_that_of_the_port() -> None:
    assert WEB.vlan == 7
    assert remote(OVERLAY, "10.244.1.9", "10.0.0.9").vlan == 0


def test_endpoints_of_the_host_guests_and_other_hosts_are_told_apart() -> None:
    gateway = host_endpoint(OVERLAY, "gateway", "10.244.1.2")
    guest = pod(OVERLAY, "guest", "10.244.1.7", virtual_machine="vm-1")
    far = remote(OVERLAY, "10.244.1.9", "10.0.0.9")
    assert [
        (endpoint.is_of_host, endpoint.is_in_guest, endpoint.is_remote)
        for endpoint in (WEB, gateway, guest, far)
    ] == [
        (False, False, False),
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


@pytest.mark.parametrize(
    ("address", "inside"), [("10.244.1.9", True), ("10.244.3.1", False), ("fd00::9", False)]
)
def test_a_network_has_the_addresses_of_its_subnets(address: str, inside: bool) -> None:  # noqa: FBT001
    assert OVERLAY.has(ip_address(address)) is inside


@pytest.mark.parametrize(
    ("address", "vsid"),
    [("10.244.1.9", 5001), ("10.244.2.9", 5002), ("10.9.9.9", 5001), ("fd00::9", 5001)],
)
def test_an_address_has_the_vsid_of_its_subnet_else_the_first(address: str, vsid: int) -> None:
    overlay = replace(OVERLAY, vsids={FIRST: 5001, SECOND: 5002})
    assert overlay.vsid_of(ip_address(address)) == vsid


def test_a_network_without_vsids_has_vsid_0() -> None:
    assert replace(OVERLAY, vsids={}).vsid_of(ip_address("10.9.9.9")) == 0


def test_a_load_balancer_is_on_the_networks_of_its_backends() -> None:
    other = network(Mode.L2BRIDGE, "10.1.0.0/24")
    both = balancer([WEB, pod(other, "db", "10.1.0.5")], "10.96.0.10")
    assert both.network_ids == {OVERLAY.id, other.id}


def test_an_odd_text_is_no_address() -> None:
    assert parse_address("nonsense") is None
    assert parse_address("10.0.0.1") == ip_address("10.0.0.1")


def test_an_overlay_leads_to_its_remote_subnets() -> None:
    routes = (remote_route("nonsense", "10.0.0.9"), remote_route("10.244.3.0/24", "10.0.0.9"))
    overlay = network(Mode.OVERLAY, "10.244.1.0/24", remote_routes=routes)
    addresses = ("10.244.3.7", "10.244.4.7", "fd00::7")
    assert [overlay.leads_to(ip_address(text)) for text in addresses] == [True, False, False]
