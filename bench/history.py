"""The ratios of each release: one line of JSON a release, oldest first, in `history.json`.

make bench record=1        # keeps the ratios of the release that was measured
make bench-all record=1    # and those of every other benchmark
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

FILE = Path(__file__).with_name("history.json")

Ratios = dict[str, float]
"""By the title of the figure; more is better for rates, less for times."""


def previous(version: str, benchmark: str, file: Path = FILE) -> Ratios:
    """Return what the benchmark gave at the last release before `version`; none without one."""
    found: Ratios = {}
    for line in _lines(file):
        if line["version"] != version and benchmark in line["benchmarks"]:
            found = line["benchmarks"][benchmark]["ratios"]
    return found


def record(
    version: str,
    benchmark: str,
    settings: str,
    ratios: Mapping[str, float],
    *,
    load: float,
    file: Path = FILE,
) -> None:
    """Keep the ratios of a benchmark of `version` in the place of those that it may have.

    settings: of what was measured. load: of the machine, at the end.
    """
    lines = _lines(file)
    of_release = next((line for line in lines if line["version"] == version), None)
    if of_release is None:
        of_release = {"version": version, "benchmarks": {}}
        lines.append(of_release)
    of_release["benchmarks"][benchmark] = {
        "settings": settings,
        "load": round(load, 1),
        "ratios": {title: round(ratio, 2) for title, ratio in ratios.items()},
    }
    file.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))


def _lines(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    return [orjson.loads(line) for line in file.read_bytes().splitlines() if line]
