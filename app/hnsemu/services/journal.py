"""Use cases of the journal: turn it on and off, store calls, read and verify them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from hnsemu.domain.hosts import HostDefinition
from hnsemu.domain.journal import (
    Call,
    CallMatch,
    Expectation,
    Journal,
    JournalSettings,
    Verification,
    is_meant,
    verify,
)
from hnsemu.domain.watch import UNWATCHED, Watch
from hnsemu.errors import HnsError
from hnsemu.storage import faults as storage_of_faults
from hnsemu.storage import journal as storage
from hnsemu.storage.transaction import Transaction, controls, notes, reads, writes

Missed = Callable[[int], int]
"""Returns how many calls of a host, by its key, this process could not store."""

NEVER = Journal(JournalSettings(), is_on=False)
"""The journal of a host that never had one."""


def none_missed(_host_key: int) -> int:
    """Return that every call could be stored."""
    return 0


@reads
def get_journal(tx: Transaction) -> Journal:
    """Return the state of the host's journal.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return storage.state(tx.connection, tx.host.key) or NEVER


@writes
def set_journal(tx: Transaction, settings: JournalSettings | None) -> Journal:
    """Turn the host's journal on with these bounds, or off; one that was off begins empty.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    if settings is None:
        storage.turn_off(tx.connection, tx.host.key)
    else:
        storage.turn_on(tx.connection, tx.host.key, settings)
    storage.bump(tx.connection, tx.host.key)
    return storage.state(tx.connection, tx.host.key) or NEVER


def begin(tx: Transaction, reserve: int) -> None:
    """Turn on the journal of a host that is new, see `new_host`.

    reserve: as of `hnsemu.storage.journal.append`.
    """
    storage.begin(tx.connection, tx.host.key, JournalSettings(), reserve)


def begin_again(tx: Transaction, definition: HostDefinition) -> None:
    """Empty the journal of a host that is fresh; turn it on or off as the definition says.

    Its bounds stay; the host's faults are gone.
    """
    storage_of_faults.clear(tx.connection, tx.host.key)
    storage.clear(tx.connection, tx.host.key)
    if definition.journal:
        known = storage.state(tx.connection, tx.host.key)
        settings = JournalSettings() if known is None else known.settings
        storage.turn_on(tx.connection, tx.host.key, settings)
    elif definition.journal is False:
        storage.turn_off(tx.connection, tx.host.key)
    storage.bump(tx.connection, tx.host.key)


@reads
def find_calls(
    tx: Transaction, match: CallMatch, since: int = 0, missed: Missed = none_missed
) -> tuple[Journal, list[Call]]:
    """Return the journal, and the calls behind the number `since` that are meant, oldest first.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    journal, calls = _kept(tx, since, missed)
    return journal, [call for call in calls if is_meant(match, call)]


@reads
def verify_calls(
    tx: Transaction, expectation: Expectation, since: int = 0, missed: Missed = none_missed
) -> Verification:
    """Hold an expectation against the calls behind the number `since`.

    Raises: E_ELEMENT_NOT_FOUND, E_JOURNAL_ENTRY_DELETED (see `hnsemu.domain.journal.verify`).
    """
    journal, calls = _kept(tx, since, missed)
    return verify(expectation, calls, journal, since)


@writes
def clear_calls(tx: Transaction) -> None:
    """Remove all calls of the journal.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    storage.clear(tx.connection, tx.host.key)


@notes
def store_calls(
    tx: Transaction, host_key: int, calls: Sequence[Call], lost: int, reserve: int
) -> tuple[int, bool]:
    """Store calls; return the number of the first and whether somebody waits for calls.

    See `hnsemu.storage.journal.append`. The number is 0 when the host has no journal any more.
    Of several processes, this one is alive: its calls that last do, see `renew_calls`.
    """
    stored = storage.append(tx.connection, host_key, calls, lost=lost, reserve=reserve)
    if stored is None:
        return 0, False
    first, waited_until = stored
    lasting = [(host_key, number) for number, call in enumerate(calls, first) if call.is_running]
    _renew(tx, lasting)
    return first, _wakes(tx, host_key, waited_until)


@notes
def renew_calls(tx: Transaction, lasting: Sequence[tuple[int, int]]) -> None:
    """Note that calls still last: their hosts' keys and numbers.

    Calls of which nobody says so for a minute are lost: their process was killed.
    """
    _renew(tx, lasting)


@notes
def finish_call(tx: Transaction, host_key: int, call: Call) -> bool:
    """Complete a call that was stored while it lasted; return whether somebody waits for calls."""
    return _wakes(tx, host_key, storage.finish(tx.connection, host_key, call))


@reads
def begin_reading(tx: Transaction) -> tuple[int, Journal]:
    """Return the key of the host, whose commits wake who waits for calls, and its journal.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return tx.host.key, storage.state(tx.connection, tx.host.key) or NEVER


@notes
def announce_wait(tx: Transaction, host_key: int, ticks: int) -> None:
    """Note that somebody waits for calls of the host for so many ticks of the machine."""
    storage.wait(tx.connection, host_key, tx.began + ticks)


@controls
def recover(tx: Transaction) -> None:
    """Note what a process that was killed had not stored."""
    storage.recover(tx.connection)


@reads
def watch_of(tx: Transaction) -> Watch:
    """Return what is watched of the host; nothing of one that does not exist."""
    try:
        host = tx.host
    except HnsError:
        return UNWATCHED
    if not host.watched:
        return UNWATCHED
    journal = storage.state(tx.connection, host.key)
    settings = journal.settings if journal is not None and journal.is_on else None
    faults = tuple(storage_of_faults.all_of(tx.connection, host.key))
    return Watch(host.key, host.watched, settings, faults, host.release)


def _kept(tx: Transaction, since: int, missed: Missed) -> tuple[Journal, list[Call]]:
    journal = storage.state(tx.connection, tx.host.key) or NEVER
    journal = replace(journal, missed=missed(tx.host.key))
    oldest = max(since, journal.cleared, journal.lost)
    return journal, storage.behind(tx.connection, tx.host.key, oldest)


def _renew(tx: Transaction, lasting: Sequence[tuple[int, int]]) -> None:
    if lasting and tx.connection.dialect.name != "sqlite":  # whose one process recovers its own
        storage.renew(tx.connection, lasting)


def _wakes(tx: Transaction, host_key: int, waited_until: int) -> bool:
    """Tell whether somebody waits; on PostgreSQL the commit wakes them."""
    if waited_until <= tx.began:
        return False
    if tx.connection.dialect.name != "sqlite":
        storage.wake_at_commit(tx.connection, host_key)
    return True
