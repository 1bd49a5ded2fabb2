"""Rows of notifications. The host's row counts them, and its lock keeps them in commit order."""

from collections.abc import Sequence
from functools import cache

import orjson
from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from hnsemu.domain.notifications import (
    Handle,
    HcnNotification,
    Notification,
    Position,
    StoredNotification,
)
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import (
    guest_network_services,
    hosts,
    networks,
    notification_numbers,
    notifications,
)
from hnsemu.storage.upserts import insert_into

_CHANNEL = "'hnsemu_notifications' || coalesce('_' || nullif(current_schema(), 'public'), '')"

CHANNEL_QUERY = f"SELECT {_CHANNEL}"
"""Asks PostgreSQL for the channel on which readers of this schema's tables are woken; the payload
is the key of a host."""

EVERYONE = 0
"""In place of the key of a host: the readers of all hosts."""

# Old rows go by so many at once: a write that removes some is as short as the others.
_AT_ONCE = 64

_COUNT = Prepared(
    update(hosts)
    .where(hosts.c.key == bindparam("b_key"))
    .values(last_notification=hosts.c.last_notification + bindparam("b_count"))
    .returning(hosts.c.last_notification)
)
_INSERT = Prepared(insert(notifications), [column.name for column in notifications.columns])
_PRUNE = Prepared(
    delete(notifications).where(
        notifications.c.host_key == bindparam("host_key"),
        notifications.c.number <= bindparam("number"),
    )
)
_WAKE = Prepared(
    select(func.pg_notify(literal_column(_CHANNEL), bindparam("payload")).label("done"))
)
_LAST = Prepared(select(hosts.c.last_notification).where(hosts.c.key == bindparam("key")))
# What tells an object from one created later under its id. SQLite gives the key of a guest network
# service again when it is deleted, so there `_DELETED` has to be asked, too.
_KEY = {
    handle: Prepared(
        select(column).where(
            column.table.c.host_key == bindparam("host_key"), column.table.c.id == bindparam("id")
        )
    )
    for handle, column in (
        (Handle.NETWORK, networks.c.key),
        (Handle.GUEST_NETWORK_SERVICE, guest_network_services.c.key),
    )
}
_DELETED = Prepared(
    select(notifications.c.number)
    .where(
        notifications.c.host_key == bindparam("host_key"),
        notifications.c.number > bindparam("number"),
        notifications.c.type == int(HcnNotification.GUEST_NETWORK_SERVICE_DELETE),
        notifications.c.data.contains(bindparam("id")),
    )
    .limit(1)
)
_USED = Prepared(select(func.coalesce(func.max(notification_numbers.c.used), 0).label("used")))
_OLDEST = Prepared(
    select(notifications.c.number)
    .where(notifications.c.host_key == bindparam("host_key"))
    .order_by(notifications.c.number)
    .limit(1)
)
_BEHIND = Prepared(
    select(notifications.c.number, notifications.c.type, notifications.c.data)
    .where(
        notifications.c.host_key == bindparam("host_key"),
        notifications.c.number > bindparam("number"),
        or_(
            notifications.c.subject == bindparam("subject"),
            notifications.c.type == int(HcnNotification.SERVICE_DISCONNECT),
        ),
    )
    .order_by(notifications.c.number)
    .limit(bindparam("limit"))
)

_NEWEST = (
    select(notifications.c.number, notifications.c.type, notifications.c.data)
    .where(notifications.c.host_key == bindparam("host_key"))
    .order_by(notifications.c.number.desc())
    .limit(bindparam("limit"))
)


@cache
def _note_used(dialect: str) -> Prepared:
    statement = insert_into(notification_numbers, dialect)
    used = statement.excluded.used
    later = statement.on_conflict_do_update(
        index_elements=["key"], set_={"used": used}, where=notification_numbers.c.used < used
    )
    return Prepared(later, ["key", "used"])


def insert_all(
    connection: Connection, host_key: int, new: Sequence[Notification], keep: int
) -> None:
    """Number and insert new notifications; of those before, the newest `keep` stay at least."""
    last = int(_COUNT.scalar(connection, {"b_key": host_key, "b_count": len(new)}))
    before = last - len(new)
    for number, notification in enumerate(new, before + 1):
        _INSERT.run(
            connection,
            {
                "host_key": host_key,
                "number": number,
                "type": int(notification.kind),
                "subject": notification.subject,
                "data": orjson.dumps(notification.members).decode(),
            },
        )
    if last // _AT_ONCE != before // _AT_ONCE:
        _PRUNE.run(connection, {"host_key": host_key, "number": last - keep})


def wake_at_commit(connection: Connection, host_key: int) -> None:
    """Let PostgreSQL wake the readers of the host, in every process, when this commits."""
    _WAKE.scalar(connection, {"payload": str(host_key)})


def last(connection: Connection, host_key: int) -> int | None:
    """Return the number that the host gave last, None when the host is gone."""
    number: int | None = _LAST.scalar(connection, {"key": host_key})
    return number


def object_key(connection: Connection, host_key: int, handle: Handle, object_id: str) -> int | None:
    """Return what no other object on the handle ever has, None without one; 0 for the service."""
    if handle is Handle.SERVICE:
        return 0
    key: int | None = _KEY[handle].scalar(connection, {"host_key": host_key, "id": object_id})
    return key


def is_same_object(connection: Connection, position: Position) -> bool:
    """Tell whether what a reader watches is there, and was not deleted meanwhile."""
    host_key, object_id = position.host_key, position.object_id
    if object_key(connection, host_key, position.handle, object_id) != position.object_key:
        return False
    if position.handle is not Handle.GUEST_NETWORK_SERVICE:
        return True
    bound = {"host_key": host_key, "number": position.checked, "id": object_id}
    return _DELETED.row(connection, bound) is None


def oldest(connection: Connection, host_key: int) -> int | None:
    """Return the number of the host's oldest notification, None without one."""
    number: int | None = _OLDEST.scalar(connection, {"host_key": host_key})
    return number


def behind(
    connection: Connection, host_key: int, number: int, subject: str, limit: int
) -> tuple[StoredNotification, ...]:
    """Return what is heard of `subject` behind `number`, oldest first, at most `limit`."""
    rows = _BEHIND.rows(
        connection, {"host_key": host_key, "number": number, "subject": subject, "limit": limit}
    )
    return tuple(
        StoredNotification(row.number, HcnNotification(row.type), row.data) for row in rows
    )


def note_removal(connection: Connection, host_key: int) -> None:
    """Keep the numbers of a host that is going from being given again, whatever its name."""
    used = last(connection, host_key)
    _note_used(connection.dialect.name).run(connection, {"key": 1, "used": used})


def first_number(connection: Connection) -> int:
    """Return where the numbers of a new host start: behind those of every host that was removed."""
    return int(_USED.scalar(connection, {}))


def newest(connection: Connection, host_key: int, most: int) -> list[StoredNotification]:
    """Return the newest notifications of a host, the newest first."""
    rows = connection.execute(_NEWEST, {"host_key": host_key, "limit": most})
    return [StoredNotification(row.number, HcnNotification(row.type), row.data) for row in rows]
