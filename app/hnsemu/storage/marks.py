"""Moments of the database: comparing two tells which hosts were written to between them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Row, text

JOURNALS = ""
"""Stands for what the journals of all hosts keep, in place of the name of a host."""

# Who writes to a host locks its row, which leaves the number of the transaction in it: nothing
# more is written for that, and nobody is notified, which would let commits take turns.
_LOCKS = text(
    "SELECT name, CAST(xmin AS text) AS made, CAST(xmax AS text) AS locked,"
    " CAST(pg_current_snapshot() AS text) AS seen FROM hosts"
)
_REPLAYED = text("SELECT CAST(pg_last_wal_replay_lsn() AS text)")
_NUMBERS = 2**32  # of transactions, in a row; a snapshot counts on


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment.

    everywhere: stands for what may have been written to any host.
    hosts:      what stands for what was written to each, by name, and to the `JOURNALS`.
    """

    everywhere: str
    hosts: Mapping[str, str]

    def written_since(self, earlier: "Mark") -> frozenset[str] | None:
        """Return the hosts that were written to after an earlier moment; None for any of them."""
        if self.everywhere != earlier.everywhere:
            return None
        names = {*self.hosts, *earlier.hosts}
        return frozenset(name for name in names if self.hosts.get(name) != earlier.hosts.get(name))


def read_mark(connection: Connection) -> Mark:
    """Return this moment of a database of PostgreSQL, by one statement.

    A write to a host that its transaction has not locked is not told: counters of a packet that
    passes another host, say. On a replica everything is one.
    """
    replayed = connection.execute(_REPLAYED).scalar_one()
    if replayed is not None:
        return Mark(replayed, {})
    rows = connection.execute(_LOCKS).all()
    locks = {row.name: f"{row.made} {row.locked} {_runs(row)}" for row in rows}
    return Mark("", {**locks, JOURNALS: rows[0].seen if rows else ""})


def _runs(row: Row[tuple[str, str, str, str]]) -> bool:
    """Tell whether the transaction that has locked a row has not ended."""
    _, end, running = row.seen.split(":")
    numbers = {int(number) % _NUMBERS for number in running.split(",") if number}
    locked = int(row.locked)
    is_newer = (locked - int(end)) % _NUMBERS < _NUMBERS // 2
    return locked != 0 and (is_newer or locked in numbers)
