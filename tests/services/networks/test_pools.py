"""What HNS gives a network by itself: prefixes, gateways, VLANs, NAT and MACs."""

import ipaddress

import pytest

from hnsemu.domain.hosts import AdapterDefinition
from hnsemu.errors import Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import endpoints, networks
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.services.wires import (
    EVERYWHERE,
    SCHEMA,
    Json,
    host,
    make,
    make_overlay,
    on,
    refusal_of,
    subnet,
    switches_of,
)

PRIVATE = ipaddress.IPv4Network("172.16.0.0/12")
OF_NAT = ipaddress.IPv4Network("172.16.0.0/16")


@pytest.mark.parametrize("kind", ["NAT", "ICS"])
@pytest.mark.parametrize("members", [[], [subnet(EVERYWHERE, "0.0.0.0")], [{}]])
def test_hns_chooses_a_private_20(hns: Hns, kind: str, members: list[Json]) -> None:
    (chosen,) = make(hns, kind, *members).subnets
    network = ipaddress.IPv4Network(chosen.prefix)
    assert network.prefixlen == 20
    assert network.subnet_of(PRIVATE)
    assert not network.overlaps(OF_NAT)
    assert chosen.gateway == str(network[1])
    (pool,) = chosen.ip_subnets
    assert (pool.prefix, pool.flags) == (chosen.prefix, 3)


def test_hns_keeps_off_the_networks_of_the_adapters(database: Database) -> None:
    most = [AdapterDefinition("A", address="172.16.0.9/13")]
    most += [AdapterDefinition(f"B{n}", address=f"172.{n}.0.9/14") for n in (24, 28)]
    crowded = host(database, adapters=tuple(most))
    (chosen,) = make(crowded, "NAT", Name="x").subnets
    assert chosen.prefix.startswith("192.168.")


def test_nat_prefixes_must_be_disjoint(hns: Hns) -> None:
    refusal = refusal_of(lambda: make(hns, "NAT", subnet("172.16.8.0/24")))
    assert refusal.hr is Hr.E_OBJECT_ALREADY_EXISTS


def test_ics_and_nat_cannot_share_a_prefix_either(hns: Hns) -> None:
    make(hns, "ICS", subnet("192.168.7.0/24"))
    refusal = refusal_of(lambda: make(hns, "NAT", subnet("192.168.7.0/25")))
    assert refusal.hr is Hr.E_OBJECT_ALREADY_EXISTS


def test_overlays_may_repeat_a_prefix(hns: Hns) -> None:
    make_overlay(hns)
    assert make_overlay(hns, Name="again").subnets[0].prefix == "10.244.1.0/24"


def test_server_2016_slices_its_one_nat_prefix(database: Database) -> None:
    old = host(database, "ws2016")
    (chosen,) = make(old, "NAT", Name="chosen").subnets
    assert ipaddress.IPv4Network(chosen.prefix).subnet_of(OF_NAT)
    assert make(old, "NAT", subnet("172.16.1.0/24"), Name="named").subnets
    refusal = refusal_of(lambda: make(old, "NAT", subnet("192.168.1.0/24")))
    assert refusal.hr is Hr.E_INVALIDARG


def test_gateway_and_prefix_are_echoed(hns: Hns) -> None:
    created = make(hns, "L2Bridge", subnet("10.240.0.7/12", "10.240.0.1"))
    assert (created.subnets[0].prefix, created.subnets[0].gateway) == (
        "10.240.0.7/12",
        "10.240.0.1",
    )


def test_nat_networks_share_one_switch_told_apart_by_vlan(hns: Hns) -> None:
    first = networks.list_networks(hns, EVERYTHING)[0]
    created = [make(hns, "NAT", Name=name) for name in ("b", "c")]
    assert {on(network).layer_id for network in created} == {on(first).layer_id}
    assert [network.isolation for network in (first, *created)] == [1, 2, 3]
    assert [network.host_vnic.isolation for network in created if network.host_vnic] == [2, 3]


def test_vlan_of_a_deleted_network_is_given_out_again(hns: Hns) -> None:
    gone = make(hns, "NAT", Name="b")
    make(hns, "NAT", Name="c")
    networks.delete_network(hns, gone.id)
    assert make(hns, "NAT", Name="d").isolation == 2


@pytest.mark.parametrize("release", ["ws2016", "ws2019", "ws2004"])
def test_before_13_each_nat_network_has_its_switch(database: Database, release: str) -> None:
    old = host(database, release)
    created = make(old, "NAT", Name="b")
    assert len(switches_of(old)) == 2
    assert created.isolation == 0
    assert created.nat is not None
    assert created.nat.name == f"ICS{created.nat.interface_id.upper()}"


def test_from_13_nat_is_winnat_on_the_host_vnic(hns: Hns) -> None:
    created = make(hns, "NAT", subnet("192.168.100.0/24", "192.168.100.1"), Name="b")
    assert created.nat is not None
    assert created.host_vnic is not None
    assert created.nat.name == f"NAT{created.host_vnic.interface_id.upper()}"
    assert (created.nat.subnet_address, created.nat.gateway, created.nat.prefix_length) == (
        "192.168.100.0",
        "192.168.100.1",
        24,
    )


@pytest.mark.parametrize(
    ("release", "flags", "kept"),
    [("ws2019", 0, 0), ("ws1903", 0, 8), ("ws2025", 0, 8), ("ws2025", 16, 16)],
)
def test_nat_does_not_persist_from_10_on_unless_told_to(
    database: Database, release: str, flags: int, kept: int
) -> None:
    assert make(host(database, release), "NAT", Name="b", Flags=flags).flags == kept


def test_isolated_nat_network_has_its_own_switch(hns: Hns) -> None:
    alone = make(hns, "NAT", Name="alone", Flags=32)
    assert alone.isolation == 1
    assert on(make(hns, "NAT", Name="next")).id != on(alone).id


@pytest.mark.parametrize(
    "wanted",
    [
        {"StartMacAddress": "00-15-5D-52-C0-00"},
        {"StartMacAddress": "first", "EndMacAddress": "last"},
        {"StartMacAddress": "00-15-5D-52-CF-FF", "EndMacAddress": "00-15-5D-52-C0-00"},
    ],
)
def test_pool_that_is_none_is_refused(hns: Hns, wanted: Json) -> None:
    refusal = refusal_of(lambda: make(hns, "NAT", Name="b", MacPool={"Ranges": [wanted]}))
    assert refusal.hr is Hr.HCN_E_INVALID_NETWORK


def test_host_vnic_keeps_its_mac_from_the_endpoints(hns: Hns) -> None:
    pool = {"StartMacAddress": "00-15-5D-00-00-00", "EndMacAddress": "00-15-5D-00-00-03"}
    created = make(hns, "NAT", Name="b", MacPool={"Ranges": [pool]})
    document = parse(HostComputeEndpoint, {"SchemaVersion": SCHEMA})
    taken = {endpoints.create_endpoint(hns, created.id, document).mac_address for _ in range(3)}
    assert created.host_vnic is not None
    assert len({*taken, created.host_vnic.mac}) == 4
