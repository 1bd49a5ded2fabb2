"""Which calls a fault is for, and on which of them it acts."""

import pytest

from hnsemu.domain.faults import (
    Action,
    Attempt,
    Effect,
    Fault,
    FaultMatch,
    FaultRule,
    Latency,
    decide,
    draw,
    is_matched,
    read_rule,
    rule_text,
    without_members,
)

REFUSE = Effect(hresult=0x80070005)
ATTEMPT = Attempt(
    "HcnCreateEndpoint", "POST", "/v2/endpoints?a=b", ("pod-1",), ("127.0.0.1", "curl/8")
)


def acted(rule: FaultRule, calls: int = 6) -> list[int]:
    """Return the numbers of the calls on which a rule acts."""
    fault, found = Fault(1, rule), []
    for number in range(1, calls + 1):
        (fault,), action = decide([fault], 0)
        if action.numbers:
            found.append(number)
    assert fault.seen == calls
    assert fault.hits == len(found)
    return found


def rule(effect: Effect = REFUSE, nth: int | None = None, **members: object) -> FaultRule:
    """Return a rule for every call."""
    return FaultRule(FaultMatch(nth=nth), effect, **members)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("match", "is_meant"),
    [
        (FaultMatch(), True),
        (FaultMatch(operation="HcnDelete*|HcnCreate*"), True),
        (FaultMatch(operation="HcnDelete*"), False),
        (FaultMatch(method="post"), True),
        (FaultMatch(method="GET"), False),
        (FaultMatch(path="/v2/endpoints"), True),
        (FaultMatch(path="/v1/*"), False),
        (FaultMatch(name="pod-?"), True),
        (FaultMatch(name="web"), False),
        (FaultMatch(client="curl*"), True),
        (FaultMatch(client="127.*"), True),
        (FaultMatch(client="docker*"), False),
    ],
)
def test_a_rule_is_for_the_calls_that_it_describes(match: FaultMatch, *, is_meant: bool) -> None:
    assert is_matched(match, ATTEMPT) is is_meant


@pytest.mark.parametrize(
    ("given", "numbers"),
    [
        (rule(), [1, 2, 3, 4, 5, 6]),
        (rule(times=2), [1, 2]),
        (rule(after=2), [3, 4, 5, 6]),
        (rule(until=2), [1, 2]),
        (rule(after=1, until=4, times=2), [2, 3]),
        (rule(nth=3), [3]),
        (rule(times=0), []),
        (rule(probability=0), []),
        (rule(probability=1, seed=7), [1, 2, 3, 4, 5, 6]),
    ],
)
def test_a_rule_acts_on_the_calls_that_it_counts(given: FaultRule, numbers: list[int]) -> None:
    assert acted(given) == numbers


def test_the_same_seed_gives_the_same_failures() -> None:
    first = acted(rule(probability=0.5, seed=1), 200)
    assert first == acted(rule(probability=0.5, seed=1), 200)
    assert first != acted(rule(probability=0.5, seed=2), 200)
    assert 70 <= len(first) <= 130


@pytest.mark.parametrize("seed", range(50))
def test_a_draw_is_below_one_and_not_below_zero(seed: int) -> None:
    assert all(0 <= draw(seed, number) < 1 for number in range(200))


def test_a_rule_that_follows_acts_once_after_each() -> None:
    fault = Fault(1, FaultRule(FaultMatch(follows="HcnDelete*"), REFUSE))
    (same,), action = decide([fault], 0)
    assert (same, action) == (fault, Action())
    armed = Fault(1, fault.rule, is_armed=True)
    (spent,), action = decide([armed], 0)
    assert action.numbers == (1,)
    assert (spent.is_armed, spent.hits) == (False, 1)


@pytest.mark.parametrize(("now", "acts"), [(99, True), (100, False)])
def test_a_rule_ends_with_its_time(now: int, *, acts: bool) -> None:
    (fault,), action = decide([Fault(1, rule(), expires=100)], now)
    assert bool(action.numbers) is acts
    assert fault.seen == int(acts)


def test_delays_add_up_and_the_first_other_effect_decides() -> None:
    slow = Effect(latency=Latency(0.25))
    faults = [
        Fault(1, rule(slow)),
        Fault(2, rule(Effect(hresult=1, latency=Latency(1)))),
        Fault(3, rule(Effect(status=503))),
    ]
    after, action = decide(faults, 0)
    assert action == Action((1, 2), faults[1].rule.effect, 1.25, 0)
    assert [fault.number for fault in after] == [1, 2]  # the third has not seen the call


def test_a_log_normal_delay_varies_around_its_median() -> None:
    delays = [
        decide([Fault(1, rule(Effect(latency=Latency(1, 0.5)), seed=3), seen=seen)], 0)[1].delay
        for seen in range(400)
    ]
    assert 0.9 < sorted(delays)[200] < 1.1
    assert min(delays) < 0.5
    assert max(delays) > 2
    assert min(delays) > 0


def test_members_go_however_deep_they_are() -> None:
    value = {"A": 1, "B": [{"A": 2, "C": 3}], "D": {"A": {}}}
    assert without_members(value, ["A"]) == {"B": [{"C": 3}], "D": {}}


def test_a_rule_is_read_as_it_was_written() -> None:
    written = FaultRule(
        FaultMatch(operation="a", nth=2),
        Effect(latency=Latency(1, 2), hides=("A",), without=("B",), language="de"),
        preset="x",
        times=1,
        ttl=5,
    )
    assert read_rule(rule_text(written)) == written
