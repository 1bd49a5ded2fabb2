"""The walk of a packet through one port: which rule decides, what it changes, how it ends."""

from dataclasses import replace
from ipaddress import ip_address

import pytest

from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.matching import Conditions, to_addresses
from hnsemu.domain.packet import VXLAN, Direction, Outer, Packet
from hnsemu.domain.vfp.building import fixed
from hnsemu.domain.vfp.evaluate import Outcome, PortWalk, apply, as_seen, by_hash, pool_port, walk
from hnsemu.domain.vfp.model import (
    CLEAR_TNI,
    DEFAULT_ALLOW,
    HAIRPIN_LAYER,
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
    PortKind,
    RedirectTo,
    RewriteMac,
    RouteTo,
    Rule,
    RuleType,
    Turn,
    VfpPort,
)
from tests.domain.worlds import packet

OUT, IN = Direction.OUT, Direction.IN
SENT = packet("10.0.0.5", "10.0.0.6", 80)
ENCAPSULATED = replace(SENT, outer=Outer(ip_address("10.1.0.4"), ip_address("10.1.0.9"), 4096))


def rule(
    kind: RuleType = RuleType.ALLOW,
    data: Data = None,
    *,
    name: str = "rule",
    priority: int = 100,
    flags: int = TERMINATING,
    to: str = "",
    protocol: int | None = None,
) -> Rule:
    wanted = Conditions(
        frozenset() if protocol is None else frozenset({protocol}),
        destination=to_addresses(to) if to else None,
    )
    return Rule(name, "", priority, flags, kind, wanted, data)


def layer(
    *rules: Rule,
    name: str = "LAYER",
    priority: int = 10,
    flags: int = DEFAULT_ALLOW,
    direction: Direction = OUT,
    longest: bool = False,
) -> Layer:
    group = Group("GROUP", direction, 4, 1, fixed(rules), longest_prefix=longest)
    return Layer(name, priority, flags, (group,))


def through(
    *layers: Layer, sent: Packet = SENT, direction: Direction = OUT, hairpins: bool = True
) -> PortWalk:
    port = VfpPort("p", 1, PortKind.CONTAINER, "", "", "s", "s", layers=layers)
    return walk(port, direction, sent, by_hash, hairpins=hairpins)


@pytest.mark.parametrize(
    ("layers", "outcome"),
    [
        pytest.param([], Outcome.FORWARD, id="a port without layers"),
        pytest.param([layer(rule())], Outcome.FORWARD, id="allowed"),
        pytest.param([layer(rule(RuleType.BLOCK))], Outcome.BLOCKED, id="blocked"),
        pytest.param([layer(rule(to="10.9.9.9"))], Outcome.FORWARD, id="an open layer"),
        pytest.param([layer(rule(to="10.9.9.9"), flags=0)], Outcome.UNMATCHED, id="a closed layer"),
        pytest.param(
            [layer(rule(to="10.9.9.9"), flags=CLEAR_TNI)], Outcome.FORWARD, id="clear TNI"
        ),
        pytest.param([layer(flags=0)], Outcome.FORWARD, id="a layer without rules has no say"),
        pytest.param([layer(rule(RuleType.BLOCK), direction=IN)], Outcome.FORWARD, id="other way"),
        pytest.param([layer(rule(RuleType.TRANSPOSE, Turn()))], Outcome.HAIRPIN, id="hairpin"),
        pytest.param(
            [layer(rule(RuleType.DYNNAT, NatPool("pool", ip_address("10.1.0.4"), None)))],
            Outcome.EXHAUSTED,
            id="no block of ports",
        ),
    ],
)
def test_a_walk_ends_as_the_last_layer_says(layers: list[Layer], outcome: Outcome) -> None:
    assert through(*layers).outcome is outcome


@pytest.mark.parametrize(
    ("rules", "longest", "name"),
    [
        pytest.param([rule(name="b", priority=200), rule(name="a")], False, "a", id="priority"),
        pytest.param([rule(name="a"), rule(name="b")], False, "a", id="the first of equal ones"),
        pytest.param(
            [rule(name="a", priority=1, to="10.9.9.9"), rule(name="b")],
            False,
            "b",
            id="that matches",
        ),
        pytest.param(
            [rule(name="a", to="10.0.0.0/8"), rule(name="b", to="10.0.0.0/24")],
            True,
            "b",
            id="longest prefix",
        ),
        pytest.param(
            [rule(name="a"), rule(name="b", to="10.0.0.0/24")], True, "b", id="any is the shortest"
        ),
    ],
)
def test_one_rule_of_a_group_decides(rules: list[Rule], longest: bool, name: str) -> None:  # noqa: FBT001
    walked = through(layer(*rules, longest=longest))
    assert walked.last.rule is not None
    assert walked.last.rule.id == name


def test_a_group_in_which_no_prefix_matches_decides_nothing() -> None:
    assert through(layer(rule(to="10.9.0.0/16"), longest=True)).last.rule is None


def test_layers_are_walked_by_number_and_back() -> None:
    both = [
        Layer(name, number, DEFAULT_ALLOW, tuple(
            Group(name, direction, 4, 1, fixed([rule()])) for direction in Direction))
        for name, number in (("SECOND", 20), ("FIRST", 10))
    ]  # fmt: skip
    assert [decision.layer.id for decision in through(*both).decisions] == ["FIRST", "SECOND"]
    assert [decision.layer.id for decision in through(*both, direction=IN).decisions] == [
        "SECOND",
        "FIRST",
    ]


def test_a_rule_that_does_not_terminate_passes_to_the_next_group() -> None:
    passing = Group("A", OUT, 4, 1, fixed([rule(name="pass", flags=0)]))
    deciding = Group("B", OUT, 4, 2, fixed([rule(RuleType.BLOCK, name="block")]))
    walked = through(Layer("LAYER", 10, 0, (deciding, passing)))
    assert walked.outcome is Outcome.BLOCKED
    assert [passing.id for passing in walked.last.passed] == ["pass"]
    alone = through(Layer("LAYER", 10, 0, (passing,)))
    assert (alone.outcome, alone.last.rule) == (Outcome.UNMATCHED, None)


def test_a_packet_that_was_turned_round_passes_hairpin_layers() -> None:
    turning = layer(rule(RuleType.TRANSPOSE, Turn()), flags=DEFAULT_ALLOW | HAIRPIN_LAYER)
    assert through(turning).turn == Turn()
    assert through(turning, hairpins=False).outcome is Outcome.FORWARD


def test_a_known_flow_meets_the_layers_that_still_matter() -> None:
    both = (layer(rule(RuleType.BLOCK), name="ACL"), layer(rule(), name="ROUTE", priority=20))
    port = VfpPort("p", 1, PortKind.CONTAINER, "", "", "s", "s", layers=both)
    walked = walk(port, OUT, SENT, by_hash, only=frozenset({"ROUTE"}))
    assert [decision.layer.id for decision in walked.decisions] == ["ROUTE"]


A, B = ip_address("10.0.1.1"), ip_address("10.0.1.2")
NEAR, FAR = Dip(A, 8080, "near", is_local=True), Dip(B, 0, "far", is_local=False)


@pytest.mark.parametrize(
    ("kind", "data", "changed"),
    [
        (RuleType.NAT, NatTo(A, 8080), {"destination": A, "destination_port": 8080}),
        (RuleType.NAT, NatTo(A, 0), {"destination": A}),
        (RuleType.REDIRECT, RedirectTo(B, 15001), {"destination": B, "destination_port": 15001}),
        (RuleType.DYNNAT, NatPool("", A, (50000, 50000)), {"source": A, "source_port": 50000}),
        (RuleType.DYNNAT, NatPool("", A, None), {}),
        (RuleType.ALLOW, LocalTo("02-11", "web"), {"destination_mac": "02-11"}),
        (RuleType.TRANSPOSE, Turn("web", "02-12"), {"destination_mac": "02-12"}),
        (RuleType.TRANSPOSE, Turn(), {}),
        (RuleType.TRANSPOSE, RewriteMac("02-13"), {"source_mac": "02-13"}),
        (RuleType.ALLOW, RouteTo(A), {}),
        (RuleType.MAPENCAP, EncapTo(B, A, 4096, "02-14"),
         {"outer": Outer(A, B, 4096), "destination_mac": "02-14"}),
        (RuleType.LBNAT, Balance((NEAR,)), {"destination": A, "destination_port": 8080}),
        (RuleType.LBNAT, Balance((FAR,)), {"destination": B}),
        (RuleType.LBNAT, Balance((NEAR,), preserves=True), {}),
        (RuleType.LBNAT, Balance((FAR,), preserves=True), {"destination": B}),
    ],
)  # fmt: skip
def test_a_rule_changes_what_its_data_names(
    kind: RuleType, data: Data, changed: dict[str, object]
) -> None:
    dip = data.dips[0] if isinstance(data, Balance) else None
    assert apply(rule(kind, data), SENT, dip) == replace(SENT, **changed)  # type: ignore[arg-type]


def test_decap_takes_the_outer_headers_off() -> None:
    assert apply(rule(RuleType.DECAP), ENCAPSULATED, None) == SENT


def test_a_load_balancer_with_a_source_gives_it_a_port_of_the_pool() -> None:
    balance = rule(RuleType.LBNAT, Balance((NEAR,), source_vip=B))
    changed = apply(balance, SENT, NEAR)
    assert changed.source == B
    assert changed.source_port in range(49152, 65536)
    ping = apply(balance, packet("10.0.0.5", "10.0.0.6", 0, 1), NEAR)
    assert (ping.source, ping.source_port) == (B, 0)


def test_what_encapsulation_and_routes_found_is_told() -> None:
    encap = EncapTo(B, A, 4096)
    walked = through(layer(rule(RuleType.MAPENCAP, encap), name="ENCAP"))
    assert (walked.encap, walked.local, walked.next_hop) == (encap, None, None)
    assert through(layer(rule(data=RouteTo(A)))).next_hop == A
    assert through(layer(rule(data=LocalTo("m", "web")))).local == LocalTo("m", "web")


def test_a_local_backend_that_sees_the_service_address_skips_forwarding() -> None:
    balance = layer(rule(RuleType.LBNAT, Balance((NEAR,), preserves=True)), priority=5)
    forwarding = layer(rule(RuleType.BLOCK), name="VNET_ENCAP_LAYER", priority=40)
    walked = through(balance, forwarding)
    assert walked.outcome is Outcome.FORWARD
    assert walked.local == LocalTo("", "near")
    far = through(layer(rule(RuleType.LBNAT, Balance((FAR,), preserves=True))), forwarding)
    assert far.outcome is Outcome.BLOCKED
    changed = through(layer(rule(RuleType.LBNAT, Balance((NEAR,)))), forwarding)
    assert changed.outcome is Outcome.BLOCKED


def test_of_an_encapsulated_packet_rules_see_the_outer_headers() -> None:
    seen = as_seen(ENCAPSULATED)
    assert (seen.protocol, str(seen.destination), seen.destination_port) == (
        VXLAN,
        "10.1.0.9",
        4096,
    )
    assert as_seen(SENT) is SENT
    decap = layer(rule(RuleType.DECAP, protocol=VXLAN))
    assert through(decap, sent=ENCAPSULATED).packet.outer is None


@pytest.mark.parametrize(
    ("distribution", "other", "same"),
    [
        (0, replace(SENT, source_port=40001), False),
        (1, replace(SENT, source_port=40001), True),
        (1, replace(SENT, protocol=17), False),
        (2, replace(SENT, protocol=17, source_port=40001), True),
        (2, replace(SENT, source=ip_address("10.0.0.7")), False),
    ],
)
def test_the_distribution_says_what_keeps_a_backend(
    distribution: int,
    other: Packet,
    same: bool,  # noqa: FBT001
) -> None:
    balance = rule(RuleType.LBNAT, Balance((NEAR, FAR), distribution))
    many = 1 << 32
    assert (by_hash(balance, SENT, many) == by_hash(balance, other, many)) is same


def test_a_connection_keeps_its_port_of_the_pool() -> None:
    block = (50000, 50063)
    assert pool_port(SENT, block) == pool_port(SENT, block)
    ports = {pool_port(replace(SENT, source_port=number), block) for number in range(2000)}
    assert ports == set(range(50000, 50064))


def test_policies_stay_with_their_rules() -> None:
    policy = PolicyRef("Endpoint", "e", "ACL")
    walked = through(layer(replace(rule(), policy=policy)))
    assert walked.last.rule is not None
    assert walked.last.rule.policy == policy
