"""The ratios of each release: one line of JSON a release, oldest first, in `history.json`.

make bench record=1        # keeps the ratios of the release that was measured
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

FILE = Path(__file__).with_name("history.json")

Ratios = dict[str, float]
"""By the title of the figure; more is better for rates, less for times."""


def previous(version: str, file: Path = FILE) -> Ratios:
    """Return the ratios of the release before `version`; none without one."""
    lines = [line for line in _lines(file) if line["version"] != version]
    ratios: Ratios = lines[-1]["ratios"] if lines else {}
    return ratios


def record(version: str, settings: str, ratios: Mapping[str, float], file: Path = FILE) -> None:
    """Keep the ratios of `version` in the place of those that it may have.

    settings: of the databases that were measured.
    """
    kept = [line for line in _lines(file) if line["version"] != version]
    rounded = {title: round(ratio, 2) for title, ratio in ratios.items()}
    kept.append({"version": version, "settings": settings, "ratios": rounded})
    file.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in kept))


def _lines(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    return [orjson.loads(line) for line in file.read_bytes().splitlines() if line]
