"""Cells as signs and in words."""

import pytest

from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.tracing.matrix import Member
from hnsemu.domain.tracing.matrix_words import (
    LEGEND,
    decided_by,
    service_document,
    service_words,
    sign,
)
from hnsemu.domain.tracing.model import Reason, Verdict
from hnsemu.domain.tracing.verdicts import Cell
from hnsemu.domain.tracing.walks import Service

HERE, NOWHERE = Member("1", "here", ""), Member("2", "nowhere", "", is_attached=False)
DELIVERED = Cell(Verdict.DELIVERED, Reason.DELIVERED_TO_ENDPOINT)
BLOCKED = Cell(Verdict.BLOCKED, Reason.BLOCKED_BY_RULE)
DROPPED = Cell(Verdict.DROPPED, Reason.NOT_ATTACHED)


@pytest.mark.parametrize(
    ("cell", "source", "target", "shown"),
    [
        (DELIVERED, HERE, HERE, "+"),
        (BLOCKED, HERE, HERE, "x"),
        (DROPPED, HERE, HERE, "-"),
        (DROPPED, HERE, NOWHERE, "o"),
        (DROPPED, NOWHERE, HERE, "o"),
        (DELIVERED, NOWHERE, HERE, "+"),
    ],
)
def test_a_cell_has_one_sign(cell: Cell, source: Member, target: Member, shown: str) -> None:
    assert sign(cell, source, target) == shown
    assert shown in LEGEND


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (PolicyRef("Endpoint", "1", "ACL", "deny", 4), "ACL deny of endpoint web"),
        (PolicyRef("Endpoint", "1", "ACL", "", 4), "ACL (policy 4) of endpoint web"),
        (PolicyRef("Network", "2", "NetworkACL", "n"), "NetworkACL n of network 2"),
    ],
)
def test_a_policy_is_named_with_its_owner(policy: PolicyRef, words: str) -> None:
    cell = Cell(Verdict.BLOCKED, Reason.BLOCKED_BY_RULE, "rule", policy)
    assert decided_by(cell, {"1": "web"}) == words


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason: Reason) -> None:
    words = decided_by(Cell(Verdict.DROPPED, reason), {})
    assert words
    assert reason.value not in words


@pytest.mark.parametrize(
    ("text", "words", "document"),
    [
        ("80", "tcp/80", {"Protocol": "TCP", "Port": 80}),
        ("udp/53", "udp/53", {"Protocol": "udp", "Port": 53}),
        ("icmp", "icmp", {"Protocol": "icmp"}),
        (" tcp/http ", "", {"Protocol": "tcp", "Port": 0}),
    ],
)
def test_a_port_is_read_as_it_is_shown(text: str, words: str, document: object) -> None:
    assert service_document(text) == document
    numbers = {"tcp/80": Service(6, 80), "udp/53": Service(17, 53), "icmp": Service(1, 0)}
    assert not words or service_words(numbers[words]) == words


def test_a_protocol_without_a_name_is_its_number() -> None:
    assert service_words(Service(47, 0)) == "47"
