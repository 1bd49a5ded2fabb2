"""The database: its engine, its connections and its two kinds of transaction.

SQLite (WAL, one process) takes `BEGIN IMMEDIATE` behind one in-process lock; PostgreSQL locks the
row of the emulated host. Both serialise the writes of one host, as the one HNS service of a real
host does.
"""

import os
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool, QueuePool

from hnsemu.errors import HnsError, Hr
from hnsemu.storage import clock
from hnsemu.storage.clock import KnownClock
from hnsemu.storage.generations import Generations
from hnsemu.storage.marks import Mark, read_mark
from hnsemu.storage.prepared import Prepared, send_all
from hnsemu.storage.sessions import is_reader, primary_of, with_session
from hnsemu.storage.wakes import Wakes

_BEGIN = Prepared(text("BEGIN IMMEDIATE"))
_COMMIT = Prepared(text("COMMIT"))
_SNAPSHOT = text(
    "SELECT CAST(pg_current_snapshot() AS text) AS seen, pg_is_in_recovery() AS is_replica"
)
_NO_CHANGE = text("UPDATE hosts SET name = name WHERE name IS NULL")


class _Rollback(Exception):  # noqa: N818 (nothing went wrong)
    """Ends a transaction whose changes are only tried."""


class WriterBusy(Exception):  # noqa: N818 (nothing went wrong)
    """Another thread writes, and the event loop does not wait for it; nothing has happened."""


class Database:
    """An engine with the kinds of transaction that use cases need."""

    def __init__(
        self, url: str | URL, *, pool_size: int = 20, notifications_kept: int = 10_000
    ) -> None:
        """Open the database at `url`.

        pool_size:          the most connections it opens, on PostgreSQL.
        notifications_kept: how many of each host stay, at the least.
        `loop_thread`, once set, is the thread that waits for no other (`threading.get_ident`).
        """
        self.url = with_session(make_url(url))
        self.notifications_kept = notifications_kept
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(self.url) if self.is_sqlite else _postgres(self.url, pool_size)
        self._reader = self.engine.execution_options(
            **({} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"})
        )
        self.wakes = Wakes(self.engine)
        self.clock = KnownClock()
        # SQLite's own busy handler is unfair, so threads queue here.
        self._lock = threading.Lock()
        self.loop_thread: int | None = None
        self._threads = threading.local()
        self._opening = threading.Lock()
        self._open: list[tuple[threading.Thread, Connection]] = []
        self._file: tuple[int, int] | None = None  # device and inode of a file of SQLite
        self._opened = time.time_ns()
        self._generations = Generations()  # of SQLite, whose only writer is this process

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database and changes nothing.

        Raises: E_RPC_SERVER_UNAVAILABLE if the file of SQLite was moved, deleted or replaced.
        """
        if self.is_sqlite:
            self._check_file()
            connection = self._connection_of_thread("reader", self._reader)
            try:
                yield connection
            finally:
                connection.rollback()
            return
        with self._reader.connect() as connection:
            yield connection
            connection.commit()  # a rollback would let the server forget prepared statements

    @contextmanager
    def writing(self, hosts: Collection[str] | None = None) -> Iterator[Connection]:
        """Open a transaction that commits when the block ends and rolls back when it raises.

        hosts: names of all that it changes, complete when the block ends; None for whatever may be.
        Raises: WriterBusy in the event loop (`loop_thread`) while another thread writes to SQLite.
        """
        if self.is_sqlite:
            self._wait_for_writer()
            try:
                self._check_file()
                connection = self._connection_of_thread("writer", self.engine)
                with _immediate(connection):
                    yield connection
                # When it can be seen: who reads it earlier reads again.
                self._generations.count(hosts)
                self.wakes.wrote()
            finally:
                self._lock.release()
            return
        with self.engine.begin() as connection:
            yield connection

    def state(self, hosts: Collection[str] | None = None) -> str:
        """Return what stands for the state of hosts, or of the whole database; "" for none.

        hosts: their names; what others write leaves the text as it is on SQLite.
        Equal texts stand for one state, in this process and, on PostgreSQL, in every other: there
        it is the snapshot that the next statement would see. On SQLite no statement is run. A
        replica of PostgreSQL does not know which transactions are under way.
        """
        if self.is_sqlite:
            return f"{self._opened:x}.{self._generations.of(hosts)}"
        with self.reading() as connection:
            row = connection.execute(_SNAPSHOT).one()
        return "" if row.is_replica else str(row.seen)

    def mark(self) -> Mark:
        """Return this moment of the database, to compare it with an earlier one.

        On SQLite no statement is run.
        """
        if self.is_sqlite:
            return self._generations.mark()
        with self.reading() as connection:
            return read_mark(connection)

    def learn_clock(self) -> None:
        """Read the clock, for what asks for the time before any transaction has met it."""
        with self.reading() as connection:
            self.clock.learn(clock.read(connection))

    def is_reader(self) -> bool:
        """Tell whether this is a replica of PostgreSQL, or one that only reads by its settings."""
        if self.is_sqlite:
            return False
        with self.reading() as connection:
            return is_reader(connection)

    def primary(self) -> str:
        """Return address and port of the server that a replica follows, "" if nobody says it."""
        if self.is_sqlite:
            return ""
        with suppress(SQLAlchemyError), self.reading() as connection:
            return primary_of(connection)
        return ""

    def check_writable(self) -> None:
        """Write nothing, in a transaction that may write.

        Raises: the failure of a database that is read-only (`failures.is_read_only`).
        """
        with self.writing() as connection:
            connection.execute(_NO_CHANGE)

    @contextmanager
    def trying(self) -> Iterator[Connection]:
        """Open a transaction as `writing` does, and roll it back when the block ends."""
        with suppress(_Rollback), self.writing() as connection:
            yield connection
            send_all(connection)
            raise _Rollback

    def _wait_for_writer(self) -> None:
        """Take the lock of the only writer; it is released at the end of the transaction.

        Raises: WriterBusy in the event loop, which does not wait.
        """
        if not self._lock.acquire(blocking=threading.get_ident() != self.loop_thread):
            raise WriterBusy

    def _check_file(self) -> None:
        """Refuse to use a file of SQLite that has no name any more: what is written would be lost.

        Called before a connection is opened, which would create the file.
        Raises: E_RPC_SERVER_UNAVAILABLE if the file was moved, deleted or replaced.
        """
        path = self.url.database
        if not path or path.startswith((":", "file:")):
            return
        try:
            status = os.stat(path)  # noqa: PTH116 (twice as fast as Path, in each transaction)
        except FileNotFoundError:
            found = None
        else:
            found = (status.st_dev, status.st_ino)
        if self._file is None:
            self._file = found
        elif found != self._file:
            raise HnsError(
                Hr.E_RPC_SERVER_UNAVAILABLE,
                f"the database file {path} was moved, deleted or replaced while the service uses "
                "it, nothing was changed; put it back, or restart the service",
            )

    def _connection_of_thread(self, name: str, engine: Engine) -> Connection:
        """Return this thread's open connection: a visit to the pool costs as much as a query."""
        connection: Connection | None = getattr(self._threads, name, None)
        if connection is None or connection.closed:
            connection = engine.connect()
            setattr(self._threads, name, connection)
            self._keep(connection)
        return connection

    def _keep(self, connection: Connection) -> None:
        """Keep this thread's new connection, and close those of threads that have ended."""
        with self._opening:
            alive: list[tuple[threading.Thread, Connection]] = []
            ended: list[tuple[threading.Thread, Connection]] = []
            for thread, known in self._open:
                (alive if thread.is_alive() else ended).append((thread, known))
            self._open = [*alive, (threading.current_thread(), connection)]
        for _, known in ended:
            known.close()

    def connections_in_use(self) -> int:
        """Return how many connections are taken from the pool; on SQLite, how many are open."""
        if self.is_sqlite:
            return len(self._open)
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    def dispose(self) -> None:
        """Close every connection."""
        for _, connection in self._open:
            connection.close()
        self._open.clear()
        self.engine.dispose()


def _sqlite(url: URL) -> Engine:
    # Threads keep their connections themselves; dispose() closes those of all threads.
    engine = create_engine(url, poolclass=NullPool, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:  # noqa: ANN401 (DBAPI connection)
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in (
            "journal_mode = WAL",  # readers do not wait for the writer
            "synchronous = NORMAL",  # a commit survives the death of the process
            "foreign_keys = ON",
            "busy_timeout = 10000",
            "cache_size = -16384",
            "wal_autocheckpoint = 8000",  # pages: a checkpoint syncs, so let it gather more
            "temp_store = MEMORY",  # a savepoint that changes 16 pages would make a file for them
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        """Begin a reading transaction, unless `_immediate` has begun a writing one."""
        driver: Any = connection.connection
        if not driver.in_transaction:
            driver.execute("BEGIN")

    return engine


@contextmanager
def _immediate(connection: Connection) -> Iterator[None]:
    """Run a writing transaction of SQLite.

    It is begun by hand, for two reasons. A plain BEGIN locks nothing: two transactions that read
    before they write could not both go on, and SQLite refuses the later one without waiting. And
    the prepared statements of the hot paths run on the driver's cursor, where SQLAlchemy begins
    nothing; it joins in with the first statement of its own, whose BEGIN is left out (`_begin`).
    """
    _BEGIN.run(connection, {})
    try:
        yield
        if connection.in_transaction():
            connection.commit()
        else:
            _COMMIT.run(connection, {})
    except BaseException:
        driver: Any = connection.connection.driver_connection
        (connection if connection.in_transaction() else driver).rollback()
        raise


def _postgres(url: URL, pool_size: int) -> Engine:
    from hnsemu.storage import postgres  # noqa: PLC0415 (loads psycopg)

    return postgres.engine(url, pool_size)
