"""The clock of the emulated hosts: the machine's, unless a tester moved it or stopped it."""

from dataclasses import dataclass, replace

from hnsemu.domain.filetime import UNIX_EPOCH
from hnsemu.errors import HnsError, Hr

EARLIEST = UNIX_EPOCH
"""1970-01-01 UTC, a FILETIME: Docker counts seconds from there."""

LATEST = 2_334_898_656_000_000_000
"""9000-01-01 UTC: what is added to a time, a lease or a delay, still has a date."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What makes the time of the machine the time of the hosts; FILETIMEs and 100 ns ticks.

    version:   grows with each change; 0 for a clock that nobody ever changed.
    offset:    what is added to the time of the machine while the clock runs.
    frozen_at: where it stands, None while it runs.
    """

    version: int = 0
    offset: int = 0
    frozen_at: int | None = None

    def at(self, machine: int) -> int:
        """Return the time of the hosts when the machine's is `machine`."""
        return machine + self.offset if self.frozen_at is None else self.frozen_at


@dataclass(frozen=True, slots=True)
class ClockChange:
    """One change of the clock; exactly one member says something.

    freezes:  stop it. advance: ticks to move it forwards.
    to:       the time to move it to. releases: back to the time of the machine.
    """

    freezes: bool = False
    advance: int | None = None
    to: int | None = None
    releases: bool = False


def changed(clock: Clock, change: ClockChange, machine: int) -> Clock:
    """Return the clock after a change. A clock that stands goes on standing until its release.

    Raises: E_INVALIDARG for a time before `EARLIEST` or after `LATEST`.
    """
    if change.releases:
        return Clock(clock.version + 1)
    time = clock.at(machine)
    if change.to is not None:
        time = change.to
    elif change.advance is not None:
        time += change.advance
    if not EARLIEST <= time <= LATEST:
        raise HnsError(
            Hr.E_INVALIDARG, "the clock goes from 1970-01-01 to 9000-01-01; choose a time between"
        )
    stands = change.freezes or clock.frozen_at is not None
    moved = replace(clock, frozen_at=time) if stands else replace(clock, offset=time - machine)
    return replace(moved, version=clock.version + 1)
