"""How much work pages that look again may cause beside everything else that the service does."""

import time
from collections.abc import Callable

_SHARE = 0.03  # of what the process computes otherwise
_ALWAYS = 0.004  # seconds of processor time in each second, however little it computes
_AT_ONCE = 0.5  # seconds that are saved up: after one change every page is read again at once


class PollBudget:
    """Processor time for pages that changed while somebody looks at them.

    A page that is asked for is always read. One that only looks whether something has changed waits
    for its next look when too many do: then it is older, and what programs call stays as fast.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        computed: Callable[[], float] = time.process_time,
    ) -> None:
        """Begin with all that can be saved up. computed: seconds of processor time so far."""
        self._now, self._computed = now, computed
        self._then, self._before = now(), computed()
        self._left = _AT_ONCE
        self._own = 0.0  # spent since the last look at the clocks

    def allows(self) -> bool:
        """Tell whether a page may be read again."""
        now, computed = self._now(), self._computed()
        others = max(computed - self._before - self._own, 0.0)
        saved = self._left + _SHARE * others + _ALWAYS * (now - self._then)
        self._left = min(saved, _AT_ONCE)
        self._then, self._before, self._own = now, computed, 0.0
        return self._left > 0

    def spend(self, seconds: float) -> None:
        """Take what reading a page has cost."""
        self._left -= seconds
        self._own += seconds
