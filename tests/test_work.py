"""Work counted in calls: what the count leaves out."""

import gc

from tests.work import calls


class Cycle:
    """An object that only the garbage collector frees, and that is called when it goes."""

    itself: "Cycle"

    def __del__(self) -> None:
        """Be one call more."""


def leave_cycles() -> None:
    for _ in range(100):
        cycle = Cycle()
        cycle.itself = cycle


def test_what_the_garbage_collector_calls_is_no_work_of_what_is_measured() -> None:
    thresholds = gc.get_threshold()
    gc.set_threshold(1)
    try:
        assert calls(leave_cycles, of_c=False) == 1
    finally:
        gc.set_threshold(*thresholds)


def test_the_garbage_collector_goes_on_afterwards() -> None:
    calls(lambda: None)
    assert gc.isenabled()
