"""The clock: what it shows, and what changes it."""

import pytest

from hnsemu.domain.clock import EARLIEST, LATEST, Clock, ClockChange, changed
from hnsemu.errors import HnsError, Hr

NOON = 134_000_000_000_000_000
MINUTE = 600_000_000

FREEZE = ClockChange(freezes=True)
RELEASE = ClockChange(releases=True)


def after(*changes: ClockChange) -> Clock:
    """Return the clock after changes, all made when the machine's time is noon."""
    clock = Clock()
    for change in changes:
        clock = changed(clock, change, NOON)
    return clock


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ((), NOON + MINUTE),
        ((FREEZE,), NOON),
        ((FREEZE, FREEZE), NOON),
        ((FREEZE, ClockChange(advance=MINUTE)), NOON + MINUTE),
        ((FREEZE, ClockChange(to=EARLIEST)), EARLIEST),
        ((FREEZE, ClockChange(to=EARLIEST), ClockChange(advance=1)), EARLIEST + 1),
        ((ClockChange(advance=MINUTE),), NOON + 2 * MINUTE),
        ((ClockChange(advance=MINUTE), ClockChange(advance=0)), NOON + 2 * MINUTE),
        ((ClockChange(advance=MINUTE), FREEZE), NOON + MINUTE),
        ((ClockChange(to=EARLIEST),), EARLIEST + MINUTE),
        ((ClockChange(to=EARLIEST), RELEASE), NOON + MINUTE),
        ((FREEZE, RELEASE), NOON + MINUTE),
    ],
)
def test_a_minute_later_it_shows(changes: tuple[ClockChange, ...], shown: int) -> None:
    clock = after(*changes)
    assert clock.at(NOON + MINUTE) == shown
    assert clock.version == len(changes)


@pytest.mark.parametrize("time", [EARLIEST - 1, LATEST + 1])
@pytest.mark.parametrize("before", [Clock(), Clock(frozen_at=NOON)])
def test_it_has_bounds(before: Clock, time: int) -> None:
    for change in (ClockChange(to=time), ClockChange(advance=time - NOON)):
        with pytest.raises(HnsError) as refused:
            changed(before, change, NOON)
        assert refused.value.hr is Hr.E_INVALIDARG
