"""How every benchmark tells its figures: beside their goals and those of the previous release."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench import history
from hnsemu import __version__

SQLITE = "SQLite, journal_mode = WAL, synchronous = NORMAL"


@dataclass(frozen=True)
class Figure:
    """One line of a report.

    value:  what was measured, and what it stands beside, with their units.
    ratio:  of the two, or of the value to its goal: what can be compared with another release.
    goal:   as it is read, "" for none.
    """

    title: str
    value: str
    ratio: float
    goal: str = ""
    met: bool = True


def at_most(title: str, value: str, ratio: float, most: float) -> Figure:
    """Return a figure whose goal is a ratio of `most` or less."""
    return Figure(title, value, ratio, f"≤ {most:g}", met=ratio <= most)


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return a parser of what every benchmark can be asked for."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--record", action="store_true", help="keep the ratios in history.json")
    return parser


def report(benchmark: str, settings: str, figures: Sequence[Figure], *, record: bool) -> int:
    """Print the figures of a benchmark; return 1 if a goal is missed.

    settings: of the databases that were measured. record: whether history keeps the ratios.
    """
    load = os.getloadavg()[0]
    known = history.previous(__version__, benchmark)
    table = Table(title=f"{benchmark}: {settings}; load of the machine {load:.1f}")
    for column in ("figure", "measured", "ratio", "goal", "", "previous release"):
        table.add_column(column)
    for figure in figures:
        verdict = ("met" if figure.met else "MISSED") if figure.goal else ""
        before = f"{known[figure.title]:.2f}" if figure.title in known else ""
        ratio = f"{figure.ratio:.2f}"
        table.add_row(figure.title, figure.value, ratio, figure.goal, verdict, before)
    Console(width=130).print(table)
    if record:
        ratios = {figure.title: figure.ratio for figure in figures}
        history.record(__version__, benchmark, settings, ratios, load=load)
    return 0 if all(figure.met for figure in figures) else 1
