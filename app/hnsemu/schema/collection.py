"""A rest of the garbage collector, for work whose many objects are no garbage.

A full collection looks through all of them, and holds the interpreter for all threads meanwhile.
"""

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST = 10.0
"""Seconds of a rest after which no other work joins it, so that it ends."""


class _Rest:
    """Who needs the collector to rest; it goes on when the last of them is done."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count, self._since = 0, 0.0

    def join(self) -> bool:
        """Let the collector rest; tell whether it does for this work."""
        with self._lock:
            if not self._count:
                if not gc.isenabled():
                    return False
                gc.disable()
                self._since = time.monotonic()
            elif time.monotonic() - self._since > LONGEST:
                return False
            self._count += 1
            return True

    def leave(self) -> None:
        """Say that this work is done."""
        with self._lock:
            self._count -= 1
            if not self._count:
                gc.enable()


_REST = _Rest()


@contextmanager
def without_collection() -> Iterator[None]:
    """Leave cyclic garbage alone for a moment, in whatever threads others do so, too."""
    has_joined = _REST.join()
    try:
        yield
    finally:
        if has_joined:
            _REST.leave()
