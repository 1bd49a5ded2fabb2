"""What a real host answered otherwise than the emulated one.

Ids, addresses, MACs and times that HNS chose are compared by what they are, not by their value.
What the plan itself names keeps its value.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from hnsemu.dumps.comparison import expected_reason
from hnsemu.parity.calls import NOBODY
from hnsemu.parity.plans import texts_of

Json = Any

_GUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_MAC = r"\b[0-9A-Fa-f]{2}(?:[-:][0-9A-Fa-f]{2}){5}\b"
_IPV4 = r"\b\d{1,3}(?:\.\d{1,3}){3}\b"
_TIME = r"\d{4}-\d{2}-\d{2}T[0-9:.]+Z?"
_PARTS = re.compile(
    rf"(?P<guid>{_GUID})|(?P<time>{_TIME})|(?P<mac>{_MAC})|(?P<address>{_IPV4})",
)
_IPV6 = re.compile(r"(?P<address>[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?P<length>/\d{1,3})?")
_ZERO = "00000000-0000-0000-0000-000000000000"
_TIMED = re.compile(r"(.*\.)?\w*Time")
_WORDS = re.compile(r"(answer|error)\.(Error|Detail)")
_WORDING = "it is for people, in the language of the machine"
_OF_MACHINE = {
    "ServerList", "Search", "Suffix", "Domain", "DNSServerList", "DNSSuffix", "DNSDomain",
    "NetworkAdapterName",
}  # fmt: skip
_OWN = "it is of the machine: its resolver, or its adapter"
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Finding:
    """A member of an answer that differs. step: its number from 1, and its name or function.

    member: "hresult", or the path of a member. there, here: None where there is nothing. reason:
    why that is expected; "" where it is not.
    """

    step: str
    member: str
    there: Json
    here: Json
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the comparison of a case says. unplayed: why it says nothing; "" if it does."""

    section: str
    row: str
    findings: tuple[Finding, ...] = ()
    unplayed: str = ""

    @property
    def differs(self) -> bool:
        """Tell whether there is a difference that is not expected."""
        return any(not finding.reason for finding in self.findings)


def outcome(
    case: Mapping[str, Json], there: Sequence[Json] | None, here: Sequence[Json]
) -> Outcome:
    """Compare the results of a case on a real host with those on the emulated one."""
    section, row = case["section"], case["row"]
    if there is None:
        return Outcome(section, row, unplayed="the recording ended before it")
    if all("skipped" in result for result in there):
        return Outcome(section, row, unplayed=str(there[0]["skipped"]))
    theirs, ours = _Roles(case, there), _Roles(case, here)
    findings: list[Finding] = []
    for number, (step, told, own) in enumerate(zip(case["steps"], there, here, strict=True), 1):
        called = f"{number} ({step.get('name') or step['call']})"
        if "skipped" in told or "skipped" in own:
            findings += _unplayed(called, told.get("skipped"), own.get("skipped"))
            continue
        pairs = _differing(theirs.plain(told), ours.plain(own), "")
        findings += (_finding(called, *pair) for pair in pairs)
        if case.get("order"):
            findings += (
                Finding(called, f"order of {at or 'members'}", list(one), list(other))
                for at, one, other in _reordered(told.get("answer"), own.get("answer"), "")
            )
    return Outcome(section, row, tuple(findings))


def _unplayed(step: str, there: Json, here: Json) -> Iterator[Finding]:
    if there != here:
        yield Finding(step, "skipped", there, here, "an earlier step went otherwise, or ended it")


def planned_parts(steps: Sequence[Json]) -> set[str]:
    """Return the ids, addresses and MACs that the steps of a plan name, in small letters."""
    planned = json.dumps(steps).lower()
    found = {part[0] for part in _PARTS.finditer(planned)} | {NOBODY, _ZERO, "0.0.0.0"}  # noqa: S104 (compared)
    return found | {item.partition("/")[0] for item in re.findall(r'"([0-9a-f:/]+)"', planned)}


def _finding(step: str, member: str, there: Json, here: Json) -> Finding:
    if _WORDS.fullmatch(member):
        return Finding(step, member, there, here, _WORDING)
    if member.rpartition(".")[2] in _OF_MACHINE:
        return Finding(step, member, there, here, _OWN)
    inner = re.sub(r"^(answer|error)(\.Output)?(\[\d+\])?\.?", "", member)
    return Finding(step, member, there, here, expected_reason(inner) if inner else "")


class _Roles:
    """What the values that HNS chose are, in the results of one host."""

    def __init__(self, case: Mapping[str, Json], results: Sequence[Mapping[str, Json]]) -> None:
        self._planned = planned_parts(case["steps"])
        self._said = {text.lower() for text in texts_of(case["steps"])}
        self._ids: dict[str, str] = {}
        for step, result in zip(case["steps"], results, strict=True):
            answer = result.get("answer")
            shown = answer.get("Output", answer) if isinstance(answer, dict) else None
            number = shown.get("ID") if isinstance(shown, dict) else None
            if "name" in step and isinstance(number, str):
                self._ids.setdefault(number.lower(), f"<id of {step['name']}>")

    def plain(self, value: Json, member: str = "") -> Json:
        """Return a value in which what HNS chose is replaced by what it is."""
        if isinstance(value, Mapping):
            return {name: self.plain(item, name) for name, item in value.items()}
        if member in _OF_MACHINE and value and not self._says(value):
            return "<of the machine>"
        if isinstance(value, list):
            return [self.plain(item, member) for item in value]
        if _TIMED.fullmatch(member) and isinstance(value, (int, float, str)):
            return "<time>"
        return self._text(value) if isinstance(value, str) else value

    def _says(self, value: Json) -> bool:
        """Tell whether the plan says this text, or these."""
        texts = value if isinstance(value, list) else [value]
        return all(str(text).lower() in self._said for text in texts)

    def _text(self, text: str) -> str:
        whole = _IPV6.fullmatch(text)
        if whole and _is_address(whole["address"]):
            own = whole["address"].lower() in self._planned
            return text.lower() if own else f"<address>{whole['length'] or ''}"
        return _PARTS.sub(self._part, text)

    def _part(self, found: re.Match[str]) -> str:
        value = found[0].lower()
        if found.lastgroup == "guid":
            return self._ids.get(value) or (value if value in self._planned else "<id>")
        spellings = {value, value.replace("-", ":"), value.replace(":", "-")}
        return value if spellings & self._planned else f"<{found.lastgroup}>"


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _differing(there: Json, here: Json, at: str) -> Iterator[tuple[str, Json, Json]]:
    """Yield the members that differ: those of the real host, then those of the emulated one."""
    if isinstance(there, Mapping) and isinstance(here, Mapping):
        for name in {**there, **here}:
            inner = f"{at}.{name}" if at else name
            yield from _differing(there.get(name, _NOTHING), here.get(name, _NOTHING), inner)
    elif isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
        for number, (one, other) in enumerate(zip(there, here, strict=True)):
            yield from _differing(one, other, f"{at}[{number}]")
    elif there != here or isinstance(there, bool) != isinstance(here, bool):
        yield at, _told(there), _told(here)


def _told(value: Json) -> Json:
    return None if value is _NOTHING else value


def _reordered(
    there: Json, here: Json, at: str
) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """Yield the objects whose common members stand in another order."""
    if isinstance(there, Mapping) and isinstance(here, Mapping):
        one = [name for name in there if name in here]
        other = [name for name in here if name in there]
        if one != other:
            yield at, one, other
        for name in one:
            yield from _reordered(there[name], here[name], f"{at}.{name}" if at else name)
    elif isinstance(there, list) and isinstance(here, list):
        for number, (first, second) in enumerate(zip(there, here, strict=False)):
            yield from _reordered(first, second, f"{at}[{number}]")
