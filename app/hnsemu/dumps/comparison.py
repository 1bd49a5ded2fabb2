"""What a document of a real host says that the emulated host does not.

Only members that the real document has are compared: dumps are cut, by people and by PowerShell.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any

from hnsemu.domain.guid import is_guid, parse_guid

Json = Any


@dataclass(frozen=True, slots=True)
class Difference:
    """A member that differs. reason: why that is expected; "" where it is not."""

    member: str
    dump: Json
    host: Json
    reason: str


_ANY = ("0.0.0.0/0", str(IPv4Address(0)))
_ZEROS = ("NAT", "Host")  # types
_LEFT_OUT = "HCN leaves zeros out of its answers"
_ASKED = "a request that leaves it to HNS"
_ADDED = "HNS adds to what a request names"
_CHOSEN = "HNS chooses it when it makes the object"
_COUNTED = "it counts what the host has had"
_TIMED = "it says when something happened"
_REASONS = (
    (r"ActivityId|LayeredOn|SwitchGuid|SwitchName|.*parentId", _CHOSEN),
    (r"NatName|GatewayMac|DrMacAddress|DNSServerCompartment", _CHOSEN),
    (r"Resources(\..*)?|Allocators(\..*)?|.*InterfaceGuid|.*CompartmentGuid", _CHOSEN),
    (r"CompartmentId", _CHOSEN),
    (r"(CurrentEndpointCount|MaxConcurrentEndpoints|TotalEndpoints)", _COUNTED),
    (r"(.*\.)?Health(\..*)?|(.*\.)?(CreateProcessingStartTime|StartTime)", _TIMED),
    (r"(.*\.)?State", "it follows from what programs did since"),
    (r"(.*\.)?(ObjectType|Tag)", "HNS shows it of some builds only"),
    (r"Extensions(\..*)?|Extensions\[.*", "the extensions are those of the release"),
    (r"ComputedPolicies.*", "HNS computes it"),
    (r"(SharedContainers|Containers)(\[.*)?", "an import attaches no containers to a namespace"),
    (r"Version", "the release is the nearest known one"),
)


def differences(
    dump: Mapping[str, Json], host: Mapping[str, Json], *, is_request: bool | None = None
) -> list[Difference]:
    """Return the members of a real document in which the emulated one differs, in its order.

    is_request: whether HNS has not answered yet, so that it may say more; told by its ids.
    """
    if is_request is None:
        is_request = not any(name in dump for name in ("ID", "Id", "ActivityId", "Version"))
    return [
        Difference(member, theirs, ours, _reason(member, theirs, ours, is_request=is_request))
        for member, theirs, ours in _differing(dump, host, "")
    ]


def _reason(member: str, dump: Json, host: Json, *, is_request: bool) -> str:
    """Return why a member may differ."""
    if dump in _ANY:
        return _ASKED
    if host is None and dump in _ZEROS:
        return _LEFT_OUT
    if is_request and isinstance(dump, list) and isinstance(host, list):
        known = [_plain(item) for item in host]
        if all(any(_holds(item, _plain(one)) for item in known) for one in dump):
            return _ADDED
    return expected_reason(member)


def _holds(host: Json, dump: Json) -> bool:
    """Tell whether a value has all that a value of a request says."""
    if isinstance(dump, Mapping) and isinstance(host, Mapping):
        return all(_holds(host.get(name), value) for name, value in dump.items())
    return bool(host == dump)


def _differing(dump: Json, host: Json, at: str) -> Iterator[tuple[str, Json, Json]]:
    if isinstance(dump, Mapping) and isinstance(host, Mapping):
        for name, value in dump.items():
            yield from _differing(value, host.get(name), f"{at}.{name}" if at else name)
    elif isinstance(dump, list) and isinstance(host, list) and len(dump) == len(host):
        for number, (theirs, ours) in enumerate(zip(dump, host, strict=True)):
            yield from _differing(theirs, ours, f"{at}[{number}]")
    elif dump is not None and _plain(dump) != _plain(host):
        yield at, dump, host


def _plain(value: Json) -> Json:
    """Return a value as it is compared: nothing said is nothing, GUIDs and MACs have one case."""
    if isinstance(value, str):
        text = value.removeprefix("/endpoints/")
        if is_guid(text):
            return parse_guid(text)
        return text.upper().replace(":", "-") if _MAC.fullmatch(text) else text
    if isinstance(value, list):
        return [_plain(item) for item in value] or None
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()} or None
    return None if value in ("", 0) or value is False else value


_MAC = re.compile(r"[0-9A-Fa-f]{2}([-:][0-9A-Fa-f]{2}){5}")


def expected_reason(member: str) -> str:
    """Return why a member of a real document may differ, "" where it should not."""
    plain = re.sub(r"\[\d+\]", "", member)
    return next((why for pattern, why in _REASONS if re.fullmatch(pattern, plain)), "")
