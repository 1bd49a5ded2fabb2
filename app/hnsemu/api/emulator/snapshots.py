"""/emulator/hosts/{name}/snapshots: saved states, to return to and to compare with."""

from typing import Annotated

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.declarations import PathParameter, QueryParameter
from hnsemu.api.deps import call
from hnsemu.api.pace import Pace
from hnsemu.api.parameters import HostName
from hnsemu.api.router import ControlRouter
from hnsemu.schema.host.definition import HostRecord, host_record
from hnsemu.schema.host.snapshots import (
    SnapshotRecord,
    StateDifference,
    difference_text,
    snapshot_record,
)
from hnsemu.schema.host.state import HostState
from hnsemu.schema.host.state_text import json_text
from hnsemu.services.hosts import snapshots
from hnsemu.storage.snapshots import Snapshot

router = ControlRouter(prefix="/hosts")

SnapshotName = Annotated[
    str,
    PathParameter(
        name="snapshot",
        description="Name of the snapshot: letters, digits, dots, hyphens.",
        example="before-upgrade",
        read=snapshots.check_snapshot_name,
    ),
]
OtherName = Annotated[
    str,
    QueryParameter(
        name="with",
        description="Another snapshot to compare with; without it, the host as it is now.",
        default="",
    ),
]


@router.operation("GET", "/{name}/snapshots", gives=SnapshotRecord, many=True)
async def list_snapshots(request: Request, _host: HostName) -> Response:
    """The snapshots of the host, oldest first."""
    return answers.texts(map(_text, await call(request, snapshots.list_snapshots)))


@router.operation(
    "PUT", "/{name}/snapshots/{snapshot}", gives=SnapshotRecord, may_create=True, pace=Pace.LONG
)
async def save_snapshot(request: Request, _host: HostName, name: SnapshotName) -> Response:
    """Save the state of the host under this name (201), or in place of the one it has (200)."""
    snapshot, is_new = await call(request, snapshots.save_snapshot, name)
    return answers.text(_text(snapshot), 201 if is_new else 200)


@router.operation("GET", "/{name}/snapshots/{snapshot}", gives=HostState, pace=Pace.LONG)
async def get_snapshot(request: Request, _host: HostName, name: SnapshotName) -> Response:
    """The state that was saved, as a document."""
    return answers.text(json_text(await call(request, snapshots.get_snapshot, name)))


@router.operation("POST", "/{name}/snapshots/{snapshot}/restore", gives=HostRecord, pace=Pace.LONG)
async def restore_snapshot(request: Request, _host: HostName, name: SnapshotName) -> Response:
    """Make the host what it was when it was saved. Snapshots stay."""
    machine = await call(request, snapshots.restore_snapshot, name)
    return answers.text(host_record(machine).model_dump_json())


@router.operation(
    "GET", "/{name}/snapshots/{snapshot}/diff", gives=StateDifference, many=True, pace=Pace.LONG
)
async def compare_snapshot(
    request: Request, _host: HostName, name: SnapshotName, other: OtherName
) -> Response:
    """What was added, removed and changed since the host was saved, or up to another snapshot."""
    changes = await call(request, snapshots.compare_snapshot, name, other)
    return answers.texts(map(difference_text, changes))


@router.operation("DELETE", "/{name}/snapshots/{snapshot}", status=204)
async def delete_snapshot(request: Request, _host: HostName, name: SnapshotName) -> Response:
    """Forget a snapshot."""
    await call(request, snapshots.delete_snapshot, name)
    return answers.nothing()


def _text(snapshot: Snapshot) -> str:
    return snapshot_record(
        snapshot.name, snapshot.created, snapshot.networks, snapshot.endpoints, snapshot.size
    ).model_dump_json()
