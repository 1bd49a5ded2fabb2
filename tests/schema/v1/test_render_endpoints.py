"""Endpoints in HNS 1: members, their order and their spelling by release."""

from dataclasses import replace

import pytest

from hnsemu.domain.attachments import SystemType
from hnsemu.domain.endpoints import Endpoint, EndpointState, IpConfiguration
from hnsemu.domain.facts import Dns, Policy, Route
from hnsemu.domain.namespaces import HOST_COMPARTMENT_GUID
from hnsemu.domain.network_types import Mode
from hnsemu.domain.releases import RELEASES
from hnsemu.domain.stats import EndpointStats, Traffic
from hnsemu.schema.v1.render_endpoints import assigned_v1, endpoint_v1, stats_v1
from hnsemu.storage.database import Database
from tests.schema.v1.lab import Document, Lab

_ID = "1a2b3c4d-0002-4000-8000-00000000b001"
_NETWORK = "1a2b3c4d-0001-4000-8000-00000000a001"
_NAMESPACE = "1a2b3c4d-0004-4000-8000-00000000d001"
_SUBNET = "1a2b3c4d-0005-4000-8000-00000000e001"

ENDPOINT = Endpoint(
    key=1,
    id=_ID,
    name="pod_Calico",
    network_key=1,
    network_id=_NETWORK,
    network_name="Calico",
    network_mode=Mode.OVERLAY,
    network_type_text="Overlay",
    parent_id=_NETWORK,
    state=EndpointState.ATTACHED_SHARING,
    policies=(Policy("ProviderAddress", '{"ProviderAddress":"10.1.1.1"}'),),
    ip_configurations=(IpConfiguration("10.42.213.221", 26, _SUBNET),),
    dns=Dns(search=("a.example", "b.example"), server_list=("10.43.0.10",)),
    routes=(Route("10.42.213.193", "0.0.0.0/0"),),
    mac_address="0E-2A-0a-2a-d5-dd",
    encap_overhead=50,
    activity_id=_ID,
    namespace_id=_NAMESPACE,
    shared_containers=("4a62", "437c"),
)


def shown(release: str, endpoint: Endpoint = ENDPOINT) -> Document:
    """Return the document with the GUID case of the release."""
    return endpoint_v1(endpoint, RELEASES[release], "release")


def test_members_stand_in_the_order_of_the_schema_from_13_on() -> None:
    assert list(shown("ws2022")) == [  # a listing of RKE2 on 13.3
        "ID",
        "Name",
        "Version",
        "AdditionalParams",
        "Resources",
        "State",
        "VirtualNetwork",
        "VirtualNetworkName",
        "Policies",
        "MacAddress",
        "IPAddress",
        "PrefixLength",
        "GatewayAddress",
        "IPSubnetId",
        "DNSServerList",
        "DNSSuffix",
        "Namespace",
        "EncapOverhead",
        "SharedContainers",
    ]


@pytest.mark.parametrize("release", RELEASES)
def test_what_is_assigned_is_printed_alike_by_every_release(release: str) -> None:
    members = ("Policies", "MacAddress", "IPAddress", "PrefixLength", "GatewayAddress")
    printed = shown(release)
    assert assigned_v1(ENDPOINT) == {name: printed[name] for name in members}


def test_flags_stand_behind_the_mac_address() -> None:
    bare = replace(ENDPOINT, flags=32, ip_configurations=(), routes=(), dns=Dns(), policies=())
    names = list(shown("win11", bare))
    assert names[names.index("MacAddress") + 1] == "Flags"  # a listing of NanaBox on 15.0
    assert shown("win11", bare)["Flags"] == 32


def test_bits_with_members_of_their_own_are_no_flags() -> None:
    named = shown("win11", replace(ENDPOINT, flags=1 | 2 | 8 | 16))
    assert "Flags" not in named
    for name in ("IsRemoteEndpoint", "DisableICC", "EnableLowMetric", "EnableInternalDNS"):
        assert named[name] is True


def test_members_are_sorted_before_13() -> None:
    names = list(shown("ws2019"))
    assert names == sorted(names)
    assert {"ActivityId", "CreateProcessingStartTime", "Health", "Type"} <= set(names)


def test_a_namespace_tells_whether_it_is_the_default_one_before_13() -> None:
    assert shown("ws2019")["Namespace"] == {"ID": _NAMESPACE.upper(), "IsDefault": False}
    of_host = replace(ENDPOINT, compartment_guid=HOST_COMPARTMENT_GUID)
    assert shown("ws2019", of_host)["Namespace"]["IsDefault"] is True
    assert shown("ws2022")["Namespace"] == {"ID": _NAMESPACE}
    assert "Namespace" not in shown("ws2019", replace(ENDPOINT, namespace_id=""))


@pytest.mark.parametrize("release", ["ws1803", "ws2016"])
def test_endpoints_before_1809_have_fewer_members(release: str) -> None:
    local = shown(release)
    assert not local.keys() & {"AdditionalParams", "EncapOverhead", "Health"}
    assert local["ID"] == _ID
    assert ("ActivityId" in local) == (release == "ws1803")


def test_remote_endpoints_show_zeros_and_no_start() -> None:
    remote = shown("ws2019", replace(ENDPOINT, flags=1, namespace_id=""))
    assert remote["Namespace"]["ID"] == remote["InterfaceConstraint"]["InterfaceGuid"]
    assert set(remote["Namespace"]["ID"]) == {"0", "-"}
    assert "CreateProcessingStartTime" not in remote
    assert "Namespace" not in shown("ws1803", replace(ENDPOINT, flags=1, namespace_id=""))


@pytest.mark.parametrize(
    ("case", "release", "is_upper"),
    [
        ("friendly", "ws2016", True),
        ("friendly", "ws2025", True),
        ("release", "ws1803", False),
        ("release", "ws2019", True),
        ("release", "ws2004", True),
        ("release", "ws2022", False),
    ],
)
def test_ids_have_the_case_of_the_release_or_one_case(
    case: str, release: str, *, is_upper: bool
) -> None:
    created = endpoint_v1(
        ENDPOINT, RELEASES[release], "release" if case == "release" else "friendly"
    )
    spell = str.upper if is_upper else str.lower
    assert created["ID"] == spell(_ID)
    assert created["VirtualNetwork"] == spell(_NETWORK)


def test_one_address_of_each_family_is_shown() -> None:
    both = (
        IpConfiguration("fd00::5", 64),
        IpConfiguration("10.0.0.5", 24),
        IpConfiguration("10.0.0.6", 24),
    )
    routes = (
        Route("fd00::1", "::/0"),
        Route("10.0.0.1", "0.0.0.0/0"),
        Route("10.0.0.9", "10.9.0.0/16"),
    )
    created = shown("ws2022", replace(ENDPOINT, ip_configurations=both, routes=routes))
    assert (created["IPAddress"], created["PrefixLength"]) == ("10.0.0.5", 24)
    assert (created["IPv6Address"], created["IPv6PrefixLength"]) == ("fd00::5", 64)
    assert (created["GatewayAddress"], created["GatewayAddressV6"]) == ("10.0.0.1", "fd00::1")


@pytest.mark.parametrize(
    ("policy", "member", "value"),
    [
        (Policy("PortName", '{"Name":"p1"}'), "PortFriendlyName", "p1"),
        (Policy("InterfaceParameters", '{"Mtu":1400}'), "Mtu", 1400),
        (
            Policy("InterfaceConstraint", '{"InterfaceAlias":"e"}'),
            "InterfaceConstraint",
            {"InterfaceAlias": "e"},
        ),
    ],
)
def test_some_policies_are_members(policy: Policy, member: str, value: object) -> None:
    created = shown("ws2022", replace(ENDPOINT, policies=(policy,)))
    assert created[member] == value
    assert "Policies" not in created


def test_a_policy_that_says_more_than_its_member_stays_in_the_list() -> None:
    more = Policy("InterfaceParameters", '{"Mtu":1400,"New":1}')
    created = shown("ws2022", replace(ENDPOINT, policies=(more,)))
    assert created["Policies"] == [{"Mtu": 1400, "New": 1, "Type": "InterfaceParameters"}]


@pytest.mark.parametrize(
    ("release", "expected"), [("ws2019", True), ("ws2019-rtm", None), ("ws2022", None)]
)
def test_internal_dns_lowers_the_metric_of_2019(release: str, *, expected: bool | None) -> None:
    resolved = replace(ENDPOINT, flags=16)
    assert shown(release, resolved).get("EnableLowInterfaceMetric") is expected


def test_attached_endpoints_tell_since_when_and_to_what(database: Database) -> None:
    lab = Lab(database, "ws2022")
    created = lab.endpoint(VirtualNetworkName="nat")
    assert not created.keys() & {"StartTime", "VirtualMachine"}
    attached = lab.attach(created, SystemType.VIRTUAL_MACHINE, "vm--nic")
    assert attached["VirtualMachine"] == "vm--nic"
    assert attached["StartTime"] > 1 << 56
    assert attached["State"] == 2


def test_counters_are_spelled_like_the_endpoint() -> None:
    stats = EndpointStats(_ID, _NETWORK, Traffic(bytes_sent=5))
    assert stats_v1(stats, RELEASES["ws2022"], "release")["EndpointId"] == _ID
    friendly = stats_v1(stats, RELEASES["ws2022"], "friendly")
    assert friendly["EndpointId"] == _ID.upper()
    assert friendly["InstanceId"] == _NETWORK.upper()
    assert friendly["BytesSent"] == 5
    assert list(friendly) == sorted(friendly)


@pytest.mark.parametrize(
    ("release", "length", "shown_length"),
    [("ws1803", 32, None), ("ws1803", 12, 12), ("ws2019", 32, 32)],
)
def test_remote_endpoints_outside_their_subnets_have_no_length_before_1809(
    release: str, length: int, shown_length: int | None
) -> None:
    configurations = (IpConfiguration("10.240.0.12", length),)
    remote = replace(ENDPOINT, flags=1, namespace_id="", ip_configurations=configurations)
    assert shown(release, remote).get("PrefixLength") == shown_length
