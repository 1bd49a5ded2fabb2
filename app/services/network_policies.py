"""Policies of networks: what is accepted on which network, and what a request does to the list."""

import json
from collections.abc import Sequence

from app.domain.facts import Policy
from app.domain.mac import parse_mac
from app.domain.network_types import Mode
from app.domain.policies.sets import IpSet, check_set, check_unused
from app.domain.releases import Release, require
from app.domain.subnets import parse_prefix
from app.errors import HnsError, Hr
from app.schema.enums import ModifyRequestType, SetPolicyTypes
from app.schema.v2.policies import NETWORK_POLICY_SETTINGS, typed
from app.schema.v2.policies.isolation import VxlanPortPolicySetting
from app.schema.v2.policies.route import RemoteSubnetRoutePolicySetting
from app.schema.v2.policies.sets import SetPolicySetting
from app.schema.v2.policies.wire import NetworkPolicy

# The feature that brought a policy type. Source: hns-behaviour.md section 5 [D].
_FEATURES = {
    "RemoteSubnetRoute": "RemoteSubnet",
    "HostRoute": "HostRoute",
    "VxlanPort": "VxlanPort",
    "SetPolicy": "SetPolicy",
    "L4Proxy": "L4Proxy",
    "NetworkACL": "NetworkACL",
}
_OVERLAY_ONLY = {"RemoteSubnetRoute", "VxlanPort"}

# They choose and bind the switch, so they come with the network or not at all.
_AT_CREATION = {"NetAdapterName", "LayerConstraint", "InterfaceConstraint", "SourceMacAddress"}
# Shown by HNS, kept by HNS.
_SERVER_MADE = {"ProviderAddress", "DrMacAddress"}


def accepted(asked: Sequence[NetworkPolicy], mode: Mode, release: Release) -> tuple[Policy, ...]:
    """Return the policies a new network carries; empty ones are dropped.

    Raises: HCN_E_INVALID_POLICY, HCN_E_INVALID_POLICY_TYPE.
    """
    kept: tuple[Policy, ...] = ()
    for policy in asked:
        if policy.type is not None:
            kept = _with(kept, _checked(policy, mode, release, kept))
    return kept


def modified(
    request: ModifyRequestType,
    asked: Sequence[NetworkPolicy],
    have: tuple[Policy, ...],
    mode: Mode,
    release: Release,
    named_by_acls: frozenset[str],
) -> tuple[Policy, ...]:
    """Return the policies after a Policy request.

    Add keeps one of equal ones, Remove compares values, Update replaces sets by Id and every other
    type as a whole, Refresh and Reset plumb anew and change nothing.
    Raises: HCN_E_POLICY_NOT_FOUND to remove or update what is not there,
            HCN_E_POLICY_ALREADY_EXISTS for a set that is there, HCN_E_REQUEST_UNSUPPORTED for
            policies that only creation takes, and what `accepted` raises.
    Source: hns-behaviour.md section 3.5 [O]; clients.md section 23.5 [I].
    """
    fixed = next((each.type for each in asked if each.type in _AT_CREATION | _SERVER_MADE), None)
    if fixed is not None:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            f"a {fixed} policy cannot be changed on an existing network; create it anew",
        )
    wanted = [each for each in asked if each.type is not None]
    if request is ModifyRequestType.Add:
        for policy in wanted:
            _refuse_known_set(policy, have)
            have = _with(have, _checked(policy, mode, release, have))
        return have
    if request is ModifyRequestType.Remove:
        for policy in wanted:
            have = _without(have, policy, named_by_acls)
        return have
    if request is ModifyRequestType.Update:
        return _updated(wanted, have, mode, release)
    return have


def ip_sets(policies: Sequence[Policy]) -> tuple[IpSet, ...]:
    """Return the sets among the policies."""
    return tuple(_set(policy) for policy in policies if policy.type == "SetPolicy")


def _checked(
    asked: NetworkPolicy, mode: Mode, release: Release, have: tuple[Policy, ...]
) -> Policy:
    policy = Policy(str(asked.type), asked.settings or "{}")
    feature = _FEATURES.get(policy.type)
    if feature is not None:
        require(release, feature, Hr.HCN_E_INVALID_POLICY_TYPE, f"a {policy.type} policy")
    if policy.type in _OVERLAY_ONLY and mode is not Mode.OVERLAY:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY_TYPE, f"a {policy.type} policy needs an Overlay network"
        )
    settings = typed(NETWORK_POLICY_SETTINGS, policy.type, policy.settings)
    if isinstance(settings, SetPolicySetting):
        wanted = _set(policy)
        if wanted.nested:
            require(release, "NestedIpSet", Hr.HCN_E_INVALID_POLICY, "a nested IP set")
        check_set(wanted, ip_sets(have))
    elif isinstance(settings, RemoteSubnetRoutePolicySetting):
        _check_remote_subnet(settings)
    elif isinstance(settings, VxlanPortPolicySetting) and not settings.port:
        raise HnsError(Hr.HCN_E_INVALID_POLICY, "VxlanPort: Port is missing; write 1 to 65535")
    return policy


def _check_remote_subnet(settings: RemoteSubnetRoutePolicySetting) -> None:
    parse_prefix(settings.destination_prefix or "", Hr.HCN_E_INVALID_POLICY)
    if "/" in (settings.provider_address or "/"):
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY,
            "RemoteSubnetRoute: ProviderAddress must be the address of the peer host",
        )
    parse_prefix(settings.provider_address or "", Hr.HCN_E_INVALID_POLICY)
    parse_mac(settings.distributed_router_mac_address or "", Hr.HCN_E_INVALID_POLICY)


def _with(have: tuple[Policy, ...], policy: Policy) -> tuple[Policy, ...]:
    return have if any(_equal(policy, each) for each in have) else (*have, policy)


def _refuse_known_set(asked: NetworkPolicy, have: tuple[Policy, ...]) -> None:
    if asked.type != "SetPolicy":
        return
    policy = Policy("SetPolicy", asked.settings or "{}")
    if any(each.id == _set(policy).id for each in ip_sets(have)) and policy not in have:
        raise HnsError(
            Hr.HCN_E_POLICY_ALREADY_EXISTS,
            f"set {_set(policy).id} is there already; change it with an Update request",
        )


def _without(
    have: tuple[Policy, ...], asked: NetworkPolicy, named_by_acls: frozenset[str]
) -> tuple[Policy, ...]:
    policy = Policy(str(asked.type), asked.settings or "{}")
    if policy.type == "SetPolicy":
        gone = [each for each in have if _is_set(each, _set(policy).id)]
        check_unused(_set(policy).id, ip_sets(have), named_by_acls)
    else:
        gone = [each for each in have if _equal(policy, each)]
    if not gone:
        raise HnsError(
            Hr.HCN_E_POLICY_NOT_FOUND, f"the network has no such {policy.type} policy to remove"
        )
    return tuple(each for each in have if each not in gone)


def _updated(
    wanted: Sequence[NetworkPolicy], have: tuple[Policy, ...], mode: Mode, release: Release
) -> tuple[Policy, ...]:
    replaced = {str(each.type) for each in wanted} - {"SetPolicy"}
    have = tuple(each for each in have if each.type not in replaced)
    for asked in wanted:
        policy = Policy(str(asked.type), asked.settings or "{}")
        if policy.type != "SetPolicy":
            have = _with(have, _checked(asked, mode, release, have))
            continue
        place = next((n for n, each in enumerate(have) if _is_set(each, _set(policy).id)), None)
        if place is None:
            raise HnsError(
                Hr.HCN_E_POLICY_NOT_FOUND,
                f"there is no set {_set(policy).id} to update; add it first",
            )
        others = have[:place] + have[place + 1 :]
        have = (*have[:place], _checked(asked, mode, release, others), *have[place + 1 :])
    return have


def _is_set(policy: Policy, set_id: str) -> bool:
    return policy.type == "SetPolicy" and _set(policy).id == set_id


def _set(policy: Policy) -> IpSet:
    settings = typed(NETWORK_POLICY_SETTINGS, policy.type, policy.settings)
    assert isinstance(settings, SetPolicySetting)  # noqa: S101 (the table says so)
    values = (each.strip() for each in (settings.values or "").split(","))
    return IpSet(
        id=settings.id or "",
        nested=settings.policy_type is SetPolicyTypes.NESTEDIPSET,
        values=tuple(each for each in values if each),
    )


def _equal(one: Policy, other: Policy) -> bool:
    """Compare by value: clients parse and print settings anew before they remove them."""
    return one.type == other.type and json.loads(one.settings) == json.loads(other.settings)
