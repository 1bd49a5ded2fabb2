"""What makes a policy of an endpoint valid: its type on this release, its settings, its network."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hnsemu.domain.facts import Policy
from hnsemu.domain.network_types import Mode, network_type
from hnsemu.domain.policies.acl import Tuple5, check_tuple, uses_vxlan_protocol
from hnsemu.domain.policies.portmapping import check_port_mapping
from hnsemu.domain.releases import Release, require
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.endpoint_facts import port_mapping, tuple5
from hnsemu.schema.base import Document
from hnsemu.schema.enums import ActionType
from hnsemu.schema.v2.policies import ENDPOINT_POLICY_SETTINGS, typed
from hnsemu.schema.v2.policies.acl import AclPolicySetting, TierAclPolicySetting
from hnsemu.schema.v2.policies.encryption import EncryptionPolicySetting
from hnsemu.schema.v2.policies.interface import QosPolicySetting
from hnsemu.schema.v2.policies.isolation import VlanPolicySetting
from hnsemu.schema.v2.policies.nat import PortMappingPolicySetting
from hnsemu.schema.v2.policies.wire import EndpointPolicy

# The feature that brought a policy type. Source: hns-behaviour.md section 5 [D].
_FEATURES = {"L4Proxy": "L4Proxy", "L4WFPPROXY": "L4WfpProxy", "TierAcl": "TierAcl"}

# The schema version that brought a policy type that is no feature. Source: the published schema
# [D]; the last two are newer than it [I].
_SINCE = {
    "Encryption": (2, 1),
    "VLAN": (2, 4),
    "InterfaceParameters": (2, 4),
    "Iov": (2, 9),
    "Firewall": (2, 14),
    "VmNic": (2, 14),
}

_LARGEST_VLAN = 4094


@dataclass(frozen=True, slots=True)
class PolicyContext:
    """Where the policies of an endpoint are to stand.

    remote:  whether the endpoint has no port on this host.
    set_ids: the IP sets of the network, which ACLs may name; asked for when one may do so.
    """

    mode: Mode
    release: Release
    remote: bool
    set_ids: Callable[[], Collection[str]]


def accepted(asked: Sequence[EndpointPolicy], context: PolicyContext) -> tuple[Policy, ...]:
    """Return the policies an endpoint carries; empty ones are dropped.

    Raises: HCN_E_INVALID_POLICY, HCN_E_INVALID_POLICY_TYPE, HCN_E_REQUEST_UNSUPPORTED and what
            the checks of each type raise.
    """
    kept = tuple(_checked(each, context) for each in asked if each.type is not None)
    check_parameters_once(kept)
    return kept


def check_parameters_once(carried: Sequence[Policy]) -> None:
    """Refuse two sets of interface parameters.

    Raises: HCN_INTERFACEPARAMETERS_ALREADY_APPLIED.
    """
    if sum(each.type == "InterfaceParameters" for each in carried) > 1:
        raise HnsError(
            Hr.HCN_INTERFACEPARAMETERS_ALREADY_APPLIED, "send one InterfaceParameters policy"
        )


def _checked(asked: EndpointPolicy, context: PolicyContext) -> Policy:
    policy = Policy(str(asked.type), str(asked.settings or "{}"))
    feature = _FEATURES.get(policy.type)
    if feature is not None:
        require(context.release, feature, Hr.HCN_E_INVALID_POLICY_TYPE, f"a {policy.type} policy")
    since = _SINCE.get(policy.type)
    if since is not None and context.release.schema < since:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY_TYPE,
            f"a {policy.type} policy needs schema {since[0]}.{since[1]}, which "
            f"{context.release.title} does not have; leave it out or use a newer release",
        )
    settings = typed(ENDPOINT_POLICY_SETTINGS, policy.type, policy.settings)
    check = _CHECKS.get(type(settings))
    if check is not None:
        check(settings, policy, context)
    return policy


def _check_mapping(
    _settings: PortMappingPolicySetting, policy: Policy, context: PolicyContext
) -> None:
    if context.remote:
        raise HnsError(
            Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION,
            "PortMapping: a remote endpoint publishes its ports on its own host",
        )
    mapping = port_mapping(policy)
    engine = network_type(context.mode).port_mappings
    check_port_mapping(mapping, engine, context.mode)
    if mapping.ipv6:
        require(context.release, "IPv6DualStack", Hr.HCN_E_INVALID_POLICY, "NatFlags IPv6")


def _check_acl(settings: AclPolicySetting, _policy: Policy, context: PolicyContext) -> None:
    if settings.action is ActionType.Pass:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY, "ACL: Action Pass belongs to tiers; use Allow or Block"
        )
    _check_rule(tuple5(settings), context, f"ACL {settings.id or ''}".rstrip())


def _check_tier(settings: TierAclPolicySetting, _policy: Policy, context: PolicyContext) -> None:
    for rule in settings.tier_acl_rules or ():
        _check_rule(tuple5(rule), context, f"TierAcl rule {rule.id or ''}".rstrip())


def _check_rule(rule: Tuple5, context: PolicyContext, what: str) -> None:
    check_tuple(rule, context.set_ids, what)
    if uses_vxlan_protocol(rule):
        require(
            context.release, "AclSupportForProtocol252", Hr.HCN_E_INVALID_POLICY, "protocol 252"
        )


def _refuse_encryption(
    _settings: EncryptionPolicySetting, _policy: Policy, _context: PolicyContext
) -> None:
    raise HnsError(
        Hr.HCN_E_REQUEST_UNSUPPORTED, "Encryption: IPsec between containers is not supported"
    )


def _check_qos(settings: QosPolicySetting, _policy: Policy, _context: PolicyContext) -> None:
    if settings.maximum_outgoing_bandwidth_in_bytes is None:
        raise HnsError(Hr.HCN_E_INVALID_POLICY, "QOS: MaximumOutgoingBandwidthInBytes is missing")


def _check_vlan(settings: VlanPolicySetting, _policy: Policy, _context: PolicyContext) -> None:
    if settings.isolation_id is None or settings.isolation_id > _LARGEST_VLAN:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY,
            f"VLAN: IsolationId {settings.isolation_id} is not between 0 and {_LARGEST_VLAN}",
        )


_CHECKS: Mapping[type[Document], Callable[[Any, Policy, PolicyContext], None]] = {
    PortMappingPolicySetting: _check_mapping,
    AclPolicySetting: _check_acl,
    TierAclPolicySetting: _check_tier,
    EncryptionPolicySetting: _refuse_encryption,
    QosPolicySetting: _check_qos,
    VlanPolicySetting: _check_vlan,
}
