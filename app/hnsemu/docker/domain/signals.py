"""Signals that end containers: KILL terminates one, every other one shuts it down.

Source: moby v28.5.2 daemon/kill.go and libcontainerd/local, moby/sys signal for Windows [C].
"""

import re

from hnsemu.docker.domain.containers import KILLED, STOPPED_BY_CTRL_SHUTDOWN, DockerContainer
from hnsemu.docker.errors import BAD_REQUEST, DockerError

KILL, TERM, WINCH = 9, 15, 28

_NUMBERS = {
    "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "TRAP": 5, "ABRT": 6, "IOT": 6, "BUS": 7, "FPE": 8,
    "KILL": KILL, "USR1": 10, "SEGV": 11, "USR2": 12, "ALRM": 14, "TERM": TERM, "STKFLT": 16,
    "CHLD": 17, "CLD": 17, "CONT": 18, "STOP": 19, "TSTP": 20, "TTIN": 21, "TTOU": 22, "URG": 23,
    "XCPU": 24, "XFSZ": 25, "VTALRM": 26, "PROF": 27, "WINCH": WINCH, "IO": 29, "POLL": 29,
    "PWR": 30, "SYS": 31, "PIPE": 255,
}  # fmt: skip
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


def read_signal(text: str) -> int:
    """Return the number of a signal that a name or number means, of whatever system.

    Raises: DockerError 400.
    """
    number = (
        int(text) if _WHOLE.fullmatch(text) else _NUMBERS.get(text.upper().removeprefix("SIG"), 0)
    )
    if not number:
        raise DockerError(BAD_REQUEST, f"invalid signal: {text}")
    return number


def kill_signal(text: str) -> int:
    """Return the signal that a kill sends, KILL if none is named.

    Raises: DockerError 400, also for a number that no signal has.
    """
    number = read_signal(text) if text else KILL
    if number not in _NUMBERS.values():
        raise DockerError(BAD_REQUEST, f"the windows daemon does not support signal {number}")
    return number


def stop_signal(container: DockerContainer) -> int:
    """Return the signal that a stop sends: that of the container's definition, else TERM."""
    try:
        return read_signal(container.config.get("StopSignal") or str(TERM))
    except DockerError:
        return TERM


def exit_code_after(signal: int) -> int:
    """Return the exit code of a container that a signal ends."""
    return KILLED if signal == KILL else STOPPED_BY_CTRL_SHUTDOWN
