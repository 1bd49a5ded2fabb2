"""Running the program: it keeps terminal, signals and exit code, and leaves nothing behind."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from hnsemu.wine.prefix import WineError

_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
_SET_CHILD_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER

# Other programs may run in the same prefix; its server ends by itself after the last of them.
_SHARED = "wineserver"


def end_with_parent() -> None:
    """Let the kernel stop this process when its parent is killed."""
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)


def run(command: list[str], environment: Mapping[str, str]) -> int:
    """Run the program to its end and return its exit code.

    Raises: WineError.
    """
    # Wine detaches the processes that a program starts; as their reaper we find them again.
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1)
    try:
        process = subprocess.Popen(command, env=environment)
    except OSError as error:
        raise WineError(f"{command[0]}: {error.strerror}") from error
    ended = False
    try:
        while True:
            try:
                code = process.wait()
            except KeyboardInterrupt:
                continue  # the program receives Ctrl-C too and decides what to do
            ended = True
            return 128 - code if code < 0 else code
    finally:
        if not ended:
            _end(process)


def _end(process: "subprocess.Popen[bytes]", patience: float = 5) -> None:
    """Stop the program and whatever it started.

    patience: seconds until SIGKILL.
    """
    deadline = time.monotonic() + patience
    while process.poll() is None or any(_descendants()):
        number = signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL
        for pid in _descendants():
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        time.sleep(0.1)


def _descendants() -> Iterator[int]:
    """Yield the running processes below this one, but for Wine's server."""
    children: dict[int, list[tuple[int, str]]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):  # it has ended meanwhile
            before, _, after = stat.read_text().rpartition(")")
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
