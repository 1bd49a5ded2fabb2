"""Policies of endpoints: what is accepted, what a request does to the list, what gets published."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.facts import Policy
from app.domain.network_types import Mode, network_type
from app.domain.policies.acl import Tuple5, check_tuple, uses_vxlan_protocol
from app.domain.policies.portmapping import IPV6, PortMapping, check_port_mapping
from app.domain.releases import Release, require
from app.errors import HnsError, Hr
from app.schema.base import Document
from app.schema.enums import ActionType, EndpointPolicyType, ModifyRequestType
from app.schema.v2.policies import ENDPOINT_POLICY_SETTINGS, typed
from app.schema.v2.policies.acl import AclPolicySetting, FiveTuple, TierAclPolicySetting
from app.schema.v2.policies.encryption import EncryptionPolicySetting
from app.schema.v2.policies.interface import QosPolicySetting
from app.schema.v2.policies.nat import PortMappingPolicySetting
from app.schema.v2.policies.wire import EndpointPolicy

# The feature that brought a policy type. Source: hns-behaviour.md section 5 [D].
_FEATURES = {"L4Proxy": "L4Proxy", "L4WFPPROXY": "L4WfpProxy", "TierAcl": "TierAcl"}

_PROXIES = {"L4Proxy", "L4WFPPROXY"}


@dataclass(frozen=True, slots=True)
class Setting:
    """Where policies are to be carried.

    set_ids: the IP sets of the network, which ACLs may name.
    """

    mode: Mode
    release: Release
    set_ids: Callable[[], Collection[str]]


def accepted(asked: Sequence[EndpointPolicy], setting: Setting) -> tuple[Policy, ...]:
    """Return the policies an endpoint carries; empty ones are dropped.

    Raises: HCN_E_INVALID_POLICY, HCN_E_INVALID_POLICY_TYPE, HCN_E_REQUEST_UNSUPPORTED and what
            the checks of each type raise.
    """
    kept = tuple(_checked(each, setting) for each in asked if each.type is not None)
    if sum(each.type == "InterfaceParameters" for each in kept) > 1:
        raise HnsError(
            Hr.HCN_INTERFACEPARAMETERS_ALREADY_APPLIED, "send one InterfaceParameters policy"
        )
    return kept


def modified(
    request: ModifyRequestType,
    asked: Sequence[EndpointPolicy],
    have: tuple[Policy, ...],
    setting: Setting,
) -> tuple[Policy, ...]:
    """Return the policies after a Policy request.

    Add appends, Remove takes away the first equal one, Update puts the policies of a type in the
    place of all of that type and an empty policy clears the proxies, Reset leaves nothing, Refresh
    plumbs anew and changes nothing.
    Raises: HCN_E_POLICY_NOT_FOUND to remove what is not there; what `accepted` raises.
    Source: hns-behaviour.md section 3.5 [C], [O]; clients.md section 23.5 [I].
    """
    if request is ModifyRequestType.Reset:
        return ()
    if request is ModifyRequestType.Refresh:
        return have
    if request is ModifyRequestType.Remove:
        return _without(have, asked)
    wanted = accepted(asked, setting)
    if request is ModifyRequestType.Add:
        return have + wanted
    replaced = {each.type for each in wanted}
    if any(each.type is None for each in asked):
        replaced |= _PROXIES
    return (*(each for each in have if each.type not in replaced), *wanted)


def port_mapping(policy: Policy) -> PortMapping:
    """Return what a PortMapping policy publishes."""
    settings = typed(ENDPOINT_POLICY_SETTINGS, policy.type, policy.settings)
    assert isinstance(settings, PortMappingPolicySetting)  # noqa: S101 (the table says so)
    return PortMapping(
        protocol=settings.protocol or 0,
        internal_port=settings.internal_port or 0,
        external_port=settings.external_port or 0,
        vip=settings.vip or "",
        ipv6=bool((settings.flags or 0) & IPV6),
    )


def with_external_port(policy: Policy, port: int) -> Policy:
    """Return the PortMapping policy with the external port that HNS chose."""
    members = json.loads(policy.settings)
    members["ExternalPort"] = port
    return Policy(policy.type, json.dumps(members, separators=(",", ":")))


def named_sets(acls: Sequence[str], tiers: Sequence[str] = ()) -> frozenset[str]:
    """Return every address or set id that the ACLs and TierAcls of these settings name."""
    rules: list[FiveTuple] = []
    for settings in acls:
        acl = typed(ENDPOINT_POLICY_SETTINGS, "ACL", settings)
        assert isinstance(acl, AclPolicySetting)  # noqa: S101 (the table says so)
        rules.append(acl)
    for settings in tiers:
        tier = typed(ENDPOINT_POLICY_SETTINGS, "TierAcl", settings)
        assert isinstance(tier, TierAclPolicySetting)  # noqa: S101 (the table says so)
        rules.extend(tier.tier_acl_rules or ())
    return frozenset(address for rule in rules for address in _tuple5(rule).addresses)


def _checked(asked: EndpointPolicy, setting: Setting) -> Policy:
    policy = Policy(str(asked.type), str(asked.settings or "{}"))
    feature = _FEATURES.get(policy.type)
    if feature is not None:
        require(setting.release, feature, Hr.HCN_E_INVALID_POLICY_TYPE, f"a {policy.type} policy")
    settings = typed(ENDPOINT_POLICY_SETTINGS, policy.type, policy.settings)
    check = _CHECKS.get(type(settings))
    if check is not None:
        check(settings, policy, setting)
    return policy


def _check_mapping(_settings: PortMappingPolicySetting, policy: Policy, setting: Setting) -> None:
    mapping = port_mapping(policy)
    engine = network_type(setting.mode).port_mappings
    check_port_mapping(mapping, engine, setting.mode)
    if mapping.ipv6:
        require(setting.release, "IPv6DualStack", Hr.HCN_E_INVALID_POLICY, "NatFlags IPv6")


def _check_acl(settings: AclPolicySetting, _policy: Policy, setting: Setting) -> None:
    if settings.action is ActionType.Pass:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY, "ACL: Action Pass belongs to tiers; use Allow or Block"
        )
    _check_rule(_tuple5(settings), setting, f"ACL {settings.id or ''}".rstrip())


def _check_tier(settings: TierAclPolicySetting, _policy: Policy, setting: Setting) -> None:
    for rule in settings.tier_acl_rules or ():
        _check_rule(_tuple5(rule), setting, f"TierAcl rule {rule.id or ''}".rstrip())


def _check_rule(rule: Tuple5, setting: Setting, what: str) -> None:
    check_tuple(rule, setting.set_ids(), what)
    if uses_vxlan_protocol(rule):
        require(
            setting.release, "AclSupportForProtocol252", Hr.HCN_E_INVALID_POLICY, "protocol 252"
        )


def _refuse_encryption(
    _settings: EncryptionPolicySetting, _policy: Policy, _setting: Setting
) -> None:
    raise HnsError(
        Hr.HCN_E_REQUEST_UNSUPPORTED, "Encryption: IPsec between containers is not supported"
    )


def _check_qos(settings: QosPolicySetting, _policy: Policy, _setting: Setting) -> None:
    if settings.maximum_outgoing_bandwidth_in_bytes is None:
        raise HnsError(Hr.HCN_E_INVALID_POLICY, "QOS: MaximumOutgoingBandwidthInBytes is missing")


_CHECKS: Mapping[type[Document], Callable[[Any, Policy, Setting], None]] = {
    PortMappingPolicySetting: _check_mapping,
    AclPolicySetting: _check_acl,
    TierAclPolicySetting: _check_tier,
    EncryptionPolicySetting: _refuse_encryption,
    QosPolicySetting: _check_qos,
}


def _without(have: tuple[Policy, ...], asked: Sequence[EndpointPolicy]) -> tuple[Policy, ...]:
    left = list(have)
    for each in asked:
        if each.type is None:
            continue
        gone = next((policy for policy in left if _equals(policy, each)), None)
        if gone is None:
            raise HnsError(
                Hr.HCN_E_POLICY_NOT_FOUND, f"the endpoint has no such {each.type} policy to remove"
            )
        left.remove(gone)
    return tuple(left)


def _equals(policy: Policy, asked: EndpointPolicy) -> bool:
    """Compare by value: clients parse and print settings anew before they remove them."""
    wanted: EndpointPolicyType | None = asked.type
    return policy.type == wanted and json.loads(policy.settings) == json.loads(
        asked.settings or "{}"
    )


def _tuple5(rule: FiveTuple) -> Tuple5:
    return Tuple5(
        protocols=rule.protocols or "",
        local_addresses=rule.local_addresses or "",
        remote_addresses=rule.remote_addresses or "",
        local_ports=rule.local_ports or "",
        remote_ports=rule.remote_ports or "",
    )
