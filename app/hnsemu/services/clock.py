"""Use cases of the clock: look at it, and change it for all hosts of the service."""

from hnsemu.domain.clock import Clock, ClockChange, changed
from hnsemu.storage import clock as storage
from hnsemu.storage.notifications import EVERYONE
from hnsemu.storage.transaction import Hns, Transaction, controls, reads


@reads
def get_clock(tx: Transaction) -> tuple[Clock, int]:
    """Return the clock, and the time that it shows, a FILETIME."""
    clock = tx.clock.learn(storage.read(tx.connection))
    return clock, clock.at(tx.began)


def change_clock(hns: Hns, change: ClockChange) -> tuple[Clock, int]:
    """Change the clock, and wake anyone who waits for a time; return it with the time it shows.

    A request that begins when this has returned goes by it, in every process.
    Raises: E_INVALIDARG for a time that is out of bounds.
    """
    clock, time = _change(hns, change)
    hns.database.clock.learn(clock)
    hns.database.wakes.wake(EVERYONE)
    return clock, time


@controls
def _change(tx: Transaction, change: ClockChange) -> tuple[Clock, int]:
    clock = changed(storage.lock(tx.connection), change, tx.began)
    storage.write(tx.connection, clock)
    return clock, clock.at(tx.began)
