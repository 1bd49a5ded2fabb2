"""Deleting emulated hosts."""

from hnsemu.storage import lifecycle
from hnsemu.storage.transaction import Transaction, writes


@writes
def delete_host(tx: Transaction) -> None:
    """Delete the host and everything on it.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    lifecycle.delete_with_everything(tx)
    tx.wake_listeners()
