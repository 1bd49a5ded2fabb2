"""Saved states of the host: save, compare, return to one, forget one."""

from urllib.parse import quote

from fastapi import Response

from hnsemu.errors import HnsError, Hr
from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit
from hnsemu.schema.host.snapshots import snapshot_record
from hnsemu.services.hosts import snapshots

router = PageRouter(prefix="/ui")

_MOST = 500


@router.page("/snapshots", methods=("GET", "POST"))
def show_snapshots(visit: Visit) -> Response:
    """The snapshots, oldest first; a form saves, restores and deletes them."""
    if visit.request.method == "POST":
        return _changed(visit)
    saved = snapshots.list_snapshots(visit.hns)
    return visit.shown(
        "snapshots/list.html",
        "Snapshots",
        document=f"/emulator/hosts/{visit.hns.host_name}/snapshots",
        records=[
            snapshot_record(one.name, one.created, one.networks, one.endpoints, one.size)
            for one in saved
        ],
    )


@router.page("/snapshots/{snapshot}")
def show_differences(visit: Visit) -> Response:
    """What differs now from a snapshot."""
    name = snapshots.check_snapshot_name(visit.request.path_params["snapshot"])
    other = visit.asks("with")
    changes = snapshots.compare_snapshot(visit.hns, name, other)
    path = f"/emulator/hosts/{visit.hns.host_name}/snapshots/{quote(name)}/diff"
    return visit.shown(
        "snapshots/differences.html",
        f"Since {name}",
        document=path + (f"?with={quote(other)}" if other else ""),
        changes=changes[:_MOST],
        left_out=max(len(changes) - _MOST, 0),
        name=name,
        others=[one.name for one in snapshots.list_snapshots(visit.hns) if one.name != name],
    )


def _changed(visit: Visit) -> Response:
    form = visit.form()
    name = snapshots.check_snapshot_name(form.get("name", ""))
    action = form.get("action", "")
    if action == "save":
        snapshots.save_snapshot(visit.hns, name)
    elif action == "restore":
        snapshots.restore_snapshot(visit.hns, name)
    elif action == "delete":
        snapshots.delete_snapshot(visit.hns, name)
    else:
        raise HnsError(
            Hr.E_INVALIDARG, f"action {action!r} is unknown; use save, restore or delete"
        )
    return visit.elsewhere("/snapshots")
