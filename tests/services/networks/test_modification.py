"""Changes to networks: what each request does, and what is refused without a trace."""

import json
from typing import Any

import pytest

from hnsemu.domain.extensions import extension_ids
from hnsemu.domain.facts import Dns
from hnsemu.domain.networks import Network
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.modify import ModifyNetworkSettingRequest
from hnsemu.schema.v2.networks import Extension
from hnsemu.services import endpoints, networks
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.racing import racing
from tests.services.wires import (
    SCHEMA,
    Json,
    change,
    host,
    make,
    make_overlay,
    on,
    policy,
    refusal_of,
    subnet,
)

WFP, VFP, CAPTURE = extension_ids(RELEASES["ws2025"])


@pytest.fixture
def l2bridge(hns: Hns) -> Network:
    """Return an L2Bridge network with one subnet."""
    inside = subnet(
        "192.168.0.0/16", "192.168.0.1", IpSubnets=[{"IpAddressPrefix": "192.168.1.0/24"}]
    )
    return make(hns, "L2Bridge", inside, Name="l2")


def route(third: int) -> Json:
    return policy(
        "RemoteSubnetRoute",
        DestinationPrefix=f"10.244.{third}.0/24",
        IsolationId=4096,
        ProviderAddress="10.127.130.36",
        DistributedRouterMacAddress="00-15-5d-aa-bb-03",
    )


def ip_set(name: str, values: str = "10.0.0.1") -> Json:
    return policy("SetPolicy", Id=name, Name=name, PolicyType="IPSET", Values=values)


def endpoint(hns: Hns, network: Network, **more: object) -> str:
    """Return the id of a new endpoint."""
    document = parse(HostComputeEndpoint, {"SchemaVersion": SCHEMA, **more})
    return endpoints.create_endpoint(hns, network.id, document).id


def prefixes(network: Network) -> list[str]:
    return [subnet.prefix for subnet in network.subnets]


def pools(network: Network) -> list[str]:
    return [pool.prefix for subnet in network.subnets for pool in subnet.ip_subnets]


def test_policies_are_added_and_removed(hns: Hns) -> None:
    network = make_overlay(hns)
    both = change(hns, network, "Policy", "Add", Policies=[route(3), route(4)])
    assert [json.loads(policy.settings)["DestinationPrefix"] for policy in both.policies] == [
        "10.244.3.0/24",
        "10.244.4.0/24",
    ]
    one = change(hns, network, "Policy", "Remove", Policies=[route(3)])
    assert one.policies == both.policies[1:]
    again = change(hns, network, "Policy", "Add", Policies=[route(5)])
    assert again.policies[0] == one.policies[0]
    assert networks.get_network(hns, network.id).policies == again.policies


def test_change_is_stamped(hns: Hns) -> None:
    network = make_overlay(hns)
    assert change(hns, network, "Policy", "Refresh").updated > network.updated


@pytest.mark.parametrize("named", ["web", "db"])
def test_set_that_an_acl_names_stays(hns: Hns, named: str) -> None:
    network = make(hns, "L2Bridge", subnet("10.0.0.0/24"), Name="l2")
    change(hns, network, "Policy", "Add", Policies=[ip_set("web"), ip_set("db"), ip_set("x")])
    rule = {"Action": "Allow", "Direction": "In", "Priority": 100}
    acl = policy("ACL", LocalAddresses="web", **rule)
    tier = policy("TierAcl", Direction="In", Order=1, TierAclRules=[{"RemoteAddresses": "db"}])
    endpoint(hns, network, Policies=[acl, tier])
    refusal = refusal_of(lambda: change(hns, network, "Policy", "Remove", Policies=[ip_set(named)]))
    assert refusal.hr is Hr.HCN_E_ENTITY_HAS_REFERENCES
    after = change(hns, network, "Policy", "Remove", Policies=[ip_set("x")])
    assert len(after.policies) == 2


def test_refused_batch_changes_nothing(hns: Hns) -> None:
    network = make_overlay(hns)
    bad = policy("RemoteSubnetRoute", DestinationPrefix="peer")
    refusal_of(lambda: change(hns, network, "Policy", "Add", Policies=[route(3), bad]))
    assert networks.get_network(hns, network.id) == network


def test_dns_is_replaced(hns: Hns) -> None:
    network = make(hns, "Internal", Dns={"Domain": "old.example", "ServerList": ["10.0.0.1"]})
    after = change(hns, network, "DNS", "Update", Search=["new.example", ""], Options=["ndots:5"])
    assert after.dns == Dns(search=("new.example",), options=("ndots:5",))
    assert change(hns, network, "DNS", "Remove").dns == Dns()


def test_extension_is_switched(hns: Hns) -> None:
    network = make_overlay(hns)
    change(hns, network, "Extension", "Update", Id=CAPTURE.upper(), IsEnabled=False)
    after = change(hns, network, "Extension", "Update", Id=WFP, IsEnabled=True)
    assert dict(on(after).extensions) == {CAPTURE: False, WFP: True}


def test_several_extensions_are_switched_together_or_not_at_all(hns: Hns) -> None:
    network = make_overlay(hns)
    members = [Extension(id=VFP, is_enabled=False), Extension(id=CAPTURE, is_enabled=True)]
    after = networks.set_extensions(hns, network.id, members)
    assert dict(on(after).extensions) == {VFP: False, CAPTURE: True}
    unknown = [Extension(id=VFP, is_enabled=True), Extension(id=network.id)]
    refusal = refusal_of(lambda: networks.set_extensions(hns, network.id, unknown))
    assert refusal.hr is Hr.HCN_E_SWITCH_EXTENSION_NOT_FOUND
    assert dict(on(networks.get_network(hns, network.id)).extensions)[VFP] is False


def test_extension_of_a_shared_switch_stays(hns: Hns) -> None:
    make_overlay(hns, 1)
    shared = make_overlay(hns, 2)
    refusal = refusal_of(lambda: change(hns, shared, "Extension", "Update", Id=WFP))
    assert refusal.hr is Hr.HCN_E_SHARED_SWITCH_MODIFICATION


def test_subnets_are_added_behind_the_others(hns: Hns, l2bridge: Network) -> None:
    more = [subnet("172.16.0.0/16", "172.16.0.1"), subnet("10.9.0.0/24")]
    after = change(hns, l2bridge, "Subnet", "Add", Subnets=more)
    assert prefixes(after) == ["192.168.0.0/16", "172.16.0.0/16", "10.9.0.0/24"]
    assert pools(after) == ["192.168.1.0/24", "172.16.0.0/16", "10.9.0.0/24"]


def test_order_survives_a_removal(hns: Hns, l2bridge: Network) -> None:
    more = [subnet(f"10.{second}.0.0/16") for second in (1, 2, 3)]
    change(hns, l2bridge, "Subnet", "Add", Subnets=more)
    gone = [{"IpAddressPrefix": prefix} for prefix in ("192.168.0.0/16", "10.1.0.0/16")]
    change(hns, l2bridge, "Subnet", "Remove", Subnets=gone)
    after = change(hns, l2bridge, "Subnet", "Add", Subnets=[subnet("10.4.0.0/16")])
    assert prefixes(after) == ["10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/16"]


def test_subnet_is_removed_by_its_id(hns: Hns, l2bridge: Network) -> None:
    both = change(hns, l2bridge, "Subnet", "Add", Subnets=[subnet("10.9.0.0/24")])
    gone = {"ID": both.subnets[0].id.upper()}
    assert prefixes(change(hns, l2bridge, "Subnet", "Remove", Subnets=[gone])) == ["10.9.0.0/24"]


def test_added_subnet_gives_addresses(hns: Hns, l2bridge: Network) -> None:
    added = change(hns, l2bridge, "Subnet", "Add", Subnets=[subnet("10.9.0.0/24")]).subnets[1]
    created = endpoint(hns, l2bridge, IpConfigurations=[{"IpAddress": "10.9.0.7"}])
    (address,) = endpoints.get_endpoint(hns, created).ip_configurations
    assert address.ip_subnet_id == added.ip_subnets[0].id


def test_pools_are_added_and_removed(hns: Hns, l2bridge: Network) -> None:
    inside = l2bridge.subnets[0].id
    more = [{"IpAddressPrefix": "192.168.2.0/24", "Flags": 0}]
    both = change(hns, l2bridge, "IPSubnet", "Add", SubnetId=inside, IpSubnets=more)
    assert pools(both) == ["192.168.1.0/24", "192.168.2.0/24"]
    gone = [{"ID": both.subnets[0].ip_subnets[0].id}]
    one = change(hns, l2bridge, "IPSubnet", "Remove", SubnetId=inside, IpSubnets=gone)
    assert pools(one) == ["192.168.2.0/24"]


@pytest.mark.parametrize("resource", ["Subnet", "IPSubnet"])
def test_what_live_endpoints_have_addresses_of_stays(
    hns: Hns, l2bridge: Network, resource: str
) -> None:
    (inside,) = l2bridge.subnets
    created = endpoint(hns, l2bridge, IpConfigurations=[{"IpAddress": "192.168.1.9"}])
    settings: dict[str, Any] = {
        "Subnets": [{"ID": inside.id}],
        "SubnetId": inside.id,
        "IpSubnets": [{"ID": inside.ip_subnets[0].id}],
    }
    refusal = refusal_of(lambda: change(hns, l2bridge, resource, "Remove", **settings))
    assert refusal.hr is Hr.HCN_E_ENTITY_HAS_REFERENCES
    endpoints.delete_endpoint(hns, created)
    assert pools(change(hns, l2bridge, resource, "Remove", **settings)) == []


@pytest.mark.parametrize(
    ("resource", "request_type", "settings", "hr"),
    [
        pytest.param(
            "Subnet",
            "Add",
            {"Subnets": [subnet("192.168.7.0/24")]},
            Hr.HCN_E_INVALID_SUBNET,
            id="overlaps",
        ),
        pytest.param(
            "Subnet",
            "Add",
            {"Subnets": [subnet("10.0.0.0/24"), subnet("10.0.0.0/25")]},
            Hr.HCN_E_INVALID_SUBNET,
            id="overlaps another of the request",
        ),
        pytest.param(
            "Subnet",
            "Remove",
            {"Subnets": [{"ID": "11111111-2222-3333-4444-555555555555"}]},
            Hr.HCN_E_SUBNET_NOT_FOUND,
            id="unknown subnet",
        ),
        pytest.param(
            "Subnet", "Remove", {"Subnets": [{}]}, Hr.HCN_E_SUBNET_NOT_FOUND, id="nameless subnet"
        ),
        pytest.param(
            "Subnet", "Update", {"Subnets": []}, Hr.HCN_E_REQUEST_UNSUPPORTED, id="subnet updated"
        ),
        pytest.param("IPSubnet", "Add", {}, Hr.HCN_E_SUBNET_NOT_FOUND, id="pool of no subnet"),
        pytest.param("Extension", "Add", {}, Hr.HCN_E_REQUEST_UNSUPPORTED, id="extension added"),
        pytest.param(
            "Extension", "Update", {}, Hr.HCN_E_SWITCH_EXTENSION_NOT_FOUND, id="no extension named"
        ),
        pytest.param("Policy", "Add", {"Policies": 3}, Hr.HCN_E_INVALID_JSON, id="no list"),
        pytest.param("DNS", "Update", {"Search": 3}, Hr.HCN_E_INVALID_JSON, id="no text list"),
    ],
)
def test_request_that_cannot_be_is_refused(
    hns: Hns,
    l2bridge: Network,
    resource: str,
    request_type: str,
    settings: dict[str, Any],
    hr: Hr,
) -> None:
    refusal = refusal_of(lambda: change(hns, l2bridge, resource, request_type, **settings))
    assert refusal.hr is hr
    assert networks.get_network(hns, l2bridge.id) == l2bridge


@pytest.mark.parametrize(
    ("request_type", "pool", "hr"),
    [
        ("Remove", {"ID": "11111111-2222-3333-4444-555555555555"}, Hr.HCN_E_SUBNET_NOT_FOUND),
        ("Remove", {}, Hr.HCN_E_SUBNET_NOT_FOUND),
        ("Update", {}, Hr.HCN_E_REQUEST_UNSUPPORTED),
    ],
)
def test_pool_that_is_not_there_cannot_be_changed(
    hns: Hns, l2bridge: Network, request_type: str, pool: Json, hr: Hr
) -> None:
    settings: dict[str, Any] = {"SubnetId": l2bridge.subnets[0].id, "IpSubnets": [pool]}
    refusal = refusal_of(lambda: change(hns, l2bridge, "IPSubnet", request_type, **settings))
    assert refusal.hr is hr


@pytest.mark.parametrize("resource", ["Subnet", "IPSubnet"])
@pytest.mark.parametrize(("release", "kind"), [("ws2025", "Transparent"), ("ws2019", "L2Bridge")])
def test_subnets_of_other_types_and_old_releases_stay(
    database: Database, release: str, kind: str, resource: str
) -> None:
    service = host(database, release)
    network = make(service, kind, subnet("10.0.0.0/24"))
    refusal = refusal_of(lambda: change(service, network, resource, "Add"))
    assert refusal.hr is Hr.HCN_E_REQUEST_UNSUPPORTED


@pytest.mark.parametrize("members", [{"RequestType": "Add"}, {"ResourceType": "DNS"}, {}])
def test_request_that_lacks_something_is_refused(hns: Hns, members: Json) -> None:
    network = make(hns, "Internal")
    wanted = parse(ModifyNetworkSettingRequest, members)
    refusal = refusal_of(lambda: networks.modify_network(hns, network.id, wanted))
    assert refusal.hr is Hr.HCN_E_INVALID_JSON


def test_unknown_network_is_not_found(hns: Hns) -> None:
    network = make(hns, "Internal")
    networks.delete_network(hns, network.id)
    refusal = refusal_of(lambda: change(hns, network, "DNS", "Update"))
    assert refusal.hr is Hr.HCN_E_NETWORK_NOT_FOUND


def test_racing_routes_are_all_kept(hns: Hns) -> None:
    network = make_overlay(hns)
    racing(lambda racer: change(hns, network, "Policy", "Add", Policies=[route(racer + 2)]))
    kept = networks.get_network(hns, network.id).policies
    assert len({policy.settings for policy in kept}) == 16
