"""Wine's server and services stay for a while after a program, for the next one.

They take a second to start. keeper.exe, a program that does nothing, holds them; it ends by itself.
"""

import fcntl
import os
import select
from collections.abc import Iterator
from contextlib import contextmanager

from hnsemu.wine.places import FOLDER, KEEPER, USED, environment

_PASSED = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "USER", "WINELOADER", "WINESERVER")
_PATIENCE = 100  # seconds until Wine must have started


@contextmanager
def kept(binary: str, prefix: str) -> Iterator[None]:
    """Have Wine's services running during the block and for HNSEMU_WINE_IDLE seconds after it.

    0 keeps nothing: Wine starts them with the program and ends them after it.
    """
    given = os.environ.get("HNSEMU_WINE_IDLE", "60")
    seconds = int(given) if given.isdecimal() else 60
    used = os.path.join(prefix, USED)
    _touch(used)
    if seconds:
        _ensure(binary, prefix, used, seconds)
    try:
        yield
    finally:
        _touch(used)


def _touch(path: str) -> None:
    with open(path, "a", encoding="utf-8"):
        os.utime(path)


def _ensure(binary: str, prefix: str, used: str, seconds: int) -> None:
    """Start the keeper unless it runs."""
    noted = os.path.join(prefix, "keeper")
    if _runs(noted):
        return
    with open(f"{noted}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _runs(noted):
            return
        _touch(used)
        pid = _start(binary, prefix, used, seconds)
        with open(noted, "w", encoding="utf-8") as file:
            file.write(pid)


def _runs(noted: str) -> bool:
    try:
        with open(noted, encoding="utf-8") as file:
            pid = file.read().strip()
        with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
            return KEEPER in file.read()
    except OSError:
        return False


def _start(binary: str, prefix: str, used: str, seconds: int) -> str:
    """Start the keeper, wait until Wine is ready for programs, and return its process id.

    It is nobody's child: Ctrl-C and the end of this process do not reach it.
    """
    path = os.path.join(FOLDER, KEEPER)
    command = [binary, path, "Z:" + used.replace("/", "\\"), str(seconds)]
    passed = {name: os.environ[name] for name in _PASSED if name in os.environ}
    variables = {**environment(prefix), "WINEDEBUG": "-all"}
    variables = {name: variables[name] for name in variables if name.startswith("WINE")} | passed
    read, write = os.pipe()
    between = os.fork()
    if between == 0:
        _become(command, variables, write)
    os.close(write)
    os.waitpid(between, 0)
    said = b""
    while not said.endswith(b"ready\n") and select.select([read], [], [], _PATIENCE)[0]:
        part = os.read(read, 100)
        if not part:
            break
        said += part
    os.close(read)
    return said.split(b"\n")[0].decode()


def _become(command: list[str], variables: dict[str, str], out: int) -> None:
    """Turn a fork of this process into the keeper, detached from it."""
    try:
        os.setsid()
        if os.fork():
            os._exit(0)
        os.write(out, f"{os.getpid()}\n".encode())
        os.chdir("/")
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor, target in ((nothing, 0), (out, 1), (nothing, 2)):
            os.dup2(descriptor, target)
        os.execve(command[0], command, variables)  # noqa: S606 (no shell is wanted)
    finally:
        os._exit(1)
