"""What every object of HNS has: an id, names, versions and times."""

from dataclasses import dataclass
from typing import TypedDict

from hnsemu.domain.guid import ZERO
from hnsemu.domain.releases import Release
from hnsemu.domain.source import Source


class Identity(TypedDict):
    """The members that all objects share, as arguments of their classes.

    created, updated: FILETIMEs. additional_params: JSON text.
    """

    id: str
    name: str
    owner: str
    version: int
    schema_version: tuple[int, int]
    additional_params: str
    activity_id: str
    created: int
    updated: int


@dataclass(frozen=True, slots=True)
class IdentityRequest:
    """What a document says of these members. additional_params: JSON text."""

    id: str = ""
    name: str = ""
    owner: str = ""
    schema_version: tuple[int, int] = (2, 0)
    additional_params: str = "{}"


def new_identity(request: IdentityRequest, release: Release, now: int, source: Source) -> Identity:
    """Return the identity of an object that is created at FILETIME `now`.

    Without an id, or with the id of zeros, HNS chooses one, as the HCN functions do.
    Source: hns-behaviour.md sections 3.1 (ids) and 3.3 (SchemaVersion echoed) [C], [O].
    """
    return Identity(
        id=request.id if request.id and request.id != ZERO else source.guid(),
        name=request.name,
        owner=request.owner,
        version=release.packed_version,
        schema_version=request.schema_version,
        additional_params=request.additional_params,
        activity_id=source.guid(),
        created=now,
        updated=now,
    )
