"""Policies of endpoints: which are taken on which release and network, and what they do."""

from collections.abc import Callable

import pytest

from hnsemu.domain.endpoints import Endpoint
from hnsemu.errors import Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.modify import ModifyEndpointSettingRequest
from hnsemu.services import endpoints
from hnsemu.storage import policies
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.services.vnics import (
    asked,
    at,
    bridge,
    carrying,
    create,
    nat,
    private,
    refusal_of,
    refused,
)
from tests.services.wires import change, host, policy

MAPPING = {"Protocol": 6, "InternalPort": 80, "ExternalPort": 8080}
DEFAULT_DENY = {"Protocols": "256", "Action": "Block", "Direction": "In", "Priority": 65500}


def add(hns: Hns, endpoint: Endpoint, kind: str, **settings: object) -> Endpoint:
    """Return the endpoint after adding a policy."""
    request = {"ResourceType": "Policy", "RequestType": "Add"}
    wanted = {**request, "Settings": {"Policies": [policy(kind, **settings)]}}
    return endpoints.modify_endpoint(hns, endpoint.id, parse(ModifyEndpointSettingRequest, wanted))


@pytest.mark.parametrize(
    ("kind", "settings", "older", "newer"),
    [
        ("L4Proxy", {"IP": "10.0.0.9", "Port": "15001"}, "ws2004", "ws2022"),
        ("L4WFPPROXY", {"OutboundProxyPort": "15001"}, "ws2004", "ws2022"),
        ("TierAcl", {"Name": "t", "Order": 1}, "ws2022", "win11"),
        ("VLAN", {"IsolationId": 5}, "ws2019", "ws1903"),
        ("InterfaceParameters", {"Mtu": 1400}, "ws2019", "ws1903"),
        ("Iov", {"IovOffloadWeight": 100}, "ws2004", "ws2022"),
        ("Firewall", {"VMType": "WSL"}, "ws2022", "win11"),
        ("VmNic", {}, "ws2022", "win11"),
    ],
)
def test_a_policy_type_comes_with_its_release(
    database: Database, kind: str, settings: dict[str, object], older: str, newer: str
) -> None:
    wanted = carrying(kind, **settings)
    before, after = host(database, older), host(database, newer)
    refusal = refused(before, lambda: create(before, nat(before), wanted))
    assert refusal.hr is Hr.HCN_E_INVALID_POLICY_TYPE
    assert kind in refusal.detail
    assert [each.type for each in create(after, nat(after), wanted).policies] == [kind]


@pytest.mark.parametrize(
    ("wanted", "hr"),
    [
        pytest.param(carrying("Encryption"), Hr.HCN_E_REQUEST_UNSUPPORTED, id="IPsec"),
        pytest.param(carrying("QOS"), Hr.HCN_E_INVALID_POLICY, id="QOS without a limit"),
        pytest.param(carrying("VLAN", IsolationId=4095), Hr.HCN_E_INVALID_POLICY, id="no VLAN"),
        pytest.param(carrying("VLAN"), Hr.HCN_E_INVALID_POLICY, id="VLAN without a number"),
        pytest.param(
            carrying("ACL", LocalAddresses="Any"), Hr.HCN_E_INVALID_POLICY, id="the word Any"
        ),
        pytest.param(
            carrying("ACL", LocalAddresses="azure-npm-1"),
            Hr.HCN_E_INVALID_POLICY,
            id="an unknown set",
        ),
        pytest.param(carrying("ACL", Action="Pass"), Hr.HCN_E_INVALID_POLICY, id="Pass"),
        pytest.param(carrying("ACL", Priority=70000), Hr.HCN_E_INVALID_POLICY, id="priority"),
        pytest.param(carrying("ACL", LocalPorts="²"), Hr.HCN_E_INVALID_POLICY, id="odd digit"),
        pytest.param(carrying("ACL", Protocols="٣"), Hr.HCN_E_INVALID_POLICY, id="other digit"),
        pytest.param(
            carrying("TierAcl", TierAclRules=[{"RemotePorts": "x"}]),
            Hr.HCN_E_INVALID_POLICY,
            id="a rule of a tier",
        ),
        pytest.param(
            carrying("PortMapping", **MAPPING), Hr.HCN_E_MAPPING_NOT_SUPPORTED, id="published"
        ),
        pytest.param(
            asked(Policies=[policy("InterfaceParameters", Mtu=1400)] * 2),
            Hr.HCN_INTERFACEPARAMETERS_ALREADY_APPLIED,
            id="two sets of parameters",
        ),
    ],
)
def test_an_invalid_policy_leaves_no_endpoint(
    hns: Hns, wanted: HostComputeEndpoint, hr: Hr
) -> None:
    assert refusal_of(hns, private(hns, "10.0.0.0/24"), wanted) is hr


@pytest.mark.parametrize(
    ("release", "taken"), [("ws2004", True), ("ws1903", False)], ids=["11.10", "10.3"]
)
def test_protocol_252_and_ipv6_mappings_came_with_11(
    database: Database, release: str, *, taken: bool
) -> None:
    hns = host(database, release)
    network = nat(hns)
    for wanted in (
        carrying("ACL", Protocols="252"),
        carrying("PortMapping", **MAPPING, Flags=2),
    ):
        if taken:
            create(hns, network, wanted)
        else:
            assert refusal_of(hns, network, wanted) is Hr.HCN_E_INVALID_POLICY


def test_acls_name_the_sets_of_their_network(hns: Hns) -> None:
    network = bridge(hns)
    sets = [policy("SetPolicy", Id="azure-npm-1", Name="web", PolicyType="IPSET", Values="")]
    change(hns, network, "Policy", "Add", Policies=sets)
    wanted = carrying("ACL", LocalAddresses="azure-npm-1", RemoteAddresses="10.0.0.0/8")
    create(hns, network.id, wanted)
    assert refusal_of(hns, nat(hns), wanted) is Hr.HCN_E_INVALID_POLICY


def test_sets_are_read_once_and_only_when_named(hns: Hns, monkeypatch: pytest.MonkeyPatch) -> None:
    network = bridge(hns)
    sets = [policy("SetPolicy", Id="azure-npm-1", Name="web", PolicyType="IPSET", Values="")]
    change(hns, network, "Policy", "Add", Policies=sets)
    asked_for: list[str] = []
    of: Callable[..., object] = policies.of

    def counted(*args: object) -> object:
        asked_for.append(str(args[1]))
        return of(*args)

    monkeypatch.setattr(policies, "of", counted)
    create(hns, network.id, asked(Policies=[policy("ACL", LocalAddresses="10.0.0.0/8")] * 9))
    assert asked_for == []
    create(hns, network.id, asked(Policies=[policy("ACL", LocalAddresses="azure-npm-1")] * 9))
    assert asked_for == ["network"]


def test_empty_policies_say_nothing(hns: Hns) -> None:
    assert create(hns, nat(hns), asked(Policies=[{}, {"Settings": {}}])).policies == ()


def test_a_remote_endpoint_publishes_nothing_here(hns: Hns) -> None:
    wanted = at("10.9.9.9", Flags=1, Policies=[policy("PortMapping", **MAPPING)])
    network = bridge(hns).id
    assert refusal_of(hns, network, wanted) is Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION


def test_a_port_is_named_and_put_into_a_vlan(hns: Hns) -> None:
    wanted = asked(Policies=[policy("PortName", Name="eth7"), policy("VLAN", IsolationId=7)])
    made = create(hns, bridge(hns).id, wanted)
    assert made.port is not None
    assert (made.port.friendly_name, made.port.isolation) == ("eth7", 7)


def test_name_and_vlan_of_a_port_follow_its_policies(hns: Hns) -> None:
    made = create(hns, bridge(hns).id)
    for kind, settings in (("PortName", {"Name": "eth7"}), ("VLAN", {"IsolationId": 7})):
        add(hns, made, kind, **settings)
    port = endpoints.get_endpoint(hns, made.id).port
    assert port is not None
    assert (port.friendly_name, port.isolation) == ("eth7", 7)
    reset = {"ResourceType": "Policy", "RequestType": "Reset"}
    endpoints.modify_endpoint(hns, made.id, parse(ModifyEndpointSettingRequest, reset))
    port = endpoints.get_endpoint(hns, made.id).port
    assert port is not None
    assert (port.friendly_name, port.isolation) == ("", 0)


def test_a_port_on_nat_falls_back_to_the_networks_vlan(hns: Hns) -> None:
    made = create(hns, nat(hns), carrying("VLAN", IsolationId=7))
    before = create(hns, nat(hns)).port
    assert before is not None
    reset = {"ResourceType": "Policy", "RequestType": "Reset"}
    after = endpoints.modify_endpoint(hns, made.id, parse(ModifyEndpointSettingRequest, reset)).port
    assert after is not None
    assert after.isolation == before.isolation != 7


def test_the_second_set_of_parameters_is_refused_later_too(hns: Hns) -> None:
    made = create(hns, nat(hns), carrying("InterfaceParameters", Mtu=1400))
    refusal = refused(hns, lambda: add(hns, made, "InterfaceParameters", Mtu=1500))
    assert refusal.hr is Hr.HCN_INTERFACEPARAMETERS_ALREADY_APPLIED


def test_a_default_deny_leaves_nat_and_routes_alone(hns: Hns) -> None:
    network = bridge(hns).id
    kept = [
        policy("OutBoundNAT", Exceptions=["10.0.0.0/8"]),
        policy("SDNRoute", DestinationPrefix="10.96.0.0/12", NeedEncap=True),
        policy("ACL", Action="Allow", Priority=100),
    ]
    made = create(hns, network, asked(Policies=kept))
    update = {"ResourceType": "Policy", "RequestType": "Update"}
    wanted = {**update, "Settings": {"Policies": [policy("ACL", **DEFAULT_DENY)]}}
    after = endpoints.modify_endpoint(hns, made.id, parse(ModifyEndpointSettingRequest, wanted))
    assert [each.type for each in after.policies] == ["OutBoundNAT", "SDNRoute", "ACL"]
    assert "65500" in after.policies[-1].settings
