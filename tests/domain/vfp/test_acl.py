"""ACLs, tiers and network ACLs: from policies to the groups and rules of one layer."""

import re
from collections.abc import Sequence

import pytest

from hnsemu.domain.dataplane import AclRule, Tier
from hnsemu.domain.packet import Direction
from hnsemu.domain.vfp.acl import acl_layer
from hnsemu.domain.vfp.model import Group, Layer, Rule, RuleType
from tests.domain.worlds import acl, guid, tier

PORT = guid("port")


def layer(
    acls: Sequence[AclRule] = (), tiers: Sequence[Tier] = (), of_network: Sequence[AclRule] = ()
) -> Layer:
    return acl_layer(PORT, acls, tiers, of_network)


def group(found: Layer, name: str) -> Group:
    return next(candidate for candidate in found.groups if candidate.id == name)


def rules(found: Layer, name: str = "ACL_ENDPOINT_GROUP_IPV4_IN") -> Sequence[Rule]:
    return group(found, name).rules(None)


def test_without_policies_one_rule_lets_everything_through() -> None:
    (rule,) = rules(layer())
    assert (rule.type, rule.priority, rule.policy) == (RuleType.ALLOW, 65500, None)
    assert [candidate.id for candidate in layer().groups] == [
        "ACL_ENDPOINT_GROUP_IPV4_OUT", "ACL_ENDPOINT_GROUP_IPV6_OUT",
        "ACL_ENDPOINT_GROUP_IPV4_IN", "ACL_ENDPOINT_GROUP_IPV6_IN",
    ]  # fmt: skip


def test_with_policies_nothing_is_allowed_by_itself() -> None:
    found = layer([acl("Allow", "Out")])
    assert rules(found) == []
    assert len(rules(found, "ACL_ENDPOINT_GROUP_IPV4_OUT")) == 1


@pytest.mark.parametrize(
    ("action", "kind", "terminating"),
    [
        ("Allow", RuleType.ALLOW, True),
        ("Block", RuleType.BLOCK, True),
        ("Pass", RuleType.ALLOW, False),
    ],
)
def test_an_action_becomes_a_type(action: str, kind: RuleType, terminating: bool) -> None:  # noqa: FBT001
    (rule,) = rules(layer([acl(action, "In", 900, name="mine")]))
    assert (rule.type, rule.is_terminating) == (kind, terminating)
    assert (rule.name, rule.priority, rule.ttl) == ("mine", 900, 240)


@pytest.mark.parametrize(
    ("acls", "of_network", "order"),
    [
        ([acl("Allow", "In", 200, name="b"), acl("Allow", "In", 100, name="a")], [], "ab"),
        ([acl("Allow", "In", name="b")], [acl("Block", "In", name="c")], "bc"),
        ([acl("Allow", "In", name="b"), acl("Block", "In", name="a")], [], "ab"),
        ([acl("Allow", "In", name="a"), acl("Allow", "In", name="b")], [], "ab"),
        ([acl("Allow", "In", 200, name="b")], [acl("Block", "In", 100, name="a")], "ab"),
    ],
    ids=[
        "priority",
        "the endpoint's own first",
        "Block first",
        "the older first",
        "network may win",
    ],
)
def test_rules_stand_in_the_order_they_are_tried(
    acls: list[AclRule], of_network: list[AclRule], order: str
) -> None:
    assert "".join(rule.name for rule in rules(layer(acls, (), of_network))) == order


def test_a_rule_is_in_the_groups_of_its_families() -> None:
    found = layer([acl("Allow", "In", remote_addresses="fd00::/8"), acl("Block", "In", 200)])
    assert [rule.priority for rule in rules(found)] == [200]
    assert [rule.priority for rule in rules(found, "ACL_ENDPOINT_GROUP_IPV6_IN")] == [100, 200]


def test_tiers_stand_before_acls_in_their_order() -> None:
    found = layer(
        [acl("Block", "In", 300)],
        [tier(20, acl("Allow", "In")), tier(10, acl("Pass", "In")), tier(5, acl("Block", "Out"))],
    )
    inward = [
        candidate
        for candidate in found.groups
        if candidate.direction is Direction.IN and candidate.version == 4
    ]
    assert [(candidate.id, candidate.priority) for candidate in inward] == [
        ("ACL_ENDPOINT_TIER_10_IPV4_IN", 1),
        ("ACL_ENDPOINT_TIER_20_IPV4_IN", 2),
        ("ACL_ENDPOINT_GROUP_IPV4_IN", 3),
    ]
    assert [rule.evidence for candidate in inward for rule in candidate.rules(None)] == [
        "M",
        "M",
        "O",
    ]


def test_ids_are_guids_that_follow_from_the_policy() -> None:
    first, second = (rules(layer([acl("Allow", "In", name=name)]))[0].id for name in ("a", "b"))
    assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", first)
    assert first != second
    assert rules(layer([acl("Allow", "In", name="a")]))[0].id == first
