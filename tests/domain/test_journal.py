"""Which calls are meant, what differs, and what a journal proves."""

import json
from dataclasses import replace

import pytest

from hnsemu.domain.journal import (
    Body,
    Bound,
    Call,
    Caller,
    CallMatch,
    Expectation,
    Journal,
    JournalSettings,
    body_of,
    differences,
    is_meant,
    verify,
)
from hnsemu.errors import HnsError, Hr

JOURNAL = Journal(JournalSettings(), last=10)
CALL = Call(
    operation="HcnCreateEndpoint",
    method="POST",
    path="/v2/networks/1/endpoints?a=b",
    number=1,
    status=404,
    hresult=Hr.HCN_E_NETWORK_NOT_FOUND.hresult,
    request=Body('{"Name": "pod-1", "Policies": [{"Type": "ACL"}], "Flags": 0}', 60),
    answer=Body('{"Success": false}', 18),
    caller=Caller(agent="curl/8", process="flannel.exe (1)"),
)


def test_every_call_is_meant_by_nothing() -> None:
    assert is_meant(CallMatch(), CALL)


@pytest.mark.parametrize(
    "match",
    [
        CallMatch(operation="hcncreate*"),
        CallMatch(method="post"),
        CallMatch(path="/v2/networks/*/endpoints"),
        CallMatch(path="*?a=b"),
        CallMatch(name="pod-?"),
        CallMatch(process="flannel*"),
        CallMatch(agent="curl*"),
        CallMatch(status=404),
        CallMatch(status=4),
        CallMatch(hresult=0x803B0001),
        CallMatch(text="POD-1"),
        CallMatch(text="networks/1"),
        CallMatch(request={"Policies": [{"Type": "ACL"}]}),
        CallMatch(answer={"Success": False}),
    ],
)
def test_a_call_is_meant_by_what_it_is(match: CallMatch) -> None:
    assert list(differences(match, CALL)) == []


@pytest.mark.parametrize(
    ("match", "member", "expected", "found"),
    [
        (CallMatch(operation="Hcn"), "operation", "Hcn", "HcnCreateEndpoint"),
        (CallMatch(method="GET"), "method", "GET", "POST"),
        (CallMatch(path="/v2"), "path", "/v2", "/v2/networks/1/endpoints?a=b"),
        (CallMatch(name="pod"), "name", "pod", "pod-1"),
        (CallMatch(process="cni"), "process", "cni", "flannel.exe (1)"),
        (CallMatch(agent="wget"), "agent", "wget", "curl/8"),
        (CallMatch(status=5), "status", "5xx", "404"),
        (CallMatch(status=400), "status", "400", "404"),
        (CallMatch(hresult=0), "hresult", "0x00000000", "0x803b0001"),
        (CallMatch(text="pod-2"), "text", "pod-2", "(absent)"),
        (CallMatch(request={"Name": "pod-2"}), "request.Name", '"pod-2"', '"pod-1"'),
        (CallMatch(request={"ID": "1"}), "request.ID", '"1"', "(absent)"),
        (CallMatch(request={"Flags": False}), "request.Flags", "false", "0"),
        (
            CallMatch(request={"Policies": [{"Type": "OutBoundNAT"}]}),
            "request.Policies[0].Type",
            '"OutBoundNAT"',
            '"ACL"',
        ),
        (CallMatch(request={"Policies": []}), "request.Policies", "[]", '[{"Type": "ACL"}]'),
        (CallMatch(answer=[]), "answer", "[]", '{"Success": false}'),
    ],
)
def test_what_differs_is_named(match: CallMatch, member: str, expected: str, found: str) -> None:
    (difference,) = differences(match, CALL)
    assert (difference.member, difference.expected, difference.found) == (member, expected, found)


@pytest.mark.parametrize("text", ["", "no JSON", "[" * 100_000, "[1]"])
def test_a_request_that_is_no_document_has_no_members(text: str) -> None:
    call = replace(CALL, request=Body(text, len(text)))
    assert not is_meant(CallMatch(request={"Name": "a"}), call)
    assert not is_meant(CallMatch(name="pod-1"), call)


@pytest.mark.parametrize(
    ("content", "most", "size", "body"),
    [
        (b"", 5, None, Body("", 0)),
        (b"abcde", 5, None, Body("abcde", 5)),
        (b"abcdef", 5, None, Body("abcde", 6, is_cut=True)),
        (b"abcde", 5, 9, Body("abcde", 9, is_cut=True)),
        (b"\xff\0", 5, None, Body("\N{REPLACEMENT CHARACTER}" * 2, 2)),
    ],
)
def test_a_body_is_kept_up_to_a_size(
    content: bytes, most: int, size: int | None, body: Body
) -> None:
    assert body_of(content, most, size) == body


def calls(*operations: str) -> list[Call]:
    """Return calls with these operations, numbered from 1."""
    return [
        Call(operation, "GET", "/", number=number) for number, operation in enumerate(operations, 1)
    ]


def expected(bound: Bound, count: int) -> Expectation:
    """Return that so many calls of A are expected."""
    return Expectation((CallMatch(operation="A"),), bound, count)


def sequence(*operations: str) -> Expectation:
    """Return that calls are expected in this order."""
    steps = tuple(CallMatch(operation=operation) for operation in operations)
    return Expectation(steps, count=len(steps), is_sequence=True)


@pytest.mark.parametrize(
    ("expectation", "is_met", "seen"),
    [
        (expected(Bound.AT_LEAST, 2), True, (1, 3)),
        (expected(Bound.AT_LEAST, 3), False, (1, 3)),
        (expected(Bound.AT_MOST, 2), True, (1, 3)),
        (expected(Bound.AT_MOST, 1), False, (1, 3)),
        (expected(Bound.EXACTLY, 2), True, (1, 3)),
        (expected(Bound.EXACTLY, 0), False, (1, 3)),
        (sequence("A", "B", "A"), True, (1, 2, 3)),
        (sequence("A", "A"), True, (1, 3)),
        (sequence("B", "B"), False, (2,)),
        (sequence("C", "A"), False, ()),
    ],
)
def test_calls_are_counted_or_followed(
    expectation: Expectation, *, is_met: bool, seen: tuple[int, ...]
) -> None:
    verification = verify(expectation, calls("A", "B", "A"), JOURNAL)
    assert verification.is_met is is_met
    assert tuple(call.number for call in verification.seen) == seen


@pytest.mark.parametrize(
    ("expectation", "depends"),
    [
        (expected(Bound.AT_LEAST, 2), False),
        (expected(Bound.AT_LEAST, 3), True),
        (expected(Bound.AT_MOST, 2), True),
        (expected(Bound.AT_MOST, 1), False),
        (expected(Bound.EXACTLY, 2), True),
        (expected(Bound.EXACTLY, 3), True),
        (expected(Bound.EXACTLY, 1), False),
        (sequence("A", "B"), False),
        (sequence("B", "B"), True),
    ],
)
def test_calls_that_were_lost_never_make_an_answer_wrong(
    expectation: Expectation, *, depends: bool
) -> None:
    journal = replace(JOURNAL, lost=4)
    found = [replace(call, number=call.number + 4) for call in calls("A", "B", "A")]
    if depends:
        with pytest.raises(HnsError, match="4 calls up to number 4 are lost") as refusal:
            verify(expectation, found, journal)
        assert refusal.value.hr is Hr.E_JOURNAL_ENTRY_DELETED
    else:
        verify(expectation, found, journal)
    verify(expectation, found, journal, since=4)
    verify(expectation, found, replace(journal, cleared=4))


def test_a_body_that_was_cut_never_makes_an_answer_wrong() -> None:
    call = replace(CALL, request=Body('{"Na', 100, is_cut=True))
    never = Expectation((CallMatch(request={"Name": "pod-1"}),), Bound.EXACTLY, 0)
    with pytest.raises(HnsError, match="a body of call 1 is longer"):
        verify(never, [call], JOURNAL)
    of_other = Expectation((CallMatch(operation="A", name="pod-1"),), Bound.EXACTLY, 0)
    assert verify(of_other, [call], JOURNAL).is_met
    by_text = Expectation((CallMatch(text="pod-1"),), Bound.AT_LEAST, 1)
    with pytest.raises(HnsError, match="body_bytes"):
        verify(by_text, [call], JOURNAL)


LOST = Call("A", "GET", "/", number=1, request=Body("{}", 2), is_lost=True)


@pytest.mark.parametrize(
    "match",
    [
        CallMatch(status=404),
        CallMatch(hresult=0),
        CallMatch(answer={"ID": "a"}),
        CallMatch(text="a word of the answer"),
    ],
)
def test_an_answer_that_was_lost_with_the_service_never_makes_an_answer_wrong(
    match: CallMatch,
) -> None:
    with pytest.raises(HnsError, match="killed before call 1 was answered"):
        verify(Expectation((match,), Bound.EXACTLY, 0), [LOST], Journal(JournalSettings()))


def test_a_lost_call_was_called_all_the_same() -> None:
    never = Expectation((CallMatch(operation="A"),), Bound.EXACTLY, 0)
    assert not verify(never, [LOST], Journal(JournalSettings())).is_met
    status = Expectation((CallMatch(status=200),), Bound.EXACTLY, 0)
    answered = replace(LOST, status=404)
    assert verify(status, [answered], Journal(JournalSettings())).is_met


def test_calls_that_could_not_be_stored_never_make_an_answer_wrong() -> None:
    with pytest.raises(HnsError, match="2 calls could not be stored"):
        verify(expected(Bound.EXACTLY, 0), [], Journal(JournalSettings(), missed=2))


def test_a_journal_that_is_off_proves_nothing() -> None:
    with pytest.raises(HnsError, match="is off"):
        verify(expected(Bound.EXACTLY, 0), [], replace(JOURNAL, is_on=False))


def test_the_nearest_calls_come_first() -> None:
    match = CallMatch(operation="HcnCreateEndpoint", request={"Name": "pod-1", "Flags": 1})
    other = replace(CALL, number=2, request=Body(json.dumps({"Name": "x", "Flags": 2}), 1))
    far = Call("HcnDeleteEndpoint", "DELETE", "/", number=3, request=CALL.request)
    verification = verify(Expectation((match,)), [far, other, CALL], JOURNAL)
    assert [miss.call.number for miss in verification.misses] == [1, 2, 3]
    assert [d.member for d in verification.misses[0].differences] == ["request.Flags"]


def test_no_call_is_missed_where_there_are_too_many() -> None:
    assert verify(expected(Bound.AT_MOST, 1), calls("A", "B", "A"), JOURNAL).misses == ()


def test_a_call_that_is_seen_is_no_near_miss() -> None:
    verification = verify(expected(Bound.EXACTLY, 3), calls("A", "B", "A"), JOURNAL)
    assert [miss.call.operation for miss in verification.misses] == ["B"]


@pytest.mark.parametrize(
    ("expectation", "text"),
    [
        (expected(Bound.EXACTLY, 0), "no call"),
        (expected(Bound.EXACTLY, 1), "exactly 1 call"),
        (expected(Bound.AT_LEAST, 2), "at least 2 calls"),
        (expected(Bound.AT_MOST, 0), "no call"),
        (sequence("A", "B"), "2 calls in this order"),
    ],
)
def test_an_expectation_is_said_in_words(expectation: Expectation, text: str) -> None:
    assert expectation.text == text
