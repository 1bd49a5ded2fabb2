"""The sentence of each kind of rule, and what it changed."""

from dataclasses import replace
from ipaddress import ip_address

import pytest

from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.packet import Direction, Outer
from hnsemu.domain.tracing.model import Result
from hnsemu.domain.tracing.sentences import changes, port_label, vfp_steps
from hnsemu.domain.vfp.building import fixed
from hnsemu.domain.vfp.evaluate import Decision, apply
from hnsemu.domain.vfp.model import (
    TERMINATING,
    Balance,
    Data,
    Dip,
    EncapTo,
    Group,
    Layer,
    LocalTo,
    NatPool,
    NatTo,
    PaRoute,
    PortKind,
    RedirectTo,
    RewriteMac,
    RouteTo,
    Rule,
    RuleType,
    Turn,
    VfpPort,
)
from tests.domain.worlds import packet, ref

SENT = packet("10.0.0.5", "10.0.0.6", 80)
PORT = VfpPort("p", 1, PortKind.CONTAINER, "friendly", "", "s", "s", nic_friendly_name="web")
A, B = ip_address("10.0.0.4"), ip_address("10.0.0.9")
NEAR, FAR = Dip(A, 8080, "a", is_local=True), Dip(B, 0, "b", is_local=False)
LAYER = Layer("LAYER", 1, 0)
GROUP = Group("GROUP", Direction.OUT, 4, 1, fixed(()))


def decision(rule: Rule | None, *passed: Rule) -> Decision:
    data = rule.data if rule else None
    dip = data.dips[0] if isinstance(data, Balance) else None
    after = apply(rule, SENT, dip) if rule else SENT
    return Decision(LAYER, GROUP if rule else None, rule, SENT, after, passed, dip)


def told(
    kind: RuleType, data: Data = None, *, name: str = "", id_: str = "10.9.0.0/16",
    policy: PolicyRef | None = None,
) -> tuple[Result, str]:  # fmt: skip
    rule = Rule(id_, name, 100, TERMINATING, kind, data=data, policy=policy)
    (step,) = vfp_steps("node-1", PORT, Direction.OUT, decision(rule))
    return step.result, step.text


@pytest.mark.parametrize(
    ("kind", "policy", "id_", "result", "text"),
    [
        (RuleType.ALLOW, ref("ACL", "web"), "", Result.ALLOW, "ACL web allows it"),
        (RuleType.BLOCK, ref("TierAcl", "", 3), "", Result.BLOCK, "TierAcl number 3 blocks it"),
        (RuleType.BLOCK, ref("NetworkACL", "n"), "", Result.BLOCK, "NetworkACL n blocks it"),
        (RuleType.ALLOW, None, "X", Result.ALLOW, "the default rule allows it"),
        (RuleType.ALLOW, ref("LoadBalancer"), "X", Result.ALLOW, "rule X allows it"),
        (RuleType.ALLOW, ref("LoadBalancer"), "", Result.ALLOW, "the rule allows it"),
        (
            RuleType.ALLOW,
            ref("OutBoundNAT"),
            "X",
            Result.ALLOW,
            "OutBoundNAT: left alone, as 10.0.0.6 is an exception",
        ),
        (
            RuleType.ALLOW,
            ref("L4Proxy"),
            "X",
            Result.ALLOW,
            "L4Proxy: left alone, as 10.0.0.6 is an exception",
        ),
        (RuleType.DECAP, None, "", Result.DECAP, "the encapsulation is removed"),
    ],
)
def test_a_rule_is_named_by_what_a_reader_knows(
    kind: RuleType, policy: PolicyRef | None, id_: str, result: Result, text: str
) -> None:
    assert told(kind, policy=policy, id_=id_) == (result, text)


ONE_OF_TWO = "load balancer svc picks backend 10.0.0.4:8080, one of 2"


@pytest.mark.parametrize(
    ("kind", "data", "result", "text"),
    [
        (RuleType.NAT, NatTo(A, 8080), Result.REWRITE, "the destination becomes 10.0.0.4:8080"),
        (RuleType.LBNAT, Balance((NEAR, FAR)), Result.REWRITE, ONE_OF_TWO),
        (RuleType.LBNAT, Balance((FAR,)), Result.REWRITE,
         "load balancer svc picks its only backend 10.0.0.9:80"),
        (RuleType.LBNAT, Balance((NEAR, FAR), preserves=True), Result.REWRITE,
         f"{ONE_OF_TWO}, and keeps the service address in the packet"),
        (RuleType.LBNAT, Balance((NEAR, FAR), source_vip=B), Result.REWRITE,
         f"{ONE_OF_TWO}; the source becomes 10.0.0.9"),
        (RuleType.DYNNAT, NatPool("", A, (50000, 50000)), Result.REWRITE,
         "NAT: the source becomes 10.0.0.4:50000"),
        (RuleType.MAPENCAP, EncapTo(B, A, 7), Result.ENCAP,
         "10.9.0.0/16 is behind 10.0.0.9: VXLAN 7 from 10.0.0.4 to 10.0.0.9"),
        (RuleType.MAPENCAP, EncapTo(A, A, 7, by_route=True), Result.ENCAP,
         "10.9.0.0/16 is sent to this host itself, encapsulated"),
        (RuleType.ALLOW, LocalTo("m", "web"), Result.ALLOW, "10.0.0.6 is on this host"),
        (RuleType.ALLOW, RouteTo(A), Result.ALLOW,
         "route 10.9.0.0/16 sends it via 10.0.0.4 without encapsulation"),
        (RuleType.ALLOW, RouteTo(), Result.ALLOW,
         "route 10.9.0.0/16 sends it without encapsulation"),
        (RuleType.TRANSPOSE, Turn(), Result.HAIRPIN,
         "a hairpin turns it round, out by this port"),
        (RuleType.TRANSPOSE, Turn("web"), Result.HAIRPIN,
         "a hairpin turns it round, to the endpoint's port"),
        (RuleType.TRANSPOSE, RewriteMac("02-11"), Result.REWRITE, "the source MAC becomes 02-11"),
        (RuleType.PAROUTE, PaRoute(), Result.ROUTE, "the provider route is looked up"),
        (RuleType.REDIRECT, RedirectTo(A, 15001), Result.REDIRECT,
         "the connection is redirected to the proxy 10.0.0.4:15001"),
    ],
)  # fmt: skip
def test_each_kind_of_data_has_its_sentence(
    kind: RuleType, data: Data, result: Result, text: str
) -> None:
    assert told(kind, data, name="svc") == (result, text)


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        ("LoadBalancer", "load balancer svc leads to its only backend here, 10.0.0.4:8080"),
        ("PortMapping", "published port 80 leads to 10.0.0.4:8080"),
    ],
)
def test_a_translated_destination_is_told_by_who_wants_it(policy: str, text: str) -> None:
    _, said = told(RuleType.NAT, NatTo(A, 8080), policy=ref(policy), name="svc")
    assert said == text


def test_source_nat_without_a_block_of_ports_is_a_drop() -> None:
    result, text = told(RuleType.DYNNAT, NatPool("", A, None), policy=ref("OutBoundNAT"))
    assert result is Result.DROP
    assert text.startswith("OutBoundNAT: no block of 64 ports")


def test_rules_that_passed_the_packet_on_come_first() -> None:
    passing = Rule("x", "", 1, 0, RuleType.ALLOW, policy=ref("TierAcl", "t"))
    deciding = Rule("y", "", 1, TERMINATING, RuleType.NAT, data=NatTo(A, 8080))
    first, last = vfp_steps("node-1", PORT, Direction.OUT, decision(deciding, passing))
    assert (first.result, first.text, first.group) == (Result.PASS, "TierAcl t passes it on", "")
    assert first.changed == {}
    assert last.changed == {
        "Destination": ("10.0.0.6", "10.0.0.4"),
        "DestinationPort": ("80", "8080"),
    }
    assert (last.group, last.port, last.where) == ("GROUP", "friendly", "port of endpoint web")


def test_a_layer_in_which_nothing_matched_says_so() -> None:
    (step,) = vfp_steps("node-1", PORT, Direction.OUT, decision(None))
    assert (step.result, step.text) == (Result.NO_MATCH, "no rule of LAYER matches")


def test_changes_name_the_members_that_differ() -> None:
    outer = replace(SENT, outer=Outer(A, B, 7), vlan=3)
    assert changes(SENT, SENT) == {}
    assert changes(SENT, outer) == {
        "Vlan": ("0", "3"),
        "OuterSource": ("", "10.0.0.4"),
        "OuterDestination": ("", "10.0.0.9"),
        "Vni": ("", "7"),
    }


@pytest.mark.parametrize(
    ("port", "label"),
    [
        (PORT, "port of endpoint web"),
        (replace(PORT, nic_friendly_name="", owner_id="id"), "port of endpoint id"),
        (replace(PORT, kind=PortKind.HOST), "port of the host"),
        (replace(PORT, kind=PortKind.DR), "port of the distributed router"),
    ],
)
def test_a_port_is_called_by_whose_it_is(port: VfpPort, label: str) -> None:
    assert port_label(port) == label
