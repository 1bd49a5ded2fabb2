"""Where Wine and its prefixes lie, and which prefix is right for a program.

Imported before every program, so it imports little: Wine starts a program in 50 ms.

A prefix is made once for each release: the *template*. Programs run in an *instance* of it, one for
each network namespace of Linux: Wine's server opens the sockets of all programs of a prefix, in its
own namespace.
"""

import os
from contextlib import suppress

DLLS = ("computenetwork.dll", "vmcompute.dll", "bcryptprimitives.dll", "iphlpapi.dll")
KEEPER = "keeper.exe"
RECORDER = "hnsemu-record.exe"
FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "windows")
KNOWN = "known"  # a template's file with the states of the installation that it was made from
USED = "used"  # an instance's file, touched when a program starts and when it ends

_OVERRIDES = "computenetwork,vmcompute,iphlpapi=n;bcryptprimitives=b,n"
_WINES = ("wine64", "wine", "/usr/lib/wine/wine64")
_HERE = os.path.dirname(os.path.abspath(__file__))
_SOURCES = ("registry.py", "prefix.py", "../domain/releases.py")


class WineError(Exception):
    """The program cannot be run; the message gives the reason and the remedy."""


def wine_binary() -> str:
    """Return the program that runs Windows programs.

    Raises: WineError.
    """
    chosen = os.environ.get("WINE")
    for name in (chosen,) if chosen else _WINES:
        binary = _which(name)
        if binary:
            return binary
    if chosen:
        raise WineError(f"cannot run {chosen}; set WINE to another program, or unset it")
    raise WineError("Wine is not installed (Debian and Ubuntu: apt-get install wine64)")


def _which(name: str) -> str | None:
    folders = [""] if "/" in name else os.environ.get("PATH", os.defpath).split(os.pathsep)
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


def cache() -> str:
    """Return the folder of the templates and instances."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "hnsemu")


def state(binary: str) -> str:
    """Return a line that changes when Wine, the DLLs or what makes prefixes change.

    Raises: OSError where something is missing.
    """
    files = [binary, *(os.path.join(FOLDER, name) for name in (*DLLS, KEEPER))]
    files += [os.path.join(_HERE, name) for name in _SOURCES]
    seen = ((file, os.stat(file)) for file in files)
    return "|".join(f"{file} {status.st_size} {status.st_mtime_ns}" for file, status in seen)


def known_template(binary: str, release: str, build: int) -> str | None:
    """Return the template for a release that was made from the installation as it is, if any."""
    end = f"-{release}-{build}"
    with suppress(OSError):  # nothing has been made yet
        wanted = state(binary)
        for entry in os.scandir(cache()):
            is_template = entry.name.startswith("wine-") and entry.name.endswith(end)
            if is_template and wanted in _known_states(entry.path):
                return entry.path
    return None


def _known_states(template: str) -> list[str]:
    try:
        with open(os.path.join(template, KNOWN), encoding="utf-8") as file:
            return file.read().splitlines()
    except OSError:
        return []


def instance(template: str) -> str:
    """Return the folder of the instance for the network and process namespace of this process."""
    spaces = (os.stat(f"/proc/self/ns/{kind}").st_ino for kind in ("net", "pid"))
    return "-".join((template, "in", *map(str, spaces)))


def environment(prefix: object) -> dict[str, str]:
    """Return the environment for programs in a prefix."""
    own = os.environ.get("WINEDLLOVERRIDES")
    return {
        "WINEDEBUG": "-all",
        **os.environ,
        "WINEPREFIX": str(prefix),
        "WINEDLLOVERRIDES": f"{own};{_OVERRIDES}" if own else _OVERRIDES,
    }
