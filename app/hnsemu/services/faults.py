"""Use cases of faults: set, list and remove them; let them act on calls."""

from collections.abc import Collection

from hnsemu.domain.faults import Action, Fault, FaultRule, decide
from hnsemu.errors import HnsError, Hr
from hnsemu.storage import faults as storage
from hnsemu.storage import journal
from hnsemu.storage.transaction import Transaction, notes, reads, writes

_MOST = 100


@writes
def add_fault(tx: Transaction, rule: FaultRule) -> Fault:
    """Let calls of the host fail by a rule from now on.

    Raises: E_ELEMENT_NOT_FOUND; E_INVALIDARG when the host has too many.
    """
    if storage.count(tx.connection, tx.host.key) >= _MOST:
        raise HnsError(
            Hr.E_INVALIDARG, f"the host has {_MOST} faults; DELETE some before you add another"
        )
    expires = 0 if rule.ttl is None else tx.now + rule.ttl
    fault = storage.create(tx.connection, tx.host.key, rule, expires)
    journal.bump(tx.connection, tx.host.key)
    return fault


@reads
def list_faults(tx: Transaction) -> list[Fault]:
    """Return the faults of the host, oldest first.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return storage.all_of(tx.connection, tx.host.key)


@writes
def remove_fault(tx: Transaction, number: int) -> None:
    """Remove a fault; calls that hang by it end.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    if not storage.remove(tx.connection, tx.host.key, number):
        raise HnsError(Hr.E_ELEMENT_NOT_FOUND, f"host {tx.host_name!r} has no fault {number}")
    journal.bump(tx.connection, tx.host.key)
    tx.wake_listeners()


@writes
def clear_faults(tx: Transaction) -> None:
    """Remove all faults of the host; calls that hang by them end.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    storage.clear(tx.connection, tx.host.key)
    journal.bump(tx.connection, tx.host.key)
    tx.wake_listeners()


@writes
def meet_faults(tx: Transaction, numbers: Collection[int]) -> Action:
    """Return what faults do to a call that they match; they have seen it then.

    Raises: WatchChanged before anything is counted, E_ELEMENT_NOT_FOUND.
    """
    faults = storage.of_numbers(tx.connection, numbers)
    after, action = decide(faults, tx.now)
    known = {fault.number: fault for fault in faults}
    storage.save(tx.connection, (fault for fault in after if fault != known[fault.number]))
    return action


@notes
def arm_faults(tx: Transaction, numbers: Collection[int]) -> None:
    """Note that a call that these faults follow has succeeded."""
    storage.arm(tx.connection, numbers)


@reads
def is_there(tx: Transaction, number: int) -> bool:
    """Tell whether the host still has a fault that has not ended."""
    faults = storage.all_of(tx.connection, tx.host.key)
    return any(fault.number == number and not 0 < fault.expires <= tx.now for fault in faults)


@reads
def name_of(tx: Transaction, noun: str, object_id: str) -> str:
    """Return the name of an object that a call names by its id, "" for none."""
    return storage.name_of(tx.connection, tx.host.key, noun, object_id)
