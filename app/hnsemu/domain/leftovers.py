"""What programs made on a host and nobody removed, as the calls of its journal tell."""

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from hnsemu.domain.journal import Change

ObjectKey = tuple[str, str]
"""A kind of object and an id."""


@dataclass(frozen=True, slots=True)
class Maker:
    """A call that created or removed objects. request: its body, as much as the journal has."""

    number: int
    operation: str
    request: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Leftover:
    """An object and the call that made it. name: as the call has it, "" where it has none."""

    kind: str
    object_id: str
    name: str
    number: int
    operation: str


def made(calls: Iterable[Maker]) -> dict[ObjectKey, Leftover]:
    """Return what the calls created and did not remove, in the order of creation."""
    found: dict[ObjectKey, Leftover] = {}
    for call in calls:
        for change in call.changes:
            key = (change.kind, change.object_id)
            found.pop(key, None)
            if change.is_new:
                found[key] = Leftover(*key, _name(call.request), call.number, call.operation)
    return found


def left(found: Mapping[ObjectKey, Leftover], present: Container[ObjectKey]) -> list[Leftover]:
    """Return what is still there: restarts of HNS and restored snapshots remove without a call."""
    return [leftover for key, leftover in found.items() if key in present]


def _name(request: str) -> str:
    try:
        document: object = json.loads(request)
    except (ValueError, RecursionError):
        return ""
    return str(document.get("Name") or "") if isinstance(document, Mapping) else ""
