"""Views show what networks, endpoints and namespaces have made of the host."""

import pytest

from hnsemu.domain.hosts import ExternalSwitch, HostDefinition
from hnsemu.domain.namespaces import HOST_COMPARTMENT
from hnsemu.domain.networks import Network
from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource
from hnsemu.schema.base import parse
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import endpoints, hosts, networks
from hnsemu.services.hosts.firewall import show_firewall
from hnsemu.services.hosts.views import (
    show_adapters,
    show_compartments,
    show_nat,
    show_pools,
    show_ports,
    show_switches,
)
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.services.hosts.test_lifecycle import in_a_pod
from tests.services.pods import host_of, overlay, pod

ADAPTERS = ["Ethernet", "Ethernet 2", "Ethernet 3"]


def nat_of(hns: Hns) -> Network:
    """Return the network `nat`."""
    (found,) = (
        network for network in networks.list_networks(hns, EVERYTHING) if network.name == "nat"
    )
    return found


def publish(hns: Hns, network: Network, external: int, protocol: int = 6) -> str:
    """Return the id of a new endpoint that publishes its port 80."""
    mapping = {"Protocol": protocol, "InternalPort": 80, "ExternalPort": external}
    members = {"Policies": [{"Type": "PortMapping", "Settings": mapping}]}
    return endpoints.create_endpoint(hns, network.id, parse(HostComputeEndpoint, members)).id


def test_a_fresh_host_shows_its_adapters_and_the_nat_gateway(hns: Hns) -> None:
    shown = show_adapters(hns, HOST_COMPARTMENT)
    assert [interface.name for interface in shown] == [*ADAPTERS, "vEthernet (nat)"]
    assert [interface.address for interface in shown] == [
        "10.127.130.35",
        "10.127.131.35",
        "10.127.132.35",
        "172.16.0.1",
    ]


def test_an_external_network_moves_the_address(hns: Hns) -> None:
    overlay(hns)
    shown = {adapter.name: adapter.address for adapter in show_adapters(hns, HOST_COMPARTMENT)}
    assert shown["Ethernet"] == ""
    assert shown["vEthernet (Ethernet)"] == "10.127.130.35"


def test_a_container_s_compartment_has_the_vnics_of_its_endpoints(hns: Hns) -> None:
    endpoint, _ = in_a_pod(hns, overlay(hns))
    compartment = show_compartments(hns)[-1].id
    assert compartment > HOST_COMPARTMENT
    (vnic,) = show_adapters(hns, compartment)
    assert vnic.name == f"vEthernet ({endpoint.name})"
    assert vnic.name not in {shown.name for shown in show_adapters(hns, HOST_COMPARTMENT)}
    assert show_adapters(hns, compartment + 1) == []


def test_switches_show_kind_extensions_and_networks(hns: Hns) -> None:
    vxlan = overlay(hns)
    internal, external = show_switches(hns)
    assert (internal.switch.kind, external.switch.kind) == ("Internal", "External")
    assert internal.network_ids == (nat_of(hns).id,)
    assert external.network_ids == (vxlan.id,)
    assert external.switch.adapters == ("Ethernet",)
    assert (internal.has_host_port, external.has_host_port) == (True, True)
    assert [extension.is_enabled for extension in internal.extensions] == [False, False, True]
    assert [extension.is_enabled for extension in external.extensions] == [False, True, True]


def test_nat_networks_of_one_release_share_a_switch(database: Database) -> None:
    members = {"Name": "second", "Type": "NAT", "Ipams": []}
    for release, switches in (("ws2019", 2), ("ws2022", 1)):
        hns = host_of(database, release)
        networks.create_network(hns, parse(HostComputeNetwork, members))
        assert len(show_switches(hns)) == switches


def test_a_private_switch_has_no_host_port(hns: Hns) -> None:
    members = {"Name": "private", "Type": "Private"}
    networks.create_network(hns, parse(HostComputeNetwork, members))
    assert not show_switches(hns)[-1].has_host_port


def test_a_switch_made_by_hand_stays_without_its_network(database: Database) -> None:
    node = Hns(database, "node", SeededSource())
    hosts.ensure_host(node, HostDefinition(external_switches=(ExternalSwitch("Uplink"),)))
    uplink = show_switches(node)[0]
    assert (uplink.switch.name, uplink.switch.by_hns) == ("Uplink", False)
    networks.delete_network(node, uplink.network_ids[0])
    left = show_switches(node)[0]
    assert (left.switch, left.network_ids) == (uplink.switch, ())
    assert left.extensions == uplink.extensions


def test_ports_show_whose_they_are(hns: Hns) -> None:
    network = overlay(hns)
    endpoint = pod(hns, network)
    switch_id = show_switches(hns)[1].switch.id
    switch, ports = show_ports(hns, switch_id)
    assert switch.id == switch_id
    kinds = [(port.kind, port.network_id, port.endpoint_id) for port in ports]
    assert kinds == [
        ("External", "", ""),
        ("HostVnic", "", ""),
        ("RDID", network.id, ""),
        ("Endpoint", network.id, endpoint.id),
    ]
    assert ports[-1].mac == endpoint.mac_address


def test_ports_of_no_switch_are_refused(hns: Hns) -> None:
    with pytest.raises(HnsError) as refusal:
        show_ports(hns, "6d1e8a53-21f5-4f3d-8f55-0a6f1f4d2f01")
    assert refusal.value.hr is Hr.HCN_E_SWITCH_NOT_FOUND


def test_pools_count_what_endpoints_took(hns: Hns) -> None:
    network = overlay(hns)
    first = pod(hns, network)
    pod(hns, network)
    endpoints.delete_endpoint(hns, first.id)
    nat, pool = show_pools(hns)
    assert (nat.network.name, nat.in_use, nat.free) == ("nat", 0, 65536 - 3)
    assert pool.network.id == network.id
    assert (pool.in_use, pool.released, pool.free) == (1, 1, 256 - 3 - 1)
    assert pool.pool.cursor >= 2


def test_compartments_come_with_containers(hns: Hns) -> None:
    assert [compartment.id for compartment in show_compartments(hns)] == [1]
    _, namespace_id = in_a_pod(hns, overlay(hns))
    assert [
        (compartment.id, compartment.namespace_ids) for compartment in show_compartments(hns)[1:]
    ] == [(2, (namespace_id,))]


@pytest.mark.parametrize(("release", "engine"), [("ws2019", "ICS"), ("ws2022", "WinNAT")])
def test_published_ports_are_static_mappings(database: Database, release: str, engine: str) -> None:
    hns = host_of(database, release)
    nat = nat_of(hns)
    owner = publish(hns, nat, 8080)
    shown = show_nat(hns)
    ((instance, rule),) = shown.mappings
    assert shown.instances == (instance,) == (nat.nat,)
    assert instance.engine == engine
    assert (rule.endpoint_id, rule.mapping.external_port) == (owner, 8080)
    endpoints.delete_endpoint(hns, owner)
    assert show_nat(hns).mappings == ()


def test_ports_published_elsewhere_are_no_static_mappings(hns: Hns) -> None:
    publish(hns, overlay(hns), 8080)
    assert show_nat(hns).mappings == ()


def test_the_firewall_opens_what_is_published(hns: Hns) -> None:
    nat = nat_of(hns)
    owner = publish(hns, nat, 8080, protocol=17)
    dns, published = show_firewall(hns)
    assert (dns.protocol, dns.local_port, dns.interface) == ("UDP", 53, "vEthernet (nat)")
    assert (published.protocol, published.local_port, published.owner_id) == ("UDP", 80, owner)
