"""Snapshots: states of a host that its tester names, compares and returns to."""

import re

from hnsemu.domain.hosts import Machine
from hnsemu.domain.state.differences import ObjectChange, differences
from hnsemu.domain.state.shapes import Json
from hnsemu.errors import HnsError, Hr
from hnsemu.services.hosts.state import new_state, restore, state_of
from hnsemu.storage import snapshots
from hnsemu.storage.snapshots import Snapshot
from hnsemu.storage.transaction import Transaction, reads, writes

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MOST = 100


def check_snapshot_name(name: str) -> str:
    """Return `name`, or refuse it unless it can be a snapshot's.

    Raises: E_INVALIDARG.
    """
    if _NAME.fullmatch(name) is None:
        raise HnsError(
            Hr.E_INVALIDARG,
            f"{name!r} cannot name a snapshot; write 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'",
        )
    return name


@reads
def list_snapshots(tx: Transaction) -> list[Snapshot]:
    """Return the snapshots of the host, oldest first."""
    return snapshots.all_of(tx)


@writes
def save_snapshot(tx: Transaction, name: str) -> tuple[Snapshot, bool]:
    """Save the state of the host under a name; return it, and whether the name is new.

    Raises: E_INVALIDARG when the host has as many as it can have.
    """
    before = snapshots.all_of(tx)
    if len(before) >= _MOST and all(known.name != name for known in before):
        raise HnsError(Hr.E_INVALIDARG, f"the host has {_MOST} snapshots; delete one")
    is_new = snapshots.save(tx, name, state_of(tx))
    return next(saved for saved in snapshots.all_of(tx) if saved.name == name), is_new


@reads
def get_snapshot(tx: Transaction, name: str) -> dict[str, Json]:
    """Return the state that was saved.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return _found(tx, name)


def go_back(tx: Transaction, name: str) -> Machine:
    """Make the host what it was when it was saved, inside another use case.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    machine, _ = restore(tx, new_state(_found(tx, name), tx.clients))
    return machine


restore_snapshot = writes(go_back)


@reads
def compare_snapshot(tx: Transaction, name: str, other: str = "") -> list[ObjectChange]:
    """Return what differs now, or in another snapshot, from what was saved.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    before = _found(tx, name)
    return differences(before, _found(tx, other) if other else state_of(tx))


@writes
def delete_snapshot(tx: Transaction, name: str) -> None:
    """Forget a snapshot.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    if not snapshots.remove(tx, name):
        raise _unknown(tx, name)


def _found(tx: Transaction, name: str) -> dict[str, Json]:
    state = snapshots.find(tx, name) if _NAME.fullmatch(name) else None
    if state is None:
        raise _unknown(tx, name)
    return state


def _unknown(tx: Transaction, name: str) -> HnsError:
    known = ", ".join(snapshot.name for snapshot in snapshots.all_of(tx)) or "none"
    what = f"host {tx.host_name!r} has no snapshot {name!r}; it has {known}"
    return HnsError(Hr.E_ELEMENT_NOT_FOUND, what)
