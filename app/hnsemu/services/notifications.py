"""Reading notifications: from now on, or from behind a number that was seen."""

from collections.abc import Sequence
from dataclasses import replace

from hnsemu.domain.notifications import (
    Handle,
    HcnNotification,
    Page,
    Position,
    StoredNotification,
    lowest_number,
)
from hnsemu.errors import HnsError, Hr
from hnsemu.storage import notifications as storage
from hnsemu.storage.transaction import Transaction, reads

_AT_ONCE = 200

_UNKNOWN = {
    Handle.NETWORK: (Hr.HCN_E_NETWORK_NOT_FOUND, "network"),
    Handle.GUEST_NETWORK_SERVICE: (Hr.E_ELEMENT_NOT_FOUND, "guest network service"),
}


@reads
def begin(
    tx: Transaction, handle: Handle, object_id: str = "", after: int | None = None
) -> Position:
    """Return where a reader stands that hears what happens from now on, or behind `after`.

    after: number of the notification seen last; 0 stands before the oldest one that is kept.
    Raises: E_ELEMENT_NOT_FOUND for an unknown host, HCN_E_NETWORK_NOT_FOUND,
            E_JOURNAL_ENTRY_DELETED when something behind `after` is not there any more.
    """
    host_key = tx.host.key
    object_key = storage.object_key(tx.connection, host_key, handle, object_id)
    if object_key is None:
        hr, noun = _UNKNOWN[handle]
        raise HnsError(hr, f"no {noun} has the ID {object_id}; list them to see which exist")
    last = storage.last(tx.connection, host_key) or 0
    position = Position(host_key, last, handle, object_id, object_key, last)
    if after is None:
        return position
    lowest = lowest_number(storage.oldest(tx.connection, host_key), last)
    if after and not lowest <= after <= last:
        raise HnsError(
            Hr.E_JOURNAL_ENTRY_DELETED,
            f"this host cannot go on behind notification {after}: it has those behind {lowest}, up "
            f"to {last}; read the objects again and start without Last-Event-ID and after",
        )
    return replace(position, number=after or lowest)


@reads
def newest(tx: Transaction, most: int) -> Sequence[StoredNotification]:
    """Return the newest notifications of the host on any handle, the newest first.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return storage.newest(tx.connection, tx.host.key, most)


@reads
def read_on(tx: Transaction, position: Position) -> Page:
    """Return the next notifications of a reader.

    A Windows callback hears nothing after ServiceDisconnect, so a reader's page ends behind it; it
    may begin again there. The order of the statements matters: SQLite shows each of them what was
    committed by then.
    """
    connection, host_key = tx.connection, position.host_key
    last = storage.last(connection, host_key)
    if last is None:
        return Page((), position, end="the host was removed")
    is_same = storage.is_same_object(connection, position)
    notifications = storage.behind(
        connection, host_key, position.number, position.subject, _AT_ONCE
    )
    if position.number < lowest_number(storage.oldest(connection, host_key), last):
        return Page((), position, end="the host was reset, or the reader is too far behind")
    for count, notification in enumerate(notifications, 1):
        if notification.kind is HcnNotification.SERVICE_DISCONNECT:
            here = replace(position, number=notification.number)
            return Page(notifications[:count], here, end="HNS stopped; register again")
    newest = notifications[-1].number if notifications else 0
    if len(notifications) == _AT_ONCE:
        return Page(notifications, replace(position, number=newest), has_more=True)
    end = "" if is_same else "the object was deleted"
    here = replace(position, number=max(last, newest), checked=last)
    return Page(notifications, here, end=end)
