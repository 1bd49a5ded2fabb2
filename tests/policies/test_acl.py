"""ACL, TierAcl and NetworkACL: what they must say, and the rules they come to."""

import pytest

from hnsemu.domain.facts import Policy
from hnsemu.domain.network_types import Mode
from hnsemu.domain.policies.acl import Tuple5
from hnsemu.errors import Hr
from hnsemu.policies.acl import named_sets
from tests.policies.judged import (
    context,
    on_endpoint,
    on_network,
    policy,
    refusal,
    seen_of_endpoint,
    seen_of_network,
)

WEB = {"Protocols": "6", "LocalPorts": "80", "RemoteAddresses": "10.0.0.0/8"}
MATCH = Tuple5("6", "", "10.0.0.0/8", "80", "")


@pytest.mark.parametrize(
    "stored",
    [
        policy("ACL", Action="Pass", Direction="In"),
        policy("ACL", LocalPorts="80-79"),
        policy("ACL", RemoteAddresses="Any"),
        policy("TierAcl", Order=1, TierAclRules=[{"Id": "a"}, {"Id": "b", "Protocols": "x"}]),
    ],
)
def test_a_malformed_rule_is_refused(stored: Policy) -> None:
    assert refusal(on_endpoint, stored) is Hr.HCN_E_INVALID_POLICY


def test_a_malformed_rule_of_a_network_is_refused() -> None:
    stored = policy("NetworkACL", RemoteAddresses="Any")
    assert refusal(on_network, stored) is Hr.HCN_E_INVALID_POLICY


def test_rules_may_name_the_sets_that_are_there() -> None:
    rule = policy("ACL", RemoteAddresses="peers")
    assert on_endpoint(rule, context(set_ids=lambda: {"peers"})) == (rule,)
    assert refusal(on_endpoint, rule, context(set_ids=lambda: {"others"}))


@pytest.mark.parametrize(("release", "fits"), [("ws1903", False), ("ws2004", True)])
def test_protocol_252_came_with_hns_11(release: str, *, fits: bool) -> None:
    rule, where = policy("ACL", Protocols="252"), context(release=release)
    if fits:
        assert on_endpoint(rule, where) == (rule,)
    else:
        assert refusal(on_endpoint, rule, where) is Hr.HCN_E_INVALID_POLICY


def test_network_acls_need_vfp() -> None:
    rule = policy("NetworkACL", **WEB)
    assert refusal(on_network, rule, context(Mode.NAT)) is Hr.HCN_E_INVALID_POLICY_TYPE
    assert on_network(rule, context(Mode.L2BRIDGE)) == (rule,)


def test_an_acl_comes_to_a_rule() -> None:
    host = policy(
        "ACL", **WEB, Action="Block", Direction="Out", Priority=7, RuleType="Host", Id="x"
    )
    blocked, bare = seen_of_endpoint(host, policy("ACL")).acls
    assert (blocked.action, blocked.direction, blocked.is_host) == ("Block", "Out", True)
    assert (blocked.priority, blocked.match, blocked.policy.id) == (7, MATCH, "x")
    assert (bare.action, bare.direction, bare.is_host) == ("Allow", "In", False)
    assert (bare.priority, bare.match, bare.policy.position) == (0, Tuple5(), 1)


def test_a_tier_comes_to_rules_that_refer_to_themselves() -> None:
    rules = [{**WEB, "Id": "web", "TierAclRuleAction": "Pass", "Priority": 3}, {}]
    (tier,) = seen_of_endpoint(
        policy("TierAcl", Direction="Out", Order=2, TierAclRules=rules)
    ).tiers
    web, bare = tier.rules
    assert (tier.direction, tier.order, web.direction) == ("Out", 2, "Out")
    assert (web.action, web.priority, web.match, web.policy.id) == ("Pass", 3, MATCH, "web")
    assert (bare.action, bare.is_host, bare.policy.id) == ("Allow", False, "")


def test_a_network_acl_comes_to_a_rule() -> None:
    (rule,) = seen_of_network(policy("NetworkACL", **WEB, Id="n")).acls
    assert (rule.match, rule.policy.owner, rule.policy.id) == (MATCH, "Network", "n")


def test_sets_are_named_by_acls_and_tiers_alone() -> None:
    stored = [
        policy("ACL", LocalAddresses="here, 10.0.0.1"),
        policy("TierAcl", TierAclRules=[{"RemoteAddresses": "there"}]),
        policy("OutBoundNAT", Exceptions=["10.0.0.0/8"]),
        policy("ACL", Priority="unreadable"),
        policy("TierAcl", Order="unreadable"),
    ]
    assert named_sets(stored) == {"here", "10.0.0.1", "there"}
