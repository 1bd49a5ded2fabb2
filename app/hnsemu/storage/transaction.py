"""What a transaction is: one use case, whole or not at all.

`@writes`, `@reads`, `@controls`, `@notes` and `@tries` turn a function of a `Transaction` into a
use case of an `Hns`. A function that takes an `Hns` is one transaction; one that takes a
`Transaction` is part of one; one that takes neither touches no database.
"""

import functools
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from hnsemu.domain.clock import Clock
from hnsemu.domain.hosts import Host
from hnsemu.domain.journal import Change
from hnsemu.domain.notifications import Notification
from hnsemu.domain.source import Source
from hnsemu.errors import HnsError, Hr, Refusal
from hnsemu.metrics import RETRIES, TRANSACTIONS
from hnsemu.storage import clock, hosts, notifications
from hnsemu.storage.clock import KnownClock
from hnsemu.storage.database import Database
from hnsemu.storage.failures import is_read_only, is_safe_to_retry, refusal_of
from hnsemu.storage.prepared import Answer, forget_all
from hnsemu.storage.savepoints import savepoint

if TYPE_CHECKING:
    from hnsemu.storage.nouns import Noun  # of state documents, which few ask for

_log = logging.getLogger("hnsemu.storage")

P = ParamSpec("P")
T = TypeVar("T")

_ATTEMPTS = 5
_NAMED = 3  # hosts that a refusal names

_DONE, _REFUSED, _FAILED = (
    TRANSACTIONS.labels(outcome) for outcome in ("done", "refused", "failed")
)


class HostClient(Protocol):
    """A program on the host that HNS does not know, and that follows the life of the host."""

    @property
    def section(self) -> str:
        """Return the name of its place in a state document."""

    @property
    def nouns(self) -> "Sequence[Noun]":
        """Return what is there."""

    def host_started(self, tx: "Transaction") -> None:
        """Do what the program does when the host, or HNS on it, has started."""

    def host_ends(self, tx: "Transaction") -> None:
        """Do what the program does before everything on the host is deleted."""

    def endpoints_of(self, tx: "Transaction", container: str, sender: str = "") -> Sequence[str]:
        """Return the ids of HNS' endpoints that a container has, [] for one it does not know.

        container: its name or id, as the program knows it.
        sender:    the container that asks its name server for it, "" for none.
        Raises: TYPE_E_AMBIGUOUSNAME for what means several containers.
        """

    def present(self, tx: "Transaction", kind: str, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the names of those objects of the program that have these ids, by their ids.

        kind: in the words of the journal.
        """

    def check_state(self, tx: "Transaction") -> None:
        """Read everything that the program keeps as its callers will read it.

        Raises: what reading raises.
        """


class WatchChanged(Exception):  # noqa: N818 (nothing went wrong)
    """The host's journal or faults are not what the call believes; nothing has happened yet."""


@dataclass(slots=True)
class Watcher:
    """What looks at one call of a program: it believes something of the host, and notes changes.

    host_key, version: the host and the version of its journal and faults (`Host.watched`) that the
                       call goes by; version 0 for a host that never had any.
    is_confirmed:      whether a transaction has found the host like that.
    keeps:             whether changes stay; else every use case of the call leaves nothing behind.
    halves:            whether a load balancer of the call is left without its port mappings.
    changes:           what the call created and removed.
    """

    host_key: int = 0
    version: int = 0
    is_confirmed: bool = False
    keeps: bool = True
    halves: bool = False
    changes: list[Change] = field(default_factory=list)

    def confirm(self, host_key: int, version: int) -> None:
        """Compare the host with what the call goes by; what changes later does not matter to it.

        Raises: WatchChanged.
        """
        if self.is_confirmed:
            return
        is_same = version == self.version and (not version or host_key == self.host_key)
        if not is_same:
            raise WatchChanged
        self.is_confirmed = True


@dataclass(slots=True)
class Transaction:
    """One transaction on behalf of one emulated host.

    connection: where storage functions run their statements.
    began:      FILETIME of the machine at which it began.
    clock:      what makes it the time of the host.
    outbox:     notifications; they are stored when the use case is done.
    clients:    programs on the host that are told when it starts.
    watcher:    looks at the call that the transaction serves, if something does.
    changes:    what the transaction created and removed; noted for the watcher.
    neighbours: other hosts that it changes, by name (`beside`).
    written:    names of the hosts that it may have changed; None where that may be any.
    """

    connection: Connection
    host_name: str
    source: Source
    writing: bool
    began: int
    clock: KnownClock
    outbox: list[Notification] = field(default_factory=list)
    clients: tuple[HostClient, ...] = ()
    watcher: Watcher | None = None
    changes: list[Change] = field(default_factory=list)
    written: set[str] | None = None
    neighbours: "dict[str, Transaction]" = field(default_factory=dict)
    _host: Host | None = None
    _asked: Answer | None = None
    _wakes_listeners: bool = False
    _now: int | None = None

    @property
    def now(self) -> int:
        """Return the FILETIME of the transaction; everything it stamps carries this time."""
        if self._now is None:
            self._now = self._current_clock().at(self.began)
        return self._now

    def _current_clock(self) -> Clock:
        """Return the clock as of the transaction; its host has brought the news, if it was read."""
        if self._asked is not None:
            _ = self.host
        known = self.clock.latest
        is_current = self._host is not None or self.connection.dialect.name == "sqlite"
        if known is not None and is_current:
            return known
        return self.clock.learn(clock.read(self.connection))

    @property
    def host(self) -> Host:
        """Return the emulated host, locked when writing.

        Raises: E_ELEMENT_NOT_FOUND when there is none of that name.
        """
        if self._host is None:
            asked, self._asked = self._asked, None
            found = hosts.answered(asked or self._ask())
            if found is None:
                raise self._unknown_host()
            self.meet(found.key, found.watched, found.clock)
            self._host = found
        return self._host

    def meet(self, host_key: int, watched: int, clock_version: int) -> None:
        """Compare what is believed of the host and of the clock with what a statement has read.

        watched: `Host.watched`.
        Raises: WatchChanged.
        """
        if self.watcher is not None:
            self.watcher.confirm(host_key, watched)
        known = self.clock.latest
        if known is None or known.version < clock_version:
            self.clock.learn(clock.read(self.connection))

    def _unknown_host(self) -> HnsError:
        """Return the refusal of a host that does not exist; it names some that do."""
        known = [host.name for host in hosts.all_of(self.connection, _NAMED + 1)]
        more = " and more" if len(known) > _NAMED else ""
        there = f"there are {', '.join(known[:_NAMED])}{more}" if known else "there are none"
        return HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"no host named {self.host_name!r}, {there}; "
            f"create it with PUT /emulator/hosts/{self.host_name}",
        )

    def ask_for_host(self) -> None:
        """Read the host, locked when writing, before anything that is read from now on."""
        self._asked = self._ask()

    def _ask(self) -> Answer:
        return hosts.ask(self.connection, self.host_name, lock=self.writing)

    def check_host(self) -> None:
        """Refuse a host that does not exist before anything else that may be wrong.

        Raises: E_ELEMENT_NOT_FOUND.
        """
        if self._asked is not None:
            _ = self.host

    def at(self, host: Host) -> "Transaction":
        """Return this transaction as it looks at another host, which it does not lock."""
        self._note_written(host.name)
        return Transaction(
            self.connection,
            host.name,
            self.source,
            self.writing,
            self.began,
            self.clock,
            written=self.written,
            _host=host,
            _now=self.now,
        )

    def on(self, name: str) -> "Transaction":
        """Return this transaction on behalf of another host, which it locks."""
        self._note_written(name)
        return replace(
            self,
            host_name=name,
            outbox=[],
            watcher=None,
            changes=[],
            neighbours={},
            _host=None,
            _asked=None,
            _wakes_listeners=False,
        )

    def beside(self, name: str) -> "Transaction":
        """Return this transaction on behalf of another host, whose listeners hear of it, too."""
        known = self.neighbours.get(name)
        if known is None:
            known = self.neighbours[name] = self.on(name)
        return known

    def _note_written(self, name: str) -> None:
        """Note another host that may be changed: counters of a packet that passes it, say."""
        if self.written is not None:
            self.written.add(name)

    def note_created(self, kind: str, object_id: str) -> None:
        """Note an object for the journal of the host. kind: "network", "container", …."""
        if self.watcher is not None:
            self.changes.append(Change(kind, object_id, is_new=True))

    def note_removed(self, kind: str, object_id: str) -> None:
        """Note an object that is gone, as `note_created` does."""
        if self.watcher is not None:
            self.changes.append(Change(kind, object_id, is_new=False))

    def notify(self, *notifications: Notification) -> None:
        """Send these to the host's listeners if and when the transaction commits."""
        if notifications:
            self.outbox.extend(notifications)
            self._wakes_listeners = True

    def wake_listeners(self) -> None:
        """Wake the host's listeners at the commit; they look into the tables for what is new."""
        self._wakes_listeners = True

    def wake_at_commit(self) -> None:
        """Let PostgreSQL wake the host's listeners; on SQLite the caller does when it is done."""
        if self.connection.dialect.name != "sqlite":
            notifications.wake_at_commit(self.connection, self.host.key)

    def publish(self, database: Database) -> list[int]:
        """Store the notifications; return the keys of hosts whose listeners are to be woken.

        There are none where nobody is to be woken, or where PostgreSQL does it at the commit.
        """
        beside = [key for known in self.neighbours.values() for key in known.publish(database)]
        if not self._wakes_listeners:
            return beside
        host_key = self.host.key
        if self.outbox:
            notifications.insert_all(
                self.connection, host_key, self.outbox, database.notifications_kept
            )
        if database.is_sqlite:
            return [host_key, *beside]
        notifications.wake_at_commit(self.connection, host_key)
        return beside

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Run a block whose changes go back when it raises, while those before it stay."""
        sent, noted = len(self.outbox), len(self.changes)
        beside = {name: len(known.outbox) for name, known in self.neighbours.items()}
        try:
            with savepoint(self.connection):
                yield
        except BaseException:
            del self.outbox[sent:], self.changes[noted:]
            for name, known in self.neighbours.items():
                del known.outbox[beside.get(name, 0) :]
                known.forget_host()
            self.forget_host()
            if not self.connection.invalidated:
                forget_all(self.connection)
            raise

    def stand_on(self, host: Host) -> None:
        """Go on with the host that this transaction has just inserted, as if it had read it."""
        self._host = host

    def tell_clients(self) -> None:
        """Let the programs on the host do what they do when it has started."""
        for client in self.clients:
            client.host_started(self)

    def tell_clients_of_end(self) -> None:
        """Let the programs on the host do what they do before everything on it is deleted."""
        for client in self.clients:
            client.host_ends(self)

    def forget_host(self) -> None:
        """Read the host again at the next use; call it after changing the host itself."""
        self._host = self._asked = None


@dataclass(frozen=True, slots=True)
class Hns:
    """The HNS service of one emulated host: what a use case is called with.

    check: what a transaction makes sure of before its use case, by raising what no use case does.
    """

    database: Database
    host_name: str
    source: Source
    clients: tuple[HostClient, ...] = ()
    watcher: Watcher | None = None
    check: Callable[[Transaction], None] | None = None

    def transaction(
        self, connection: Connection, *, writing: bool, written: set[str] | None = None
    ) -> Transaction:
        """Return a transaction on an open connection, as of now, that has passed the check.

        written: see `Transaction`.
        """
        begun = Transaction(
            connection,
            self.host_name,
            self.source,
            writing=writing,
            began=self.source.filetime(),
            clock=self.database.clock,
            clients=self.clients,
            watcher=self.watcher,
            written=written,
        )
        if self.check is not None:
            self.check(begun)
        return begun

    def now(self) -> int:
        """Return the FILETIME on the host, as far as this process has heard of its clock.

        It has when a transaction of the same request has read the host.
        """
        known = self.database.clock.latest or Clock()
        return known.at(self.source.filetime())

    @property
    def keeps(self) -> bool:
        """Whether what use cases change stays."""
        return self.watcher is None or self.watcher.keeps


def writes(work: Callable[Concatenate[Transaction, P], T]) -> Callable[Concatenate[Hns, P], T]:
    """Make `work` a use case that is one writing transaction, tried again when that is safe."""

    @notes
    @functools.wraps(work)
    def use_case(tx: Transaction, /, *args: P.args, **kwargs: P.kwargs) -> T:
        tx.ask_for_host()  # its lock is taken before anything else is read
        try:
            result = work(tx, *args, **kwargs)
        except Refusal:
            tx.check_host()
            raise
        tx.check_host()
        return result

    return use_case


def controls(work: Callable[Concatenate[Transaction, P], T]) -> Callable[Concatenate[Hns, P], T]:
    """Make `work` a writing use case that needs no existing host, and may change every host."""
    return _written(work, is_of_host=False)


def notes(work: Callable[Concatenate[Transaction, P], T]) -> Callable[Concatenate[Hns, P], T]:
    """Make `work` a writing use case that needs no existing host.

    It changes what belongs to its `Hns`, and to the hosts that it goes on with (`Transaction.on`).
    """
    return _written(work, is_of_host=True)


def _written(
    work: Callable[Concatenate[Transaction, P], T], *, is_of_host: bool
) -> Callable[Concatenate[Hns, P], T]:
    @functools.wraps(work)
    def use_case(hns: Hns, /, *args: P.args, **kwargs: P.kwargs) -> T:
        def attempt() -> T:
            kept = None
            database = hns.database
            written = {hns.host_name} if is_of_host else None
            with database.writing(written) if hns.keeps else database.trying() as connection:
                tx = hns.transaction(connection, writing=True, written=written)
                try:
                    result = work(tx, *args, **kwargs)
                except Refusal as refusal:
                    if not refusal.keeps:
                        raise
                    kept = refusal
                host_keys = tx.publish(database)
            if hns.watcher is not None and hns.keeps:
                hns.watcher.changes += tx.changes
            for host_key in host_keys:
                database.wakes.wake(host_key)
            if kept is not None:
                raise kept
            return result

        return _persistently(hns.database, attempt)

    return use_case


def reads(work: Callable[Concatenate[Transaction, P], T]) -> Callable[Concatenate[Hns, P], T]:
    """Make `work` a use case that reads one consistent state and changes nothing."""

    @functools.wraps(work)
    def use_case(hns: Hns, /, *args: P.args, **kwargs: P.kwargs) -> T:
        def attempt() -> T:
            with hns.database.reading() as connection:
                return work(hns.transaction(connection, writing=False), *args, **kwargs)

        return _persistently(hns.database, attempt)

    return use_case


def tries(work: Callable[Concatenate[Transaction, P], T]) -> Callable[Concatenate[Hns, P], T]:
    """Make `work` a use case that may change anything and leaves nothing behind."""

    @functools.wraps(work)
    def use_case(hns: Hns, /, *args: P.args, **kwargs: P.kwargs) -> T:
        def attempt() -> T:
            with hns.database.trying() as connection:
                tx = hns.transaction(connection, writing=True)
                _ = tx.host  # take the host's lock before anything else is read
                return work(tx, *args, **kwargs)

        return _persistently(hns.database, attempt)

    return use_case


def _read_only(database: Database) -> HnsError:
    remedy = "let the service write to it"
    if primary := database.primary():
        remedy = f"ask a service whose database is the primary, {primary}"
    return HnsError(
        Hr.E_RPC_SERVER_UNAVAILABLE,
        f"the database is read-only, nothing was changed; {remedy}",
    )


def _persistently(database: Database, attempt: Callable[[], T]) -> T:
    """Run `attempt` until it succeeds, refuses, or has failed for good."""
    for remaining in range(_ATTEMPTS - 1, -1, -1):
        try:
            result = attempt()
        except Refusal:
            _REFUSED.inc()
            raise
        except IntegrityError as error:
            _REFUSED.inc()
            raise refusal_of(error) from error
        except DBAPIError as error:
            if is_read_only(error):
                _FAILED.inc()
                raise _read_only(database) from error
            if remaining == 0 or not is_safe_to_retry(error):
                _FAILED.inc()
                raise
            RETRIES.inc()
            _log.warning("transaction tried again: %s", error.orig)
            time.sleep(0.02 * (_ATTEMPTS - remaining))
        else:
            _DONE.inc()
            return result
    raise AssertionError  # the last attempt returned or raised
