"""Many threads doing one thing at once."""

import threading
from collections.abc import Callable

from hnsemu.errors import HnsError


def racing(work: Callable[[int], object], racers: int = 16) -> list[object]:
    """Run `work` in that many threads at once and return what each returned or was refused with.

    work: gets the number of its thread. A refusal is returned as its Hr, another error as it is.
    """
    outcomes: list[object] = [None] * racers
    start = threading.Barrier(racers)

    def run(racer: int) -> None:
        start.wait()
        try:
            outcomes[racer] = work(racer)
        except HnsError as refusal:
            outcomes[racer] = refusal.hr
        except Exception as error:  # noqa: BLE001 (shown to the test, which expects none)
            outcomes[racer] = error

    threads = [threading.Thread(target=run, args=(racer,)) for racer in range(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
