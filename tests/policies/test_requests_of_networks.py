"""What requests do to the policies of networks and endpoints, and which are accepted there."""

import json
from collections.abc import Iterable

import pytest

from hnsemu.domain.facts import Policy
from hnsemu.domain.network_types import Mode
from hnsemu.domain.policies.sets import IpSet
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.model import PolicyContext
from hnsemu.policies.requests import accepted_on_network, modified_on_network
from hnsemu.schema.base import RawJson, parse
from hnsemu.schema.enums import ModifyRequestType
from hnsemu.schema.v2.policies.wire import NetworkPolicy
from tests.work import reads

Add, Remove, Update = ModifyRequestType.Add, ModifyRequestType.Remove, ModifyRequestType.Update
Refresh = ModifyRequestType.Refresh

ROUTE = {
    "DestinationPrefix": "10.244.3.0/24",
    "IsolationId": 4096,
    "ProviderAddress": "10.127.130.36",
    "DistributedRouterMacAddress": "00:15:5d:aa:bb:03",
}
OTHER_ROUTE = {**ROUTE, "DestinationPrefix": "10.244.4.0/24"}
PROXY = {"IP": "10.0.0.9", "Port": "15001"}


def sent(kind: str, settings: object) -> NetworkPolicy:
    text = settings if isinstance(settings, str) else json.dumps(settings)
    return parse(NetworkPolicy, {"Type": kind, "Settings": RawJson(text)})


def route(settings: object = ROUTE) -> NetworkPolicy:
    return sent("RemoteSubnetRoute", settings)


def plain(set_id: str, values: str = "10.0.0.1") -> NetworkPolicy:
    return sent("SetPolicy", {"Id": set_id, "PolicyType": "IPSET", "Values": values})


def nested(set_id: str, *members: str) -> NetworkPolicy:
    settings = {"Id": set_id, "PolicyType": "NESTEDIPSET", "Values": ",".join(members)}
    return sent("SetPolicy", settings)


def after(
    request: ModifyRequestType,
    *requested: NetworkPolicy,
    have: tuple[Policy, ...] = (),
    in_acls: Iterable[str] = (),
) -> tuple[Policy, ...]:
    context = PolicyContext(Mode.OVERLAY, RELEASES["ws2025"])
    return modified_on_network(request, requested, have, context, lambda: frozenset(in_acls))


def carried(*requested: NetworkPolicy, mode: Mode = Mode.OVERLAY) -> tuple[Policy, ...]:
    return accepted_on_network(requested, PolicyContext(mode, RELEASES["ws2025"]))


def kinds(policies: Iterable[Policy]) -> list[str]:
    return [policy.type for policy in policies]


def test_settings_are_kept_to_the_letter() -> None:
    text = '{ "DestinationPrefix":"10.244.3.0/24","IsolationId":4096 ,"ProviderAddress":"10.0.0.5",'
    text += '"DistributedRouterMacAddress":"00-15-5d-aa-bb-03"}'
    assert carried(route(text)) == (Policy("RemoteSubnetRoute", text),)


def test_added_policies_come_last() -> None:
    have = carried(sent("HostRoute", {}))
    assert kinds(after(Add, route(), have=have)) == ["HostRoute", "RemoteSubnetRoute"]


def test_adding_an_equal_policy_again_changes_nothing() -> None:
    have = carried(sent("HostRoute", {}), route())
    spaced = json.dumps(dict(reversed(ROUTE.items())), indent=4)
    assert after(Add, route(spaced), sent("HostRoute", "{ }"), have=have) == have


def test_removal_compares_values_not_bytes() -> None:
    have = carried(route(), route(OTHER_ROUTE))
    spaced = json.dumps(dict(reversed(ROUTE.items())), indent=4)
    assert after(Remove, route(spaced), have=have) == have[1:]


def test_removing_what_is_not_there_is_refused() -> None:
    with pytest.raises(HnsError) as refusal:
        after(Remove, route(OTHER_ROUTE), have=carried(route()))
    assert refusal.value.hr is Hr.HCN_E_POLICY_NOT_FOUND


def test_update_replaces_the_types_it_names_as_a_whole() -> None:
    have = carried(sent("HostRoute", {}), route(), plain("a"))
    updated = after(Update, route(OTHER_ROUTE), have=have)
    assert kinds(updated) == ["HostRoute", "SetPolicy", "RemoteSubnetRoute"]
    assert json.loads(updated[2].settings) == OTHER_ROUTE


def test_update_replaces_the_set_with_that_id_where_it_stands() -> None:
    have = carried(plain("a"), plain("b"), route())
    updated = after(Update, plain("a", "10.9.9.9"), have=have)
    assert updated[1:] == have[1:]
    assert json.loads(updated[0].settings)["Values"] == "10.9.9.9"


def test_a_set_may_become_empty() -> None:
    assert len(after(Update, plain("a", ""), have=carried(plain("a")))) == 1


def test_empty_policy_clears_the_proxies() -> None:
    have = carried(sent("L4Proxy", PROXY), route())
    assert kinds(after(Update, parse(NetworkPolicy, {}), have=have)) == ["RemoteSubnetRoute"]


def test_refresh_changes_nothing() -> None:
    have = carried(route())
    assert after(Refresh, route(OTHER_ROUTE), have=have) == have


def test_nested_set_may_follow_its_members_in_one_request() -> None:
    assert len(after(Add, plain("a"), plain("b"), nested("c", "a", "b"))) == 3


def test_sets_go_in_the_order_nested_then_plain() -> None:
    have = carried(plain("a"), nested("b", "a"))
    assert after(Remove, nested("b", "a"), plain("a"), have=have) == ()


def test_set_is_removed_by_its_id_alone() -> None:
    assert after(Remove, plain("a", ""), have=carried(plain("a"))) == ()


@pytest.mark.parametrize(
    ("request_type", "requested", "have", "in_acls", "hr"),
    [
        pytest.param(
            Add,
            [nested("b", "a"), plain("a")],
            [],
            [],
            Hr.HCN_E_POLICY_NOT_FOUND,
            id="nested before its member",
        ),
        pytest.param(
            Add,
            [nested("c", "b")],
            [plain("a"), nested("b", "a")],
            [],
            Hr.HCN_E_POLICY_NOT_FOUND,
            id="nested in nested",
        ),
        pytest.param(
            Add,
            [plain("a", "10.0.0.2")],
            [plain("a")],
            [],
            Hr.HCN_E_POLICY_ALREADY_EXISTS,
            id="added with other values",
        ),
        pytest.param(
            Update, [plain("b")], [plain("a")], [], Hr.HCN_E_POLICY_NOT_FOUND, id="never added"
        ),
        pytest.param(
            Remove, [plain("b")], [plain("a")], [], Hr.HCN_E_POLICY_NOT_FOUND, id="not there"
        ),
        pytest.param(
            Remove,
            [plain("a"), nested("b", "a")],
            [plain("a"), nested("b", "a")],
            [],
            Hr.HCN_E_ENTITY_HAS_REFERENCES,
            id="member removed before the nested one",
        ),
        pytest.param(
            Remove,
            [plain("a")],
            [plain("a")],
            ["a"],
            Hr.HCN_E_ENTITY_HAS_REFERENCES,
            id="named by an ACL",
        ),
        pytest.param(
            Add, [plain("", "10.0.0.1")], [], [], Hr.HCN_E_INVALID_POLICY, id="without Id"
        ),
        pytest.param(
            Add, [plain("a", "web")], [], [], Hr.HCN_E_INVALID_POLICY, id="value is no address"
        ),
    ],
)
def test_set_that_breaks_the_order_is_refused(
    request_type: ModifyRequestType,
    requested: list[NetworkPolicy],
    have: list[NetworkPolicy],
    in_acls: list[str],
    hr: Hr,
) -> None:
    with pytest.raises(HnsError) as refusal:
        after(request_type, *requested, have=carried(*have), in_acls=in_acls)
    assert refusal.value.hr is hr


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("NetAdapterName", {"NetworkAdapterName": "Ethernet"}),
        ("LayerConstraint", {"LayerId": "4f8d1c6e-77aa-4b0e-9d5f-2c3b1a0e9f88"}),
        ("ProviderAddress", {"ProviderAddress": "10.0.0.4"}),
        ("DrMacAddress", {"Address": "00-15-5D-01-02-03"}),
        ("SourceMacAddress", {"SourceMacAddress": "00-15-5D-01-02-03"}),
        ("VSwitchExtension", {"ExtensionID": "e7c3b2f0-f3c5-48df-af2b-10fed6d72e7a"}),
        ("InterfaceConstraint", {}),
    ],
)
def test_what_only_creation_decides_cannot_be_changed(kind: str, settings: object) -> None:
    with pytest.raises(HnsError) as refusal:
        after(Add, sent(kind, settings))
    assert refusal.value.hr is Hr.HCN_E_REQUEST_UNSUPPORTED


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("ProviderAddress", {"ProviderAddress": "10.127.130.35/24"}),
        ("ProviderAddress", {"ProviderAddress": ""}),
        ("SourceMacAddress", {"SourceMacAddress": "00:15:5d:01:02:03"}),
        ("NetworkACL", {"Action": "Block", "Direction": "In", "RemoteAddresses": "10.0.0.0/8"}),
        ("NeighborDiscovery", {"TargetIpPrefix": "10.0.0.0/24", "SenderIpAddress": "10.0.0.1"}),
        ("VxlanPort", {"Port": 8472}),
        ("HostRoute", "{}"),
        ("AutomaticDNS", {"Enable": True}),
        ("L4Proxy", PROXY),
    ],
)
def test_policy_that_windows_takes(kind: str, settings: object) -> None:
    assert kinds(carried(sent(kind, settings))) == [kind]


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("RemoteSubnetRoute", {**ROUTE, "DestinationPrefix": "peer"}),
        ("RemoteSubnetRoute", {**ROUTE, "ProviderAddress": "10.0.0.0/24"}),
        ("RemoteSubnetRoute", {**ROUTE, "ProviderAddress": None}),
        ("RemoteSubnetRoute", {**ROUTE, "DistributedRouterMacAddress": "00-15"}),
        ("RemoteSubnetRoute", {**ROUTE, "IsolationId": 4095}),
        ("RemoteSubnetRoute", {**ROUTE, "IsolationId": 1 << 24}),
        ("VxlanPort", {}),
        ("VxlanPort", {"Port": 70000}),
        ("LayerConstraint", {}),
        ("LayerConstraint", {"LayerId": "layer"}),
        ("DrMacAddress", {"Address": "router"}),
        ("SourceMacAddress", {"SourceMacAddress": "00"}),
        ("ProviderAddress", {"ProviderAddress": "host"}),
        ("NetworkACL", {"RemoteAddresses": "Any"}),
        ("NetworkACL", {"RemoteAddresses": "some-set"}),
        ("NeighborDiscovery", {"TargetIpPrefix": "x"}),
        ("NeighborDiscovery", {"SenderIpAddress": "x"}),
        ("NeighborDiscovery", {"SenderMacAddress": "x"}),
        ("L4Proxy", {"IP": "10.0.0.9"}),
        ("SetPolicy", "[1]"),
    ],
)
def test_malformed_policy_is_refused(kind: str, settings: object) -> None:
    with pytest.raises(HnsError) as refusal:
        carried(sent(kind, settings))
    assert refusal.value.hr in {Hr.HCN_E_INVALID_POLICY, Hr.HCN_E_GUID_CONVERSION_FAILURE}


def test_network_acl_may_name_a_set() -> None:
    acl = sent("NetworkACL", {"RemoteAddresses": "web,10.0.0.0/8"})
    assert len(carried(plain("web"), acl)) == 2


@pytest.mark.parametrize(
    ("kind", "settings", "mode"),
    [
        ("RemoteSubnetRoute", ROUTE, Mode.L2BRIDGE),
        ("VxlanPort", {"Port": 8472}, Mode.L2BRIDGE),
        ("L4Proxy", PROXY, Mode.NAT),
        ("NetworkACL", {}, Mode.TRANSPARENT),
    ],
)
def test_policy_of_another_type_of_network_is_refused(
    kind: str, settings: object, mode: Mode
) -> None:
    with pytest.raises(HnsError) as refusal:
        carried(sent(kind, settings), mode=mode)
    assert refusal.value.hr is Hr.HCN_E_INVALID_POLICY_TYPE


@pytest.mark.parametrize(
    ("release", "requested", "hr"),
    [
        ("ws2019-rtm", route(), Hr.HCN_E_INVALID_POLICY_TYPE),
        ("ws2019-rtm", sent("HostRoute", {}), Hr.HCN_E_INVALID_POLICY_TYPE),
        ("ws2019", sent("VxlanPort", {"Port": 8472}), Hr.HCN_E_INVALID_POLICY_TYPE),
        ("ws2004", plain("a"), Hr.HCN_E_INVALID_POLICY_TYPE),
        ("ws2022", nested("a"), Hr.HCN_E_INVALID_POLICY),
        ("ws2022", sent("NetworkACL", {}), Hr.HCN_E_INVALID_POLICY_TYPE),
        ("ws2004", sent("L4Proxy", PROXY), Hr.HCN_E_INVALID_POLICY_TYPE),
    ],
)
def test_policy_newer_than_the_release_is_refused_and_the_release_named(
    release: str, requested: NetworkPolicy, hr: Hr
) -> None:
    with pytest.raises(HnsError) as refusal:
        accepted_on_network([requested], PolicyContext(Mode.OVERLAY, RELEASES[release]))
    assert refusal.value.hr is hr
    assert RELEASES[release].title in refusal.value.detail


def test_each_set_is_looked_at_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    sets = [plain(f"s{number}") for number in range(200)]
    holders = [nested(f"n{number}", f"s{number}") for number in range(200)]
    seen = reads(monkeypatch, IpSet, "nested")
    have = after(Add, *sets, *holders)
    assert after(Remove, *reversed(sets + holders), have=have) == ()
    assert len(seen) < 10 * len(have)
