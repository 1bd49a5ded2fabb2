"""Snapshots, and what differs from one, as /emulator shows them."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from hnsemu.domain.filetime import utc
from hnsemu.domain.state.differences import ObjectChange


class SnapshotRecord(BaseModel):
    """A saved state of a host. size: of its document as JSON."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(examples=["before-upgrade"])
    created: datetime
    networks: int
    endpoints: int
    size: int


class MemberDifference(BaseModel):
    """A member of a state document with another value; left out where nothing is said."""

    member: str = Field(examples=["policies"])
    before: Any = None
    after: Any = None


class StateDifference(BaseModel):
    """An object that was added, removed or changed."""

    change: str = Field(examples=["changed"])
    noun: str = Field(examples=["endpoint"])
    id: str = ""
    name: str = ""
    text: str = Field(description="The change as a sentence.")
    members: tuple[MemberDifference, ...] = ()


def snapshot_record(
    name: str, created: int, networks: int, endpoints: int, size: int
) -> SnapshotRecord:
    """Return the record of a snapshot. created: FILETIME."""
    return SnapshotRecord(
        name=name, created=utc(created), networks=networks, endpoints=endpoints, size=size
    )


def difference_text(change: ObjectChange) -> str:
    """Return a change as JSON text."""
    members = tuple(
        MemberDifference(member=member.member, before=member.before, after=member.after)
        for member in change.members
    )
    shown = StateDifference(
        change=change.change,
        noun=change.noun,
        id=change.id,
        name=change.name,
        text=change.text,
        members=members,
    )
    return shown.model_dump_json(exclude_none=True)
