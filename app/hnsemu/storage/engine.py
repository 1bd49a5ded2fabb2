"""The database, and what a transaction is: one use case, whole or not at all.

`@writes`, `@reads` and `@controls` turn a function of a `Session` into a use case of an `Hns`.
SQLite (WAL, one process) takes `BEGIN IMMEDIATE` behind one in-process lock; PostgreSQL locks the
row of the emulated host. Both make the writes of one host serial, as in the one HNS service of a
real host.
"""

import functools
import inspect
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool, QueuePool

from hnsemu.domain.hosts import Host
from hnsemu.domain.notifications import Notification
from hnsemu.domain.source import Source
from hnsemu.errors import HnsError, Hr
from hnsemu.metrics import RETRIES, TRANSACTIONS
from hnsemu.storage import hosts, notifications
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.wakes import Wakes

_log = logging.getLogger("hnsemu.storage")

P = ParamSpec("P")
T = TypeVar("T")

# SQLSTATEs after which the server promises that nothing happened: serialization failure,
# deadlock, lock not available.
_RETRIED_STATES = {"40001", "40P01", "55P03"}
_ATTEMPTS = 5

_BEGIN = Prepared(text("BEGIN IMMEDIATE"))
_COMMIT = Prepared(text("COMMIT"))

_DONE, _REFUSED, _FAILED = (TRANSACTIONS.labels(each) for each in ("done", "refused", "failed"))

_FULL = {"SQLITE_FULL", "53100"}  # SQLite's name, PostgreSQL's SQLSTATE

# Which refusal a violated uniqueness means. The host lock prevents these; the constraints prove it.
_CONSTRAINTS = {
    "hosts": Hr.E_ALREADY_EXISTS,
    "networks": Hr.E_OBJECT_ALREADY_EXISTS,
    "endpoints": Hr.E_OBJECT_ALREADY_EXISTS,
    "namespaces": Hr.E_OBJECT_ALREADY_EXISTS,
    "guest_network_services": Hr.E_OBJECT_ALREADY_EXISTS,
    "policy_lists": Hr.E_OBJECT_ALREADY_EXISTS,
    "ip_allocations": Hr.E_OBJECT_ALREADY_EXISTS,
    "mac_allocations": Hr.E_OBJECT_ALREADY_EXISTS,
    "nat_rules": Hr.HCN_E_PORT_ALREADY_EXISTS,
    "load_balancer_frontends": Hr.E_ALREADY_EXISTS,
    "namespace_resources": Hr.HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS,
}


@dataclass(slots=True)
class Session:
    """One transaction on behalf of one emulated host.

    connection: where storage functions run their statements.
    now:        FILETIME of the transaction; everything it stamps carries this time.
    told:       the notifications that are written when the use case is done.
    """

    connection: Connection
    host_name: str
    source: Source
    writing: bool
    now: int
    _host: Host | None = field(default=None)
    told: list[Notification] = field(default_factory=list)
    _wakes: bool = False

    @property
    def host(self) -> Host:
        """Return the emulated host, locked when writing.

        Raises: E_ELEMENT_NOT_FOUND when there is none of that name.
        """
        if self._host is None:
            found = hosts.find(self.connection, self.host_name, lock=self.writing)
            if found is None:
                raise HnsError(
                    Hr.E_ELEMENT_NOT_FOUND,
                    f"no host named {self.host_name!r}; "
                    f"make it with PUT /emulator/hosts/{self.host_name}",
                )
            self._host = found
        return self._host

    def notify(self, notification: Notification) -> None:
        """Tell this to who listens to the host, if and when the transaction commits."""
        self.told.append(notification)
        self._wakes = True

    def end_streams(self) -> None:
        """Let who listens to the host find, when the transaction commits, that it is gone."""
        self._wakes = True

    def publish(self, database: "Database") -> int | None:
        """Write what is told; return the key of the host whose readers are to be woken."""
        if not self._wakes:
            return None
        host_key = self.host.key
        if self.told:
            notifications.insert_all(
                self.connection, host_key, self.told, database.notifications_kept
            )
        if database.is_sqlite:
            return host_key
        notifications.wake_at_commit(self.connection, host_key)
        return None

    def forget_host(self) -> None:
        """Read the host again at the next use; call it after changing the host itself."""
        self._host = None


class _Undone(Exception):  # noqa: N818 (nothing went wrong)
    """Rolls back a transaction that was only a try."""


class Database:
    """An engine with the two kinds of transaction the services need."""

    def __init__(
        self, url: str | URL, *, pool_size: int = 20, notifications_kept: int = 10_000
    ) -> None:
        """Open the database at `url`.

        pool_size:          connections at the most, on PostgreSQL.
        notifications_kept: how many of each host stay at least.
        """
        self.url = make_url(url)
        self.notifications_kept = notifications_kept
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(self.url) if self.is_sqlite else _postgres(self.url, pool_size)
        self._reader = self.engine.execution_options(
            **({} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"})
        )
        self.wakes = Wakes(self.engine)
        # SQLite's own busy handler is unfair: threads queue here instead.
        self._lock = threading.Lock()
        self._threads = threading.local()
        self._open: list[Connection] = []

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database and changes nothing."""
        if self.is_sqlite:
            connection = self._connection_of_thread("reader", self._reader)
            try:
                yield connection
            finally:
                connection.rollback()
            return
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that commits when the block ends and rolls back when it raises."""
        if self.is_sqlite:
            with self._lock:
                connection = self._connection_of_thread("writer", self.engine)
                with _immediate(connection):
                    yield connection
            return
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def trying(self) -> Iterator[Connection]:
        """Open a transaction as `writing` does, and roll it back when the block ends."""
        with suppress(_Undone), self.writing() as connection:
            yield connection
            raise _Undone

    def _connection_of_thread(self, name: str, engine: Engine) -> Connection:
        """Return this thread's open connection: a visit to the pool costs as much as a query."""
        connection: Connection | None = getattr(self._threads, name, None)
        if connection is None or connection.closed:
            connection = engine.connect()
            setattr(self._threads, name, connection)
            self._open.append(connection)
        return connection

    def connections_in_use(self) -> int:
        """Return how many connections are taken from the pool; on SQLite, how many are open."""
        if self.is_sqlite:
            return len(self._open)
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    def dispose(self) -> None:
        """Close every connection."""
        for connection in self._open:
            connection.close()
        self._open.clear()
        self.engine.dispose()


@dataclass(frozen=True, slots=True)
class Hns:
    """The HNS service of one emulated host: what a use case is called with."""

    database: Database
    host_name: str
    source: Source


def writes(work: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Hns, P], T]:
    """Make `work` a use case that is one writing transaction, tried again when that is safe."""

    @controls
    @functools.wraps(work)
    def use_case(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
        _ = session.host  # take the host's lock before anything else is read
        return work(session, *args, **kwargs)

    return use_case


def controls(work: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Hns, P], T]:
    """Make `work` a writing use case that needs no existing host: for making and removing hosts."""

    @functools.wraps(work)
    def use_case(hns: Hns, /, *args: P.args, **kwargs: P.kwargs) -> T:
        def attempt() -> T:
            kept = None
            with hns.database.writing() as connection:
                session = Session(
                    connection, hns.host_name, hns.source, writing=True, now=hns.source.filetime()
                )
                try:
                    done = work(session, *args, **kwargs)
                except HnsError as refusal:
                    if not refusal.keeps:
                        raise
                    kept = refusal
                woken = session.publish(hns.database)
            if woken is not None:
                hns.database.wakes.wake(woken)
            if kept is not None:
                raise kept
            return done

        return _persistently(attempt)

    return use_case


def reads(work: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Hns, P], T]:
    """Make `work` a use case that reads one consistent state and changes nothing."""

    @functools.wraps(work)
    def use_case(hns: Hns, /, *args: P.args, **kwargs: P.kwargs) -> T:
        def attempt() -> T:
            with hns.database.reading() as connection:
                session = Session(
                    connection, hns.host_name, hns.source, writing=False, now=hns.source.filetime()
                )
                return work(session, *args, **kwargs)

        return _persistently(attempt)

    return use_case


def tries(work: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Hns, P], T]:
    """Make `work` a use case that may change anything and leaves nothing behind."""

    @functools.wraps(work)
    def use_case(hns: Hns, /, *args: P.args, **kwargs: P.kwargs) -> T:
        def attempt() -> T:
            with hns.database.trying() as connection:
                session = Session(
                    connection, hns.host_name, hns.source, writing=True, now=hns.source.filetime()
                )
                _ = session.host  # take the host's lock before anything else is read
                return work(session, *args, **kwargs)

        return _persistently(attempt)

    return use_case


def within(
    session: Session, use_case: Callable[Concatenate[Hns, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run a use case as a part of the transaction of `session`."""
    work: Callable[..., T] = inspect.unwrap(use_case)
    return work(session, *args, **kwargs)


def is_full(error: Exception) -> bool:
    """Tell whether a failure means that the database's disk is full."""
    cause = getattr(error, "orig", None)
    codes = {getattr(cause, "sqlite_errorname", None), getattr(cause, "sqlstate", None)}
    return not codes.isdisjoint(_FULL)


def _persistently(attempt: Callable[[], T]) -> T:
    """Run `attempt` until it succeeds, refuses, or has failed for good.

    A connection lost *during* COMMIT is not retried: nobody knows whether it happened.
    """
    for remaining in range(_ATTEMPTS - 1, -1, -1):
        try:
            done = attempt()
        except HnsError:
            _REFUSED.inc()
            raise
        except IntegrityError as error:
            _REFUSED.inc()
            raise _refusal(error) from error
        except DBAPIError as error:
            if remaining == 0 or not _is_safe_to_retry(error):
                _FAILED.inc()
                raise
            RETRIES.inc()
            _log.warning("transaction tried again: %s", error.orig)
            time.sleep(0.02 * (_ATTEMPTS - remaining))
        else:
            _DONE.inc()
            return done
    raise AssertionError  # the last attempt returned or raised


def _is_safe_to_retry(error: DBAPIError) -> bool:
    if getattr(error.orig, "sqlstate", None) in _RETRIED_STATES:
        return True
    # SQLAlchemy names the statement of every failure but that of COMMIT.
    return error.connection_invalidated and error.statement is not None


def _refusal(error: IntegrityError) -> HnsError:
    """Name the refusal that a violated constraint means; a bug when it is none of ours."""
    diagnosis = getattr(error.orig, "diag", None)
    table = getattr(diagnosis, "table_name", None)
    if table is None:  # SQLite: "UNIQUE constraint failed: networks.host_key, networks.id"
        table = str(error.orig).partition("failed: ")[2].partition(".")[0]
    hr = _CONSTRAINTS.get(table)
    if hr is None:
        raise error
    return HnsError(hr, f"another request took it first ({table})")


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
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        driver: Any = connection.connection
        if not driver.in_transaction:
            driver.execute("BEGIN")

    return engine


@contextmanager
def _immediate(connection: Connection) -> Iterator[None]:
    """Run a writing transaction of SQLite; SQLAlchemy joins in with its first own statement."""
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
    return create_engine(url, pool_size=pool_size, max_overflow=0, pool_timeout=30)
