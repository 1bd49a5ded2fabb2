"""Deleting emulated hosts, and what programs left on them."""

from hnsemu.domain.leftovers import Leftover, left, made
from hnsemu.storage import journal, lifecycle, presence
from hnsemu.storage.transaction import Transaction, reads, writes


@writes
def delete_host(tx: Transaction) -> None:
    """Delete the host and everything on it.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    _delete(tx)


@writes
def remove_host(tx: Transaction) -> list[Leftover]:
    """Delete the host and everything on it; return what programs left there.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    found = _left(tx)
    _delete(tx)
    return found


@reads
def list_leftovers(tx: Transaction) -> list[Leftover]:
    """Return what programs made on the host, by its journal, and nobody removed.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return _left(tx)


def _left(tx: Transaction) -> list[Leftover]:
    found = made(journal.makers(tx.connection, tx.host.key))
    return left(found, presence.present(tx, found))


def _delete(tx: Transaction) -> None:
    tx.tell_clients_of_end()
    lifecycle.delete_with_everything(tx)
    tx.wake_listeners()
