"""Removing Wine prefixes that nobody has used for long: each template takes 0.7 GB."""

import shutil
import time
from contextlib import suppress
from pathlib import Path

from hnsemu.wine.places import KNOWN, USED

UNUSED_DAYS = 14
_DAY = 24 * 60 * 60


def prune(cache: Path, now: float | None = None) -> None:
    """Remove the templates, with their instances, that no program has used for UNUSED_DAYS.

    Called while the cache is locked. One in which a program still runs stays.
    """
    before = (time.time() if now is None else now) - UNUSED_DAYS * _DAY
    families: dict[str, list[Path]] = {}
    for prefix in cache.glob("wine-*"):
        families.setdefault(prefix.name.partition("-in-")[0], []).append(prefix)
    old = [family for family in families.values() if max(map(_last_use, family)) < before]
    running = _running() if old else set()
    for family in old:
        if not running.intersection(map(str, family)):
            for prefix in family:
                _remove(prefix)


def _last_use(prefix: Path) -> float:
    """Return when a program last started or ended there, or when the prefix was made."""
    times = []
    for path in (prefix, prefix / KNOWN, prefix / USED):
        with suppress(OSError):
            times.append(path.stat().st_mtime)
    return max(times, default=0)


def _running() -> set[str]:
    """Return the prefixes of the programs that run, as far as this user may see them."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            for variable in entry.read_bytes().split(b"\0"):
                name, _, value = variable.partition(b"=")
                if name == b"WINEPREFIX":
                    found.add(value.decode(errors="replace"))
    return found


def _remove(prefix: Path) -> None:
    if prefix.is_symlink():
        prefix.unlink()
    else:
        shutil.rmtree(prefix, ignore_errors=True)
