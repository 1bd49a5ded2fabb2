"""How HNS 1 spells policies: read into HCN 2 and back."""

import json
from typing import Any

import pytest

from hnsemu.domain.facts import Policy
from hnsemu.domain.guid import ZERO
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.flat_policies import ENDPOINT_MEMBERS
from hnsemu.schema.v1 import policies

Members = dict[str, Any]

BOTH_WAYS: list[tuple[Members, str, Members]] = [
    (
        {"Type": "NAT", "Protocol": "TCP", "InternalPort": 80, "ExternalPortReserved": True},
        "PortMapping", {"Protocol": 6, "InternalPort": 80, "Flags": 4},
    ),
    ({"Type": "NAT", "Protocol": 132, "Flags": 1}, "PortMapping", {"Protocol": 132, "Flags": 1}),
    ({"Type": "NAT", "Flags": "odd"}, "PortMapping", {"Flags": "odd"}),
    ({"Type": "ROUTE", "NextHop": "x"}, "SDNRoute", {"NextHop": "x"}),
    ({"Type": "PROXY", "Port": "1"}, "L4Proxy", {"Port": "1"}),
    ({"Type": "PA", "PA": "10.0.0.5"}, "ProviderAddress", {"ProviderAddress": "10.0.0.5"}),
    (
        {"Type": "OutBoundNAT", "VIP": "x", "ExceptionList": ["y"]},
        "OutBoundNAT", {"VirtualIP": "x", "Exceptions": ["y"]},
    ),
    ({"Type": "VLAN", "VLAN": 5}, "VLAN", {"IsolationId": 5}),
    ({"Type": "VSID", "VSID": 5000}, "VSID", {"IsolationId": 5000}),
    ({"Type": "ACL", "Protocols": "6,17", "Scope": 0}, "ACL", {"Protocols": "6,17"}),
    ({"Type": "ACL", "Protocols": "256", "Scope": 0}, "ACL", {"Protocols": "256"}),
    ({"Type": "ACL", "Id": "x", "Scope": 2}, "ACL", {"Id": "x", "Scope": 2}),
    ({"Type": "QOS", "Unknown": 1}, "QOS", {"Unknown": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("flat", "kind", "settings"), BOTH_WAYS)
def test_a_policy_goes_both_ways(flat: Members, kind: str, settings: Members) -> None:
    assert policies.to_v2(flat) == {"Type": kind, "Settings": settings}
    assert policies.to_v1(Policy(kind, json.dumps(settings))) == flat


@pytest.mark.parametrize(
    ("flat", "kind", "settings"),
    [
        ({"Type": "VNET", "PA": "x"}, "ProviderAddress", {"ProviderAddress": "x"}),
        ({"Type": "nat", "Protocol": "udp"}, "PortMapping", {"Protocol": 17}),
        ({"Type": "NAT", "Protocol": "odd"}, "PortMapping", {"Protocol": "odd"}),
        ({"Type": "outboundnat", "VIP": "x"}, "outboundnat", {"VirtualIP": "x"}),
        ({"Type": "ACL", "Protocol": 6, "Id": "x"}, "ACL", {"Protocols": "6", "Id": "x"}),
        ({"Type": "ACL", "LocalPort": 80, "RemotePort": 0}, "ACL", {"LocalPorts": "80"}),
    ],
)
def test_several_spellings_are_read_as_one(flat: Members, kind: str, settings: Members) -> None:
    assert policies.to_v2(flat) == {"Type": kind, "Settings": settings}


def test_a_vlan_that_says_more_is_an_isolation_policy() -> None:
    flat = {"Type": "Isolation", "VLAN": 5, "VSID": 5000}
    assert policies.to_v2(flat) == {"Type": "VLAN", "Settings": {"IsolationId": 5, "VSID": 5000}}
    assert policies.to_v1(Policy("VLAN", '{"IsolationId": 5, "VSID": 5000}')) == flat


@pytest.mark.parametrize("flat", [{"Type": "ACL", "Settings": {}}, {"Type": ["ACL"]}])
def test_what_is_no_policy_of_hns_1_is_refused(flat: Members) -> None:
    with pytest.raises(HnsError) as refusal:
        policies.to_v2(flat)
    assert refusal.value.hr is Hr.HCN_E_INVALID_POLICY_TYPE


def test_a_policy_without_a_type_says_nothing() -> None:
    assert policies.all_to_v2([{}, {"Port": 1}]) == [{}, {}]
    assert policies.all_to_v2(None) == []


def test_members_are_policies_when_they_say_something() -> None:
    members = {
        "EncapOverhead": 50,
        "PortFriendlyName": "",
        "Mtu": None,
        "InterfaceConstraint": {"InterfaceGuid": ZERO, "InterfaceIndex": 5},
    }
    assert policies.of_members(ENDPOINT_MEMBERS, members) == [
        {"Type": "EncapOverhead", "Settings": {"Overhead": 50}},
        {"Type": "InterfaceConstraint", "Settings": members["InterfaceConstraint"]},
    ]
    assert (
        policies.of_members(ENDPOINT_MEMBERS, {"InterfaceConstraint": {"InterfaceGuid": ZERO}})
        == []
    )


@pytest.mark.parametrize(
    ("kind", "text", "member"),
    [
        ("PortName", '{"Name": "x"}', {"PortFriendlyName": "x"}),
        ("PortName", '{"Name": "x", "More": 1}', {}),
        (
            "InterfaceConstraint",
            '{"InterfaceIndex": 5}',
            {"InterfaceConstraint": {"InterfaceIndex": 5}},
        ),
        ("InterfaceConstraint", "{}", {}),
        ("ACL", "{}", {}),
    ],
)
def test_a_policy_is_a_member_when_that_says_all(kind: str, text: str, member: Members) -> None:
    assert policies.member_of(ENDPOINT_MEMBERS, Policy(kind, text)) == member
