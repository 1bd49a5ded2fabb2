"""What programs made on a host and nobody removed, as the calls of its journal tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hnsemu.domain.journal import Change

ObjectKey = tuple[str, str]
"""A kind of object and an id."""


@dataclass(frozen=True, slots=True)
class Maker:
    """A call that created or removed objects."""

    number: int
    operation: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Leftover:
    """An object and the call that made it. name: "" where it has none."""

    kind: str
    object_id: str
    name: str
    number: int
    operation: str


def made(calls: Iterable[Maker]) -> dict[ObjectKey, Maker]:
    """Return what the calls created and did not remove, in the order of creation."""
    found: dict[ObjectKey, Maker] = {}
    for call in calls:
        for change in call.changes:
            key = (change.kind, change.object_id)
            found.pop(key, None)
            if change.is_new:
                found[key] = call
    return found


def left(found: Mapping[ObjectKey, Maker], present: Mapping[ObjectKey, str]) -> list[Leftover]:
    """Return what is still there: restarts of HNS and restored snapshots remove without a call.

    present: the names of all that is there.
    """
    return [
        Leftover(*key, present[key], maker.number, maker.operation)
        for key, maker in found.items()
        if key in present
    ]
