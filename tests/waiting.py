"""Waiting for what happens by itself, as long as a busy machine may need."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 240
"""Seconds for anything that ends by itself: enough for a busy machine, too short for a hang."""

T = TypeVar("T")


def until(look: Callable[[], T | None], complaint: str) -> T:
    """Return what `look` finds once it finds something. Raises: AssertionError(complaint)."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, complaint
        time.sleep(0.05)
    return found
