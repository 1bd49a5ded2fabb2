"""ACLs, tiers and network ACLs: the layer ACL_ENDPOINT_LAYER of a container port.

Source: dataplane.md sections 5.1, 6 and 11.4; what holds where those leave a choice is in
docs/dataplane.md.
"""

import uuid
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial

from hnsemu.domain.dataplane import AclRule, Tier
from hnsemu.domain.matching import conditions
from hnsemu.domain.packet import Direction, Packet
from hnsemu.domain.vfp.model import (
    ACL_RULE,
    FLOW_TTL,
    STATEFUL,
    TERMINATING,
    Group,
    Layer,
    Rule,
    RuleType,
)

ACL_LAYER = "ACL_ENDPOINT_LAYER"
LAYER_PRIORITY = 15
DEFAULT_PRIORITY = 65500
_FLAGS = ACL_RULE | STATEFUL | TERMINATING
_VERSIONS = (4, 6)


def acl_layer(
    port_id: str, acls: Sequence[AclRule], tiers: Sequence[Tier], of_network: Sequence[AclRule]
) -> Layer:
    """Return the layer for the Switch ACLs and tiers of an endpoint and the ACLs of its network.

    port_id: GUID that the ids of rules follow from; HNS draws fresh ones [M].
    """
    groups: list[Group] = []
    is_open = not (acls or tiers or of_network)
    for direction in Direction:
        own_tiers = [tier for tier in tiers if tier.direction.upper() == direction]
        ranked = sorted(own_tiers, key=lambda tier: tier.order)  # stable: the older one first
        for place, tier in enumerate(ranked, 1):
            rules = cache(partial(_rules, port_id, tier.rules, ()))
            groups += _groups(f"ACL_ENDPOINT_TIER_{tier.order}", direction, place, rules)
        own = cache(
            partial(_default, port_id, direction)
            if is_open
            else partial(_rules, port_id, acls, of_network, direction)
        )
        groups += _groups("ACL_ENDPOINT_GROUP", direction, len(ranked) + 1, own)
    return Layer(ACL_LAYER, LAYER_PRIORITY, 0, tuple(groups), stateful=True, evidence="O")


def rule_id(port_id: str, rule: AclRule, place: int) -> str:
    """Return the upper-case GUID of a compiled ACL: the same as long as the policy is the same."""
    return _guid(port_id, f"{rule.policy.type} {rule.policy.position} {place} {rule.policy.id}")


@lru_cache(maxsize=1 << 17)
def _guid(port_id: str, name: str) -> str:
    return str(uuid.uuid5(uuid.UUID(port_id), name)).upper()


def acl_order(
    acls: Sequence[AclRule],
    tiers: Sequence[Tier],
    of_network: Sequence[AclRule],
    direction: Direction,
) -> list[list[tuple[int, AclRule]]]:
    """Return what `acl_layer` compiles for a direction, group by group, without compiling it.

    The number of a rule is its place, for `rule_id`.
    """
    own_tiers = [tier for tier in tiers if tier.direction.upper() == direction]
    ranked = sorted(own_tiers, key=lambda tier: tier.order)  # stable: the older one first
    groups = [_ranked(tier.rules, ()) for tier in ranked]
    return [*groups, _ranked(acls, of_network, direction)]


def default_id(port_id: str, direction: Direction) -> str:
    """Return the id of the rule that lets everything through while the port has no ACL."""
    return _guid(port_id, f"default {direction}")


def _rules(
    port_id: str,
    own: Sequence[AclRule],
    of_network: Sequence[AclRule],
    direction: Direction | None = None,
) -> Sequence[Rule]:
    return [_rule(port_id, rule, place) for place, rule in _ranked(own, of_network, direction)]


def _ranked(
    own: Sequence[AclRule], of_network: Sequence[AclRule], direction: Direction | None = None
) -> list[tuple[int, AclRule]]:
    """Return the rules in the order they are tried: priority, own ones, block, the older one."""
    ranked = [
        (rule.priority, is_shared, rule.action != "Block", place, rule)
        for is_shared, acls in enumerate((own, of_network))
        for place, rule in enumerate(acls)
        if direction is None or rule.direction.upper() == direction
    ]
    ranked.sort(key=lambda entry: entry[:4])
    return [entry[3:] for entry in ranked]


def _rule(port_id: str, rule: AclRule, place: int) -> Rule:
    is_block = rule.action == "Block"
    return Rule(
        id=rule_id(port_id, rule, place),
        name=rule.policy.id,
        priority=rule.priority,
        flags=_FLAGS & ~TERMINATING if rule.action == "Pass" else _FLAGS,
        type=RuleType.BLOCK if is_block else RuleType.ALLOW,
        conditions=conditions(rule.match, rule.direction),
        ttl=FLOW_TTL,
        policy=rule.policy,
        evidence="O" if rule.policy.type == "ACL" else "M",
    )


def _default(port_id: str, direction: Direction) -> Sequence[Rule]:
    """Return the rule that lets everything through while the port has no ACL. Source: [O]."""
    rule = Rule(
        id=default_id(port_id, direction),
        name="",
        priority=DEFAULT_PRIORITY,
        flags=_FLAGS,
        type=RuleType.ALLOW,
        ttl=FLOW_TTL,
        evidence="O",
    )
    return [rule]


def _groups(
    name: str, direction: Direction, priority: int, rules: Callable[[], Sequence[Rule]]
) -> list[Group]:
    """Return the groups of both families; a rule is in those that its addresses allow."""
    return [
        Group(
            id=f"{name}_IPV{version}_{direction}",
            direction=direction,
            version=version,
            priority=priority,
            rules=partial(_of_family, rules, version),
            evidence="O" if direction is Direction.IN and version == 4 else "I",  # noqa: PLR2004 (a family)
        )
        for version in _VERSIONS
    ]


def _of_family(
    rules: Callable[[], Sequence[Rule]], version: int, _packet: Packet | None
) -> Sequence[Rule]:
    return [rule for rule in rules() if version in rule.conditions.versions]
