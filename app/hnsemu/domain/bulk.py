"""What becomes of the objects of one large request."""

from dataclasses import dataclass

from hnsemu.errors import HnsError


@dataclass(frozen=True, slots=True)
class Created:
    """An object that the request has created."""

    object_id: str


@dataclass(frozen=True, slots=True)
class Existing:
    """An object with an id that was there before; it stays as it is."""

    object_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An object that was not created, and why."""

    object_id: str
    error: HnsError


Outcome = Created | Existing | Refused
