"""Removing Wine prefixes that nobody has used for long: each template takes 0.7 GB."""

import shutil
import time
from contextlib import suppress
from pathlib import Path

from hnsemu.wine.places import KNOWN, USED

KEPT = 20  # more than there are releases that programs are commonly run on
UNUSED_DAYS = 14
_HOUR = 60 * 60
_DAY = 24 * _HOUR


def prune(cache: Path, now: float | None = None) -> None:
    """Remove the templates, with their instances, that no program has used for UNUSED_DAYS.

    Of more than KEPT, which building the DLLs often leaves, those go that were used longest ago
    and not within the hour. Called while the cache is locked. One in which a program still runs
    stays.
    """
    today = time.time() if now is None else now
    families: dict[str, list[Path]] = {}
    for prefix in cache.glob("wine-*"):
        families.setdefault(prefix.name.partition("-in-")[0], []).append(prefix)
    uses = {name: max(map(_last_use, family)) for name, family in families.items()}
    latest = sorted(uses, key=uses.__getitem__, reverse=True)
    old = [
        families[name]
        for position, name in enumerate(latest)
        if uses[name] < today - (UNUSED_DAYS * _DAY if position < KEPT else _HOUR)
    ]
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
