"""Restart, reboot and reset of hosts, per release."""

import json
from collections.abc import Callable

import pytest

from hnsemu.domain.attachments import Attachment, SystemType
from hnsemu.domain.endpoints import Endpoint, EndpointState
from hnsemu.domain.hosts import ExternalSwitch, HostDefinition
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import Network
from hnsemu.domain.releases import RELEASES
from hnsemu.host import SeededSource
from hnsemu.schema.base import parse
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.modify import ModifyNamespaceSettingRequest
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import endpoints, hosts, loadbalancers, namespaces, networks
from hnsemu.services.endpoints.attachment import attach_endpoint, detach_endpoint
from hnsemu.services.hosts.lifecycle import reboot_host, restart_hns
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.services.pods import host_of, overlay, pod

EVERY_RELEASE = list(RELEASES)
DEFAULT_SWITCH = "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444"


def listed(hns: Hns) -> dict[str, Network]:
    """Return the networks of the host by name."""
    return {network.name: network for network in networks.list_networks(hns, EVERYTHING)}


def l2bridge(hns: Hns, flags: int, prefix: str = "10.50.0.0/24") -> Network:
    """Return a new L2Bridge network with those NetworkFlags."""
    subnet = {"IpAddressPrefix": prefix}
    members = {
        "Name": f"l2-{flags}",
        "Type": "L2Bridge",
        "Flags": flags,
        "Ipams": [{"Subnets": [subnet]}],
        "SchemaVersion": {"Major": 2, "Minor": 0},
    }
    return networks.create_network(hns, parse(HostComputeNetwork, members))


def state_of(hns: Hns, endpoint: Endpoint) -> EndpointState:
    """Return the state the endpoint has now."""
    return endpoints.get_endpoint(hns, endpoint.id).state


def join(hns: Hns, namespace_id: str, **resource: str) -> None:
    """Add an endpoint or a container to the namespace."""
    ((kind, identity),) = resource.items()
    members = {
        "ResourceType": kind,
        "RequestType": "Add",
        "Settings": {f"{kind}Id": identity},
    }
    namespaces.modify_namespace(hns, namespace_id, parse(ModifyNamespaceSettingRequest, members))


def in_a_pod(hns: Hns, network: Network) -> tuple[Endpoint, str]:
    """Return an endpoint in a namespace in which a container runs, and the namespace's id."""
    endpoint = pod(hns, network)
    namespace = namespaces.create_namespace(hns, parse(HostComputeNamespace, {"Type": "Host"}))
    join(hns, namespace.id, Endpoint=endpoint.id)
    join(hns, namespace.id, Container="c1")
    return endpoint, namespace.id


def balancer(hns: Hns, endpoint: Endpoint) -> str:
    """Return the id of a new load balancer in front of the endpoint."""
    members = {
        "HostComputeEndpoints": [endpoint.id],
        "FrontendVIPs": ["10.96.0.10"],
        "PortMappings": [{"Protocol": 6, "InternalPort": 80, "ExternalPort": 80}],
        "SchemaVersion": {"Major": 2, "Minor": 0},
    }
    created = loadbalancers.create_load_balancer(hns, parse(HostComputeLoadBalancer, members))
    return created.id


@pytest.mark.parametrize("release", EVERY_RELEASE)
def test_a_fresh_host_has_its_default_objects(database: Database, release: str) -> None:
    hns = host_of(database, release)
    nat = listed(hns)["nat"]
    assert (nat.mode, nat.subnets[0].prefix) == (Mode.NAT, "172.16.0.0/16")
    assert nat.subnets[0].gateway == "172.16.0.1"
    (default,) = namespaces.list_namespaces(hns, EVERYTHING)
    assert (default.is_default, default.compartment_id) == (True, 1)
    is_client = release.startswith("win")
    assert set(listed(hns)) == ({"nat", "Default Switch"} if is_client else {"nat"})


def test_a_switch_made_by_hand_is_a_transparent_network(database: Database) -> None:
    node = Hns(database, "node", SeededSource())
    members = HostDefinition(external_switches=(ExternalSwitch("Uplink", ("Ethernet 3",)),))
    machine, _ = hosts.define_host(node, members)
    uplink = listed(node)["Uplink"]
    assert (uplink.mode, uplink.subnets) == (Mode.TRANSPARENT, ())
    assert uplink.vswitch is not None
    assert machine.adapters[2].switch_id == uplink.vswitch.id
    assert machine.external_switches == (ExternalSwitch("Uplink", ("Ethernet 3",)),)


@pytest.mark.parametrize(
    ("release", "stays"),
    [
        ("ws2016", True),
        ("ws1803", True),
        ("ws2019-rtm", True),
        ("ws2019", True),
        ("ws1903", False),
        ("ws2004", False),
        ("ws2022", False),
        ("win11", False),
        ("ws2025", False),
    ],
)
def test_nat_stays_over_a_restart_until_hns_flags_it(
    database: Database, release: str, *, stays: bool
) -> None:
    hns = host_of(database, release)
    before = listed(hns)["nat"]
    restart_hns(hns)
    after = listed(hns).get("nat")
    assert after == (before if stays else None)


@pytest.mark.parametrize(
    ("release", "stays"), [(name, not release.speaks_v2) for name, release in RELEASES.items()]
)
def test_nat_is_another_after_a_reboot_from_ws2019_on(
    database: Database, release: str, *, stays: bool
) -> None:
    hns = host_of(database, release)
    before = listed(hns)["nat"]
    endpoint = pod(hns, before)
    reboot_host(hns)
    after = listed(hns)["nat"]
    assert (after.id == before.id) is stays
    assert after.subnets[0].prefix == before.subnets[0].prefix
    assert bool(endpoints.list_endpoints(hns, EVERYTHING)) is stays
    assert stays or endpoint.id != after.id


@pytest.mark.parametrize("happens", [restart_hns, reboot_host])
def test_a_client_draws_its_default_switch_anew(database: Database, happens: object) -> None:
    assert callable(happens)
    hns = host_of(database, "win11")
    before = listed(hns)["Default Switch"]
    happens(hns)
    after = listed(hns)["Default Switch"]
    assert before.id == after.id == DEFAULT_SWITCH
    assert (after.mode, after.flags) == (Mode.ICS, 11)
    assert before.subnets[0].prefix != after.subnets[0].prefix


def test_a_restart_keeps_what_is_persistent(hns: Hns) -> None:
    network = overlay(hns)
    endpoint, namespace_id = in_a_pod(hns, network)
    balancer_id = balancer(hns, endpoint)
    before = (
        endpoints.get_endpoint_document(hns, endpoint.id),
        namespaces.get_namespace(hns, namespace_id),
        loadbalancers.get_load_balancer(hns, balancer_id),
    )
    restart_hns(hns)
    after = (
        endpoints.get_endpoint_document(hns, endpoint.id),
        namespaces.get_namespace(hns, namespace_id),
        loadbalancers.get_load_balancer(hns, balancer_id),
    )
    assert after == before
    assert state_of(hns, endpoint) is EndpointState.ATTACHED


def test_a_restart_ends_non_persistent_networks_with_all_on_them(hns: Hns) -> None:
    network = l2bridge(hns, flags=8)
    endpoint, namespace_id = in_a_pod(hns, network)
    balancer_id = balancer(hns, endpoint)
    restart_hns(hns)
    assert network.name not in listed(hns)
    assert endpoints.list_endpoints(hns, EVERYTHING) == []
    assert namespaces.get_namespace(hns, namespace_id).endpoint_ids == ()
    assert loadbalancers.get_load_balancer(hns, balancer_id).references == ()
    assert all(not adapter.switch_id for adapter in hosts.get_host(hns).adapters)


def test_a_restart_keeps_a_network_flagged_persistent(hns: Hns) -> None:
    network = l2bridge(hns, flags=16 + 8)
    restart_hns(hns)
    assert listed(hns)[network.name].id == network.id


def test_a_restart_ends_non_persistent_endpoints(hns: Hns) -> None:
    network = overlay(hns)
    stays = pod(hns, network)
    members = {"Flags": 1024, "SchemaVersion": {"Major": 2, "Minor": 0}}
    endpoints.create_endpoint(hns, network.id, parse(HostComputeEndpoint, members))
    restart_hns(hns)
    assert [endpoint.id for endpoint in endpoints.list_endpoints(hns, EVERYTHING)] == [stays.id]
    assert listed(hns)[network.name].current_endpoints == 1


def test_a_restart_is_noted(hns: Hns) -> None:
    before = hosts.get_host(hns)
    after = restart_hns(hns)
    assert after.host.started > before.host.started
    assert after == hosts.get_host(hns)
    assert after.adapters == before.adapters


def test_a_reboot_ends_containers_and_their_compartments(hns: Hns) -> None:
    endpoint, namespace_id = in_a_pod(hns, overlay(hns))
    assert namespaces.get_namespace(hns, namespace_id).compartment_id == 2
    reboot_host(hns)
    namespace = namespaces.get_namespace(hns, namespace_id)
    assert (namespace.compartment_id, namespace.compartment_guid) == (0, "")
    assert namespace.resources == ()
    assert state_of(hns, endpoint) is EndpointState.DETACHED
    document = json.loads(endpoints.get_endpoint_document(hns, endpoint.id))
    assert "HostComputeNamespace" not in document
    join(hns, namespace_id, Container="c2")
    assert namespaces.get_namespace(hns, namespace_id).compartment_id == 2


def test_a_reboot_unplugs_virtual_machines(hns: Hns) -> None:
    endpoint = pod(hns, overlay(hns))
    attach_endpoint(hns, endpoint.id, Attachment(SystemType.VIRTUAL_MACHINE, "vm--nic"))
    reboot_host(hns)
    after = endpoints.get_endpoint(hns, endpoint.id)
    assert (after.state, after.virtual_machine) == (EndpointState.DETACHED, "")


def test_a_reboot_leaves_attached_what_is_attached_to_the_host(hns: Hns) -> None:
    network = overlay(hns)
    bridge, default = pod(hns, network), pod(hns, network)
    attach_endpoint(hns, bridge.id, Attachment(SystemType.HOST, compartment=1))
    (host_namespace,) = namespaces.list_namespaces(hns, EVERYTHING)
    join(hns, host_namespace.id, Endpoint=default.id)
    join(hns, host_namespace.id, Container="c1")
    reboot_host(hns)
    assert state_of(hns, bridge) is EndpointState.ATTACHED
    after = endpoints.get_endpoint(hns, default.id)
    assert (after.state, after.shared_containers) == (EndpointState.ATTACHED, ())
    assert after.namespace_id == host_namespace.id
    assert namespaces.get_namespace(hns, host_namespace.id).resources == (("Endpoint", default.id),)


def test_both_ends_say_after_a_reboot_which_endpoints_a_namespace_holds(hns: Hns) -> None:
    """A client had seen an endpoint in the host's namespace that said it was in none."""
    network = overlay(hns)
    detached, bridge = pod(hns, network), pod(hns, network)
    (own,) = namespaces.list_namespaces(hns, EVERYTHING)
    other = namespaces.create_namespace(hns, parse(HostComputeNamespace, {"Type": "Host"}))
    join(hns, own.id, Endpoint=detached.id)
    detach_endpoint(hns, detached.id)
    join(hns, other.id, Endpoint=bridge.id)
    detach_endpoint(hns, bridge.id)
    attach_endpoint(hns, bridge.id, Attachment(SystemType.HOST, compartment=1))
    reboot_host(hns)
    holders = {
        endpoint_id: namespace.id
        for namespace in namespaces.list_namespaces(hns, EVERYTHING)
        for endpoint_id in namespace.endpoint_ids
    }
    assert holders == {detached.id: own.id}
    for endpoint in (detached, bridge):
        document = json.loads(endpoints.get_endpoint_document(hns, endpoint.id))
        assert document.get("HostComputeNamespace") == holders.get(endpoint.id)


def test_a_reboot_keeps_external_networks_and_their_endpoints(database: Database) -> None:
    node = Hns(database, "node", SeededSource())
    hosts.ensure_host(node, HostDefinition(external_switches=(ExternalSwitch("Uplink"),)))
    network = overlay(node)
    endpoint = pod(node, network)
    before = hosts.get_host(node).adapters
    reboot_host(node)
    assert {"Uplink", network.name, "nat"} == set(listed(node))
    after = endpoints.get_endpoint(node, endpoint.id)
    assert after.ip_configurations == endpoint.ip_configurations
    assert hosts.get_host(node).adapters == before


def test_a_deleted_nat_network_comes_back_at_boot_only(hns: Hns) -> None:
    networks.delete_network(hns, listed(hns)["nat"].id)
    restart_hns(hns)
    assert listed(hns) == {}
    reboot_host(hns)
    assert set(listed(hns)) == {"nat"}


def test_a_host_boots_without_nat_where_another_network_has_its_prefix(hns: Hns) -> None:
    """It could not be rebooted any more."""
    networks.delete_network(hns, listed(hns)["nat"].id)
    subnet = {"IpAddressPrefix": "172.16.0.0/20"}
    members = {"Name": "own", "Type": "ICS", "Ipams": [{"Subnets": [subnet]}]}
    own = networks.create_network(
        hns, parse(HostComputeNetwork, members | {"SchemaVersion": {"Major": 2}})
    )
    before = hosts.get_host(hns).host.started
    reboot_host(hns)
    assert set(listed(hns)) == {"own"}
    assert hosts.get_host(hns).host.started > before
    networks.delete_network(hns, own.id)
    reboot_host(hns)
    assert set(listed(hns)) == {"nat"}


@pytest.mark.parametrize("happens", [restart_hns, reboot_host])
def test_a_client_starts_without_a_default_switch_where_no_prefix_is_left(
    database: Database, happens: Callable[[Hns], object]
) -> None:
    hns = host_of(database, "win11")
    networks.delete_network(hns, listed(hns)["nat"].id)
    l2bridge(hns, 0, "172.16.0.0/12")
    l2bridge(hns, 16, "192.168.0.0/16")
    happens(hns)
    assert set(listed(hns)) - {"nat"} == {"l2-0", "l2-16"}


def test_the_default_switch_of_a_client_leaves_dockers_prefix_free(database: Database) -> None:
    """A new host was refused whenever the prefix that was drawn lay in Docker's."""
    node = Hns(database, "node", SeededSource())
    hosts.define_host(node, HostDefinition(RELEASES["win11"], docker_fixed_cidr="172.16.0.0/12"))
    prefixes = {name: network.subnets[0].prefix for name, network in listed(node).items()}
    assert prefixes.pop("nat") == "172.16.0.0/12"
    assert prefixes.pop("Default Switch").startswith("192.168.")


def test_a_persistent_nat_network_is_the_only_one_after_a_boot(hns: Hns) -> None:
    networks.delete_network(hns, listed(hns)["nat"].id)
    subnet = {"IpAddressPrefix": "172.16.0.0/12"}
    members = {"Name": "own", "Type": "NAT", "Flags": 16, "Ipams": [{"Subnets": [subnet]}]}
    networks.create_network(hns, parse(HostComputeNetwork, members))
    reboot_host(hns)
    assert set(listed(hns)) == {"own"}


def test_a_reset_leaves_a_fresh_host(database: Database) -> None:
    node = Hns(database, "node", SeededSource())
    members = HostDefinition(
        RELEASES["ws2022"], external_switches=(ExternalSwitch("Uplink", ("Ethernet",)),)
    )
    hosts.define_host(node, members)
    fresh = {name: network.subnets for name, network in listed(node).items()}
    endpoint, _ = in_a_pod(node, overlay(node))
    balancer(node, endpoint)
    machine = hosts.reset_host(node)
    assert set(listed(node)) == set(fresh) == {"Uplink", "nat"}
    assert endpoints.list_endpoints(node, EVERYTHING) == []
    assert len(namespaces.list_namespaces(node, EVERYTHING)) == 1
    assert loadbalancers.list_load_balancers(node, EVERYTHING) == []
    assert machine == hosts.get_host(node)
    assert [bool(adapter.switch_id) for adapter in machine.adapters] == [True, False, False]
    _, namespace_id = in_a_pod(node, overlay(node))
    assert namespaces.get_namespace(node, namespace_id).compartment_id == 2


def test_a_host_goes_with_everything_on_it(hns: Hns) -> None:
    endpoint, _ = in_a_pod(hns, overlay(hns))
    balancer(hns, endpoint)
    hosts.delete_host(hns)
    hosts.ensure_host(hns)
    assert set(listed(hns)) == {"nat"}
    assert endpoints.list_endpoints(hns, EVERYTHING) == []
