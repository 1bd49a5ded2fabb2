"""The journal of a host: what programs called, whether a call is meant, and what is proven by it.

A verification never says no because calls are missing: where the answer depends on calls that the
journal has lost, it says so instead.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from hnsemu.domain.storable import storable
from hnsemu.domain.wildcards import matches
from hnsemu.errors import HnsError, Hr


@dataclass(frozen=True, slots=True)
class Change:
    """What a call did to one object. kind: "network", "endpoint", …, in the words of HCN."""

    kind: str
    object_id: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class JournalSettings:
    """How much a journal keeps. calls: how many; bytes: of all together; body: of each body."""

    calls: int = 1000
    bytes: int = 4 * 1024 * 1024
    body: int = 16 * 1024


@dataclass(frozen=True, slots=True)
class Body:
    """What was sent or answered: its text, or the beginning if it `is_cut`. size: of all, bytes."""

    text: str = ""
    size: int = 0
    is_cut: bool = False


def body_of(content: bytes, most: int, size: int | None = None) -> Body:
    """Return at most the first `most` bytes of a body; what is no UTF-8 is replaced.

    content: all of it, or the beginning of `size` bytes.
    """
    size = len(content) if size is None else size
    text = storable(content[:most].decode("utf-8", "replace"))
    return Body(text, size, size > min(most, len(content)))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who called: its address, what it calls itself, and its process where the DLL named it.

    function: of the DLL.
    """

    address: str = ""
    agent: str = ""
    process: str = ""
    function: str = ""

    @property
    def operation(self) -> str:
        """Return the function of the DLL if it names the call; HNSCall is named by its path."""
        return self.function if self.function.startswith("Hc") else ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a program.

    number:       counts upwards in the order of the answers; 0 until it is stored.
    started:      FILETIME.
    microseconds: until the answer was complete.
    path:         below the host, with the query.
    status:       of HTTP; 0 where the connection was dropped, or nothing is answered yet.
    hresult:      None where the door has none.
    fault:        the number of the fault that acted, "" for none.
    is_running:   whether the answer still lasts.
    is_lost:      whether the service was killed while it lasted: what is known of the answer is
                  what was known then.
    """

    operation: str
    method: str
    path: str
    started: int = 0
    number: int = 0
    microseconds: int = 0
    status: int = 0
    hresult: int | None = None
    request: Body = field(default_factory=Body)
    answer: Body = field(default_factory=Body)
    changes: tuple[Change, ...] = ()
    caller: Caller = field(default_factory=Caller)
    fault: str = ""
    is_running: bool = False
    is_lost: bool = False

    @property
    def size(self) -> int:
        """Return about how many bytes the journal needs for the call."""
        return 256 + len(self.request.text) + len(self.answer.text) + len(self.path)


@dataclass(frozen=True, slots=True)
class Journal:
    """The state of a host's journal.

    last:    number of the newest call.
    cleared: calls up to this number were removed on demand.
    lost:    calls up to this number were lost: there were too many, or the service was killed.
    missed:  how many calls this process could not store, of a replica or a database that is away.
    """

    settings: JournalSettings
    is_on: bool = True
    last: int = 0
    cleared: int = 0
    lost: int = 0
    missed: int = 0

    def lost_behind(self, number: int) -> int:
        """Return how many calls behind a number were lost."""
        return max(0, self.lost - max(number, self.cleared)) + self.missed


@dataclass(frozen=True, slots=True)
class CallMatch:
    """Which calls are meant: those in which every member that is given agrees.

    operation, method, path, name, process, agent: patterns with `*` and `?`.
    status:  404, or 4 for all of the four hundreds.
    text:    is in the path, the request or the answer.
    request: a JSON value that the request has, objects with more members at will.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    name: str | None = None
    process: str | None = None
    agent: str | None = None
    status: int | None = None
    hresult: int | None = None
    text: str | None = None
    request: object = None
    answer: object = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One member in which a call is not what was looked for.

    member:     such as request.Name.
    is_unknown: whether the journal does not have the part of the call that would tell.
    """

    member: str
    expected: str
    found: str
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A call that was nearly meant, and in what it differs."""

    call: Call
    differences: tuple[Difference, ...]


class Bound(StrEnum):
    """How many calls a verification expects."""

    EXACTLY = "count"
    AT_LEAST = "atLeast"
    AT_MOST = "atMost"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a verification expects: so many calls of a kind, or calls of several kinds in order."""

    steps: tuple[CallMatch, ...]
    bound: Bound = Bound.AT_LEAST
    count: int = 1
    is_sequence: bool = False

    @property
    def text(self) -> str:
        """Return it in words."""
        if self.is_sequence:
            return f"{len(self.steps)} calls in this order"
        words = {Bound.EXACTLY: "exactly", Bound.AT_LEAST: "at least", Bound.AT_MOST: "at most"}
        if self.bound is not Bound.AT_LEAST and self.count == 0:
            return "no call"
        return f"{words[self.bound]} {self.count} call{'' if self.count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of an expectation. seen: the calls that are meant, or the steps that came."""

    expectation: Expectation
    is_met: bool
    seen: tuple[Call, ...]
    misses: tuple[NearMiss, ...]


_NEAREST = 3
_OPERATION_WEIGHT = 4  # another operation is further away than another member
_SHOWN = 120
_ABSENT = "(absent)"
_CUT = "(longer than the journal keeps)"
_LOST = "(lost with the service)"
_PER_CLASS = 100  # statuses of a class, such as 4xx


def is_meant(match: CallMatch, call: Call) -> bool:
    """Tell whether a call is one of those that are looked for."""
    return next(differences(match, call), None) is None


def differences(match: CallMatch, call: Call) -> Iterator[Difference]:
    """Yield the members in which a call is not what is looked for."""
    patterns = (
        ("operation", match.operation, call.operation),
        ("method", match.method, call.method),
        ("process", match.process, call.caller.process),
        ("agent", match.agent, call.caller.agent),
    )
    for member, pattern, text in patterns:
        if pattern is not None and not matches(pattern, text):
            yield Difference(member, pattern, text)
    bare = call.path.partition("?")[0]
    if match.path is not None and not any(matches(match.path, p) for p in (call.path, bare)):
        yield Difference("path", match.path, call.path)
    if match.name is not None and not matches(match.name, name_in(call.request.text)):
        found = name_in(call.request.text) or (_CUT if call.request.is_cut else _ABSENT)
        yield Difference("name", match.name, found, call.request.is_cut)
    if match.text is not None and not _contains(call, match.text):
        is_cut = call.request.is_cut or call.answer.is_cut or call.is_lost
        yield Difference("text", match.text, _CUT if is_cut else _ABSENT, is_cut)
    if match.request is not None:
        yield from _of_body("request", match.request, call.request)
    yield from _of_answer(match, call)


def _of_answer(match: CallMatch, call: Call) -> Iterator[Difference]:
    """Yield in what an answer is not what is looked for; that of a lost call is not known."""
    is_unknown = call.is_lost and not call.status
    if match.status is not None and match.status not in {call.status, call.status // _PER_CLASS}:
        found = _LOST if is_unknown else str(call.status)
        yield Difference("status", _status(match.status), found, is_unknown)
    if match.hresult is not None and match.hresult != call.hresult:
        found = _LOST if is_unknown else _hex(call.hresult)
        yield Difference("hresult", _hex(match.hresult), found, is_unknown)
    if match.answer is not None and call.is_lost:
        yield Difference("answer", _shown(match.answer), _LOST, is_unknown=True)
    elif match.answer is not None:
        yield from _of_body("answer", match.answer, call.answer)


def name_in(request: str) -> str:
    """Return the name that a document gives its object, "" for none."""
    document = _parsed(request)
    if not isinstance(document, Mapping):
        return ""
    name = document.get("Name", document.get("name", ""))
    return name if isinstance(name, str) else ""


def verify(
    expectation: Expectation, calls: Sequence[Call], journal: Journal, since: int = 0
) -> Verification:
    """Hold an expectation against the calls behind the number `since`, oldest first.

    Raises: E_JOURNAL_ENTRY_DELETED where the answer depends on calls that were lost, or on bodies
            that were cut, or the journal is off.
    """
    if not journal.is_on:
        raise HnsError(
            Hr.E_JOURNAL_ENTRY_DELETED,
            "the journal of this host is off, so nobody knows what was called; "
            'PUT {"enabled": true} to its journal, then make the calls',
        )
    seen, missing = _seen(expectation, calls)
    is_met = _is_met(expectation, len(seen))
    if _depends_on_more(expectation, len(seen), is_met=is_met):
        _check_complete(expectation, calls, journal, since)
    too_few = not is_met and (expectation.is_sequence or len(seen) < expectation.count)
    misses = nearest(missing, calls, seen) if too_few and missing is not None else ()
    return Verification(expectation, is_met, seen, misses)


def nearest(match: CallMatch, calls: Sequence[Call], seen: Sequence[Call]) -> tuple[NearMiss, ...]:
    """Return the calls that come nearest to what is looked for, the nearest first."""
    met = {call.number for call in seen}
    misses = [
        NearMiss(call, found)
        for call in calls
        if call.number not in met and (found := tuple(differences(match, call)))
    ]
    misses.sort(key=lambda miss: (_distance(miss), -miss.call.number))
    return tuple(misses[:_NEAREST])


def _seen(
    expectation: Expectation, calls: Sequence[Call]
) -> tuple[tuple[Call, ...], CallMatch | None]:
    """Return the calls that are meant, and what no call was found for."""
    if not expectation.is_sequence:
        (match,) = expectation.steps
        return tuple(call for call in calls if is_meant(match, call)), match
    seen: list[Call] = []
    coming = iter(calls)
    for step in expectation.steps:
        found = next((call for call in coming if is_meant(step, call)), None)
        if found is None:
            return tuple(seen), step
        seen.append(found)
    return tuple(seen), None


def _check_complete(
    expectation: Expectation, calls: Sequence[Call], journal: Journal, since: int
) -> None:
    if journal.missed:
        raise HnsError(
            Hr.E_JOURNAL_ENTRY_DELETED,
            f"{journal.missed} calls could not be stored and could change the answer: the database "
            "of this service is a replica, or was away; let programs call a service that may write",
        )
    lost = journal.lost_behind(since)
    if lost:
        raise HnsError(
            Hr.E_JOURNAL_ENTRY_DELETED,
            f"{lost} calls up to number {journal.lost} are lost and could change the answer; "
            f"verify those since {journal.lost}, or give the journal more room and begin again "
            "with DELETE",
        )
    for call in calls:
        for step in expectation.steps:
            found = tuple(differences(step, call))
            if not found or not all(difference.is_unknown for difference in found):
                continue
            if call.is_lost:
                raise HnsError(
                    Hr.E_JOURNAL_ENTRY_DELETED,
                    f"the service was killed before call {call.number} was answered, and what it "
                    "would have answered could change this answer; make the calls again, and "
                    f"verify those since {journal.last}",
                )
            raise HnsError(
                Hr.E_JOURNAL_ENTRY_DELETED,
                f"a body of call {call.number} is longer than the journal keeps, and what is "
                "missing could change the answer; PUT a larger body_bytes to the journal and "
                "make the calls again",
            )


def _is_met(expectation: Expectation, count: int) -> bool:
    if expectation.is_sequence:
        return count == len(expectation.steps)
    if expectation.bound is Bound.AT_LEAST:
        return count >= expectation.count
    if expectation.bound is Bound.AT_MOST:
        return count <= expectation.count
    return count == expectation.count


def _depends_on_more(expectation: Expectation, count: int, *, is_met: bool) -> bool:
    """Tell whether more calls than those that are known could change the outcome."""
    if expectation.is_sequence or expectation.bound is Bound.AT_LEAST:
        return not is_met
    return count <= expectation.count


def _distance(miss: NearMiss) -> int:
    return sum(
        _OPERATION_WEIGHT if difference.member == "operation" else 1
        for difference in miss.differences
    )


def _of_body(member: str, wanted: object, body: Body) -> Iterator[Difference]:
    if body.is_cut:
        yield Difference(member, _shown(wanted), _CUT, is_unknown=True)
        return
    document = _parsed(body.text)
    if document is None:
        yield Difference(member, _shown(wanted), body.text[:_SHOWN] or _ABSENT)
        return
    yield from _of_value(member, wanted, document)


def _of_value(member: str, wanted: object, found: object) -> Iterator[Difference]:
    """Yield where a JSON value does not have what is wanted."""
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        for name, value in wanted.items():
            if name in found:
                yield from _of_value(f"{member}.{name}", value, found[name])
            else:
                yield Difference(f"{member}.{name}", _shown(value), _ABSENT)
        return
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, (value, other) in enumerate(zip(wanted, found, strict=True)):
            yield from _of_value(f"{member}[{index}]", value, other)
        return
    if wanted != found or isinstance(wanted, bool) is not isinstance(found, bool):
        yield Difference(member, _shown(wanted), _shown(found))


def _parsed(text: str) -> object:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def _contains(call: Call, text: str) -> bool:
    text = text.lower()
    return any(text in part.lower() for part in (call.path, call.request.text, call.answer.text))


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _hex(hresult: int | None) -> str:
    return _ABSENT if hresult is None else f"{hresult:#010x}"


def _status(status: int) -> str:
    return f"{status}xx" if status < _PER_CLASS else str(status)
