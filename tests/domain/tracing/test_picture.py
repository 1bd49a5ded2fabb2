"""The picture of a trace: well-formed, whole, and safe to show."""

from ipaddress import ip_address
from xml.dom import minidom

import pytest

from hnsemu.domain.packet import Packet
from hnsemu.domain.tracing.model import Arrival, ArrivalKind, Reason, Result, Step, Trace, Verdict
from hnsemu.domain.tracing.picture import svg
from hnsemu.domain.tracing.text import plain

SENT = Packet(6, ip_address("10.0.0.5"), ip_address("10.0.0.6"), 40000, 80)


def trace(verdict: Verdict, *steps: Step, reply: Trace | None = None) -> Trace:
    reason = Reason.DELIVERED_TO_ENDPOINT if verdict is Verdict.DELIVERED else Reason.NO_ROUTE
    arrival = Arrival(ArrivalKind.ENDPOINT, "x", "one")
    return Trace(verdict, reason, f"it is {verdict}", SENT, steps, SENT, arrival, reply)


def step(host: str, where: str, text: str, **changed: tuple[str, str]) -> Step:
    return Step(host, where, "VFP", Result.REWRITE, text, changed=changed)


def texts(picture: str) -> str:
    """Return all that the picture says."""
    document = minidom.parseString(picture)  # noqa: S318 (our own)
    nodes = (element.firstChild for element in document.getElementsByTagName("text"))
    return " ".join(node.data for node in nodes if isinstance(node, minidom.Text))


def test_every_step_and_the_verdict_are_drawn() -> None:
    steps = [step(f"host-{n // 4}", f"place {n}", f"step number {n}") for n in range(40)]
    said = texts(svg(trace(Verdict.DELIVERED, *steps)))
    assert all(f"step number {n}" in said for n in range(40))
    assert all(f"HOST HOST-{n}" in said for n in range(10))
    assert "DELIVERED" in said


def test_long_sentences_are_wrapped() -> None:
    picture = svg(trace(Verdict.DELIVERED, step("one", "here", "word " * 40)))
    assert texts(picture).count("word") == 40
    assert picture.count(">word word") > 1


def test_changes_are_shown_before_and_after() -> None:
    said = texts(svg(trace(Verdict.DELIVERED, step("a", "b", "c", Destination=("1.1.1.1", "")))))
    assert "Destination 1.1.1.1 → none" in said


def test_the_reply_has_a_lane_of_its_own() -> None:
    back = trace(Verdict.DROPPED, step("two", "there", "and back"))
    picture = svg(trace(Verdict.DELIVERED, step("one", "here", "there"), reply=back))
    assert "Reply: TCP" in texts(picture)
    assert "DROPPED (NoRoute)" in texts(picture)
    alone = svg(trace(Verdict.DELIVERED, step("one", "here", "there")))
    assert width(picture) > width(alone)


def width(picture: str) -> int:
    document = minidom.parseString(picture)  # noqa: S318 (our own)
    (root,) = document.getElementsByTagName("svg")
    return int(root.getAttribute("width"))


@pytest.mark.parametrize("name", ['<script>alert("x")</script>', "a & b", "]]>", "“quoted”"])
def test_names_cannot_break_out(name: str) -> None:
    picture = svg(trace(Verdict.BLOCKED, step(name, name, name)))
    assert "<script" not in picture
    assert name in texts(picture)


def test_a_picture_needs_nothing_from_elsewhere() -> None:
    picture = svg(trace(Verdict.DELIVERED, step("one", "here", "there")))
    assert "href" not in picture
    assert picture.count("http") == picture.count("http://www.w3.org/2000/svg")


def test_text_leaves_out_what_did_not_match() -> None:
    silent = Step("one", "here", "VFP", Result.NO_MATCH, "nothing to see")
    told = plain(trace(Verdict.DELIVERED, silent, step("one", "here", "something")))
    assert "nothing to see" not in told
    assert "something" in told
