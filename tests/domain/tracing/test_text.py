"""A trace as lines: hosts, what decided, the verdict, and the reply indented below."""

from dataclasses import replace

import pytest

from hnsemu.domain.tracing.model import Reason, Result, Step, Trace, Verdict
from hnsemu.domain.tracing.text import MARKS, headline, lines, plain, short
from tests.domain.worlds import guid, packet

SENT = packet("10.0.0.5", "10.0.0.6")
STEPS = (
    Step(
        "one",
        "port of endpoint web",
        "VFP",
        Result.ALLOW,
        "ACL a allows it",
        direction="OUT",
        layer="ACL",
    ),
    Step("one", "here", "VFP", Result.NO_MATCH, "nothing to see"),
    Step("two", "underlay", "Underlay", Result.FORWARD, "10.0.0.6 is host two"),
)  # fmt: skip
LOST = Trace(Verdict.DROPPED, Reason.NO_ROUTE, "no route", SENT, STEPS, SENT)
DELIVERED = replace(
    LOST, verdict=Verdict.DELIVERED, reason=Reason.DELIVERED_TO_HOST, text="arrived"
)


def test_a_trace_is_told_host_by_host() -> None:
    assert plain(LOST).splitlines() == [
        "TCP 10.0.0.5:40000 > 10.0.0.6:80",
        "  one",
        f"    + {'port of endpoint web OUT ACL':58} ACL a allows it",
        "  two",
        f"    - {'underlay':58} 10.0.0.6 is host two",
        "  DROPPED (NoRoute): no route",
    ]


def test_the_backend_stands_beside_the_packet() -> None:
    head = next(lines(replace(DELIVERED, backend="10.0.0.6:8080")))
    assert head.text == "TCP 10.0.0.5:40000 > 10.0.0.6:80, backend 10.0.0.6:8080"


def test_the_reply_is_indented() -> None:
    told = list(lines(replace(DELIVERED, reply=LOST)))
    assert [line.text for line in told if line.kind == "head"] == [
        "TCP 10.0.0.5:40000 > 10.0.0.6:80", "  reply", "  TCP 10.0.0.5:40000 > 10.0.0.6:80",
    ]  # fmt: skip
    assert told[-1].text == "    DROPPED (NoRoute): no route"


@pytest.mark.parametrize(("trace", "text"), [(DELIVERED, "DELIVERED"), (LOST, "DROPPED (NoRoute)")])
def test_a_reason_stands_beside_what_is_not_delivered(trace: Trace, text: str) -> None:
    assert headline(trace) == text


def test_guids_are_shortened() -> None:
    assert short(f"endpoint {guid('web')} and web") == f"endpoint {guid('web')[:8]} and web"


def test_ids_of_docker_are_shortened_as_docker_does() -> None:
    name = "a7952de66d4f" + "9b" * 26
    assert short(f"port of endpoint {name}") == "port of endpoint a7952de66d4f"
    step = replace(STEPS[0], where=f"port of endpoint {name}")
    told = plain(replace(LOST, steps=(step,))).splitlines()
    assert told[2] == f"    + {'port of endpoint a7952de66d4f OUT ACL':58} ACL a allows it"


def test_every_result_has_a_mark() -> None:
    assert set(MARKS) == set(Result)
