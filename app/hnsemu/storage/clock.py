"""The row of the clock, and what this process knows of it.

On SQLite there is one process, which knows the clock once it has read it. On PostgreSQL each
transaction reads the version of the clock with the row of its host, and the clock itself where that
is another one than it knows: a request that begins after a change was answered goes by the change.
"""

import threading

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from hnsemu.domain.clock import Clock
from hnsemu.storage import notifications
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import clock
from hnsemu.storage.upserts import insert_into

_KEY = 1
_FIND = select(clock.c.version, clock.c.offset, clock.c.frozen_at).where(clock.c.key == _KEY)
_STATE = Prepared(_FIND)

VERSIONS: dict[str, ColumnElement[int]] = {
    "sqlite": literal_column("0").label("clock"),
    "postgresql": func.coalesce(
        select(clock.c.version).where(clock.c.key == _KEY).scalar_subquery(), 0
    ).label("clock"),
}
"""The version of the clock by dialect, to be selected with something else; SQLite needs none."""


def read(connection: Connection) -> Clock:
    """Return the clock."""
    row = _STATE.row(connection, {})
    return Clock() if row is None else Clock(row.version, row.offset, row.frozen_at)


def lock(connection: Connection) -> Clock:
    """Return the clock, which no other transaction changes until this one ends."""
    first = insert_into(clock, connection.dialect.name).values(key=_KEY, version=0, offset=0)
    connection.execute(first.on_conflict_do_nothing())
    row = connection.execute(_FIND.with_for_update()).one()
    return Clock(row.version, row.offset, row.frozen_at)


def write(connection: Connection, new: Clock) -> None:
    """Store the clock, and wake at the commit anyone who waits in a process on PostgreSQL."""
    connection.execute(
        clock.update()
        .where(clock.c.key == _KEY)
        .values(version=new.version, offset=new.offset, frozen_at=new.frozen_at)
    )
    if connection.dialect.name != "sqlite":
        notifications.wake_at_commit(connection, notifications.EVERYONE)


class KnownClock:
    """The newest clock that this process has seen; threads share it."""

    def __init__(self) -> None:
        """Begin without knowing it."""
        self._clock: Clock | None = None
        self._lock = threading.Lock()

    @property
    def latest(self) -> Clock | None:
        """Return the clock, None before it was read."""
        return self._clock

    def learn(self, found: Clock) -> Clock:
        """Know a clock that was read or changed, unless a newer one is known; return the newer."""
        with self._lock:
            if self._clock is None or self._clock.version < found.version:
                self._clock = found
            return self._clock
