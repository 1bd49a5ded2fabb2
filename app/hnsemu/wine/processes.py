"""Running the program: it keeps terminal, signals and exit code, and leaves nothing behind."""

import ctypes
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from hnsemu.wine.places import WineError

_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
_SET_CHILD_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER

# Other programs may run in the same prefix; its server ends by itself after the last of them.
_SHARED = "wineserver"


def end_with_parent() -> None:
    """Let the kernel stop this process when its parent is killed."""
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)


@contextmanager
def stopping_at_sigterm() -> Iterator[None]:
    """Let SIGTERM act like Ctrl-C, so that everything started here is stopped first."""

    def stop(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def run(command: list[str], environment: Mapping[str, str]) -> int:
    """Run the program to its end and return its exit code.

    Raises: WineError.
    """
    # Wine detaches the processes that a program starts; as their reaper we find them again.
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1)
    try:
        pid = os.posix_spawn(command[0], command, environment)
    except OSError as error:
        raise WineError(f"{command[0]}: {error.strerror}") from error
    ended = False
    try:
        while True:
            try:
                status = os.waitpid(pid, 0)[1]
            except KeyboardInterrupt:
                continue  # the program receives Ctrl-C too and decides what to do
            ended = True
            code = os.waitstatus_to_exitcode(status)
            return 128 - code if code < 0 else code
    finally:
        if not ended:
            _end()


def _end(patience: float = 5) -> None:
    """Stop the program and what it started.

    patience: seconds until SIGKILL.
    """
    deadline = time.monotonic() + patience
    while any(_descendants()):
        number = signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL
        for pid in _descendants():
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        time.sleep(0.1)
        _reap()


def _reap() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _descendants() -> Iterator[int]:
    """Yield the running processes below this one, but for Wine's server."""
    children: dict[int, list[tuple[int, str]]] = {}
    for entry in os.scandir("/proc"):
        if not entry.name.isdecimal():
            continue
        with suppress(OSError, ValueError):  # it has ended meanwhile
            with open(f"/proc/{entry.name}/stat", encoding="utf-8", errors="replace") as file:
                before, _, after = file.read().rpartition(")")
            own, _, name = before.partition(" (")
            state, parent = after.split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append((int(own), name))
    below = [os.getpid()]
    while below:
        for pid, name in children.get(below.pop(), ()):
            below.append(pid)
            if not name.startswith(_SHARED):
                yield pid
