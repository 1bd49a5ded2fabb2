"""The columns that every object has, written and read."""

from typing import Any, Protocol

from sqlalchemy import Row

from hnsemu.domain.identity import Identity


class _Identified(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def schema_version(self) -> tuple[int, int]: ...
    @property
    def additional_params(self) -> str: ...
    @property
    def activity_id(self) -> str: ...
    @property
    def created(self) -> int: ...
    @property
    def updated(self) -> int: ...


def identity_values(item: _Identified) -> dict[str, object]:
    """Return the columns of `_base` and the id."""
    major, minor = item.schema_version
    return {
        "id": item.id,
        "name": item.name,
        "owner": item.owner,
        "version": item.version,
        "schema_major": major,
        "schema_minor": minor,
        "additional_params": item.additional_params,
        "activity_id": item.activity_id,
        "created": item.created,
        "updated": item.updated,
    }


def identity_of(row: Row[Any]) -> Identity:
    """Return what a row says in these columns."""
    return Identity(
        id=row.id,
        name=row.name,
        owner=row.owner,
        version=row.version,
        schema_version=(row.schema_major, row.schema_minor),
        additional_params=row.additional_params,
        activity_id=row.activity_id,
        created=row.created,
        updated=row.updated,
    )
