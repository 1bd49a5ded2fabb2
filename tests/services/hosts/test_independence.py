"""Hosts share nothing: ids, names, addresses, MACs and ports of one are free on another."""

import pytest
from sqlalchemy import func, select

from hnsemu.domain.network_types import Mode
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import endpoints, hosts, loadbalancers, namespaces, networks
from hnsemu.services.hosts.lifecycle import reboot_host, restart_hns
from hnsemu.storage.database import Database
from hnsemu.storage.tables import hosts as hosts_table
from hnsemu.storage.tables import metadata, notification_numbers
from hnsemu.storage.transaction import Hns
from tests.racing import racing
from tests.services.pods import host_of

SCHEMA = {"Major": 2, "Minor": 0}
NETWORK, ENDPOINT, NAMESPACE, BALANCER = (
    f"1a2b3c4d-000{number}-4000-8000-000000000000" for number in range(4)
)


def fill(hns: Hns) -> None:
    """Make one of everything, ids, names, address, MAC and port included."""
    network = {
        "ID": NETWORK,
        "Name": "cbr0",
        "Type": "L2Bridge",
        "Ipams": [{"Subnets": [{"IpAddressPrefix": "10.244.1.0/24"}]}],
        "SchemaVersion": SCHEMA,
    }
    networks.create_network(hns, parse(HostComputeNetwork, network))
    mapping = {"Protocol": 6, "InternalPort": 80, "ExternalPort": 8080}
    endpoint = {
        "ID": ENDPOINT,
        "Name": "pod",
        "MacAddress": "0E-2A-0A-F4-01-07",
        "IpConfigurations": [{"IpAddress": "10.244.1.7"}],
        "Policies": [{"Type": "PortMapping", "Settings": mapping}],
        "SchemaVersion": SCHEMA,
    }
    endpoints.create_endpoint(hns, NETWORK, parse(HostComputeEndpoint, endpoint))
    namespace = {"ID": NAMESPACE, "Type": "Host", "CreateWithCompartment": True}
    namespaces.create_namespace(hns, parse(HostComputeNamespace, namespace))
    balancer = {
        "ID": BALANCER,
        "HostComputeEndpoints": [ENDPOINT],
        "FrontendVIPs": ["10.96.0.10"],
        "PortMappings": [{"Protocol": 6, "InternalPort": 80, "ExternalPort": 80}],
        "SchemaVersion": SCHEMA,
    }
    loadbalancers.create_load_balancer(hns, parse(HostComputeLoadBalancer, balancer))


def state(hns: Hns) -> tuple[object, ...]:
    """Return everything a client can see of the host."""
    return (
        networks.list_networks(hns, EVERYTHING),
        endpoints.list_endpoint_documents(hns, EVERYTHING),
        namespaces.list_namespaces(hns, EVERYTHING),
        loadbalancers.list_load_balancers(hns, EVERYTHING),
        hosts.get_host(hns),
    )


def test_the_same_ids_live_on_several_hosts(database: Database) -> None:
    for release in RELEASES:
        hns = host_of(database, release)
        fill(hns)
        with pytest.raises(HnsError) as refusal:
            fill(hns)
        assert refusal.value.hr is Hr.HCN_E_NETWORK_ALREADY_EXISTS
    documents = {
        release: endpoints.get_endpoint_document(Hns(database, release, hns.source), ENDPOINT)
        for release in RELEASES
    }
    assert len(documents) == len(RELEASES)
    assert namespaces.get_namespace(hns, NAMESPACE).compartment_id == 2


def test_what_happens_to_one_host_leaves_the_other_as_it_was(database: Database) -> None:
    one, other = host_of(database, "ws2022"), host_of(database, "ws2025")
    fill(one)
    fill(other)
    before = state(other)
    endpoints.delete_endpoint(one, ENDPOINT)
    restart_hns(one)
    reboot_host(one)
    hosts.reset_host(one)
    networks.delete_network(one, networks.list_networks(one, EVERYTHING)[0].id)
    hosts.delete_host(one)
    assert state(other) == before


def test_a_removed_host_leaves_no_row(database: Database) -> None:
    hns = host_of(database, "ws2025")
    fill(hns)
    hosts.delete_host(hns)
    with database.reading() as connection:
        left = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table is not notification_numbers  # the service's own: what no host gives again
        }
    assert set(left.values()) == {0}, left


def test_a_reset_host_leaves_no_row_of_before(database: Database) -> None:
    hns = host_of(database, "ws2025")

    def count() -> dict[str, int]:
        with database.reading() as connection:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
                if table is not hosts_table
            }

    fresh = count()
    fill(hns)
    assert count() != fresh
    hosts.reset_host(hns)
    assert count() == fresh


def test_hosts_are_filled_at_the_same_time(database: Database) -> None:
    releases = list(RELEASES)
    created = [host_of(database, release) for release in releases]
    racing(lambda racer: fill(created[racer]), racers=len(created))
    for hns in created:
        (bridge,) = (
            network
            for network in networks.list_networks(hns, EVERYTHING)
            if network.mode is Mode.L2BRIDGE
        )
        assert bridge.current_endpoints == 1
        assert len(loadbalancers.list_load_balancers(hns, EVERYTHING)) == 1


def test_a_host_removed_while_it_is_used_is_gone_or_whole(database: Database) -> None:
    hns = host_of(database, "ws2025")

    def work(racer: int) -> None:
        if racer == 0:
            hosts.delete_host(hns)
        elif racer == 1:
            hosts.ensure_host(hns)
        else:
            fill(hns)

    for _ in range(3):
        outcomes = racing(work, racers=6)
        assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        hosts.ensure_host(hns)
        shown = {network.name for network in networks.list_networks(hns, EVERYTHING)}
        assert shown in ({"nat"}, {"nat", "cbr0"})
        hosts.reset_host(hns)
