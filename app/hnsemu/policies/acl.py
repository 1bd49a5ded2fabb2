"""Access control lists: ACL and TierAcl of endpoints, NetworkACL of networks."""

from collections.abc import Iterable

from hnsemu.domain.dataplane import AclRule, Tier
from hnsemu.domain.facts import Policy, PolicyRef
from hnsemu.domain.policies.acl import Tuple5, check_tuple, uses_vxlan_protocol
from hnsemu.domain.releases import require
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.model import PolicyContext
from hnsemu.policies.settings import readable
from hnsemu.schema.enums import ActionType
from hnsemu.schema.v2.policies.acl import (
    AclPolicySetting,
    CommonAclPolicySetting,
    FiveTuple,
    NetworkAclPolicySetting,
    TierAclPolicySetting,
)

NAMING_SETS = ("ACL", "TierAcl")
"""The types whose rules may name IP sets."""


def check_acl(settings: AclPolicySetting, context: PolicyContext) -> None:
    """Refuse an ACL that passes on, or whose rule is malformed.

    Raises: HCN_E_INVALID_POLICY.
    """
    if settings.action is ActionType.Pass:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY, "ACL: Action Pass belongs to tiers; use Allow or Block"
        )
    _check_rule(settings.tuple5, context, f"ACL {settings.id or ''}".rstrip())


def check_tier(settings: TierAclPolicySetting, context: PolicyContext) -> None:
    """Refuse a tier with a malformed rule.

    Raises: HCN_E_INVALID_POLICY.
    """
    for rule in settings.tier_acl_rules or ():
        _check_rule(rule.tuple5, context, f"TierAcl rule {rule.id or ''}".rstrip())


def check_network_acl(settings: NetworkAclPolicySetting, context: PolicyContext) -> None:
    """Refuse a malformed rule.

    Raises: HCN_E_INVALID_POLICY.
    """
    check_tuple(settings.tuple5, context.set_ids, f"NetworkACL {settings.id or ''}")


def acl_rule(settings: CommonAclPolicySetting, ref: PolicyRef) -> AclRule:
    """Return the rule of an ACL, of an endpoint or a network."""
    return AclRule(
        action=str(settings.action or "Allow"),
        direction=str(settings.direction or "In"),
        is_host=settings.rule_type == "Host",
        priority=settings.priority or 0,
        match=settings.tuple5,
        policy=ref,
    )


def tier(settings: TierAclPolicySetting, ref: PolicyRef) -> Tier:
    """Return the rules of a tier; each refers to itself by its id."""
    direction = str(settings.direction or "In")
    return Tier(
        direction=direction,
        order=settings.order or 0,
        rules=tuple(
            AclRule(
                action=str(rule.tier_acl_rule_action or "Allow"),
                direction=direction,
                is_host=False,
                priority=rule.priority or 0,
                match=rule.tuple5,
                policy=PolicyRef(ref.owner, ref.owner_id, ref.type, rule.id or "", ref.position),
            )
            for rule in settings.tier_acl_rules or ()
        ),
    )


def named_sets(policies: Iterable[Policy]) -> frozenset[str]:
    """Return every address or set id that the ACLs and TierAcls among these policies name."""
    rules: list[FiveTuple] = []
    for policy in policies:
        if policy.type == "ACL":
            rule = readable(AclPolicySetting, policy)
            rules.extend([rule] if rule else [])
        elif policy.type == "TierAcl":
            settings = readable(TierAclPolicySetting, policy)
            rules.extend((settings.tier_acl_rules or ()) if settings else ())
    return frozenset(address for rule in rules for address in rule.tuple5.addresses)


def _check_rule(rule: Tuple5, context: PolicyContext, what: str) -> None:
    check_tuple(rule, context.set_ids, what)
    if uses_vxlan_protocol(rule):
        require(
            context.release, "AclSupportForProtocol252", Hr.HCN_E_INVALID_POLICY, "protocol 252"
        )
