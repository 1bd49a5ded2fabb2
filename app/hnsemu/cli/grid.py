"""Who reaches whom as a grid of signs, in the width of a terminal.

Receivers have numbers above the grid, and their names below it. Only a name that is wider than the
terminal is cut, in its middle: both ends tell names apart.
"""

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from hnsemu.domain.tracing.matrix_words import LEGEND, NOWHERE, SIGNS
from hnsemu.domain.tracing.model import Verdict
from hnsemu.domain.visible import visible

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Party:
    """A sender or a receiver. id: or its address. network: "" for an address alone."""

    id: str
    title: str
    network: str
    is_attached: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """What happens between two parties. port: `tcp/80`. by: what decided, in words."""

    source: Party
    target: Party
    port: str
    verdict: Verdict
    reason: str
    by: str

    @property
    def end(self) -> str:
        """Return the verdict; its reason beside it where that adds something."""
        is_delivered = self.verdict is Verdict.DELIVERED
        return self.verdict if is_delivered else f"{self.verdict} ({self.reason})"

    @property
    def sign(self) -> str:
        """Return its sign in the grid."""
        is_lost = self.verdict is not Verdict.DELIVERED
        if is_lost and not (self.source.is_attached and self.target.is_attached):
            return NOWHERE
        return SIGNS[self.verdict]


def grid_lines(pairs: Sequence[Pair], width: int) -> Iterator[str]:
    """Yield the lines of a grid for each port.

    pairs: by port, sender and receiver, each sender with the same receivers. width: of the
    terminal, in columns.
    """
    for port, of_port in groupby(pairs, key=lambda pair: pair.port):
        rows = [list(row) for _, row in groupby(of_port, key=lambda pair: pair.source)]
        yield from _grid(port, rows, width)
        yield ""


def legend() -> str:
    """Return what the signs mean."""
    return "  ".join(f"{sign} {words}" for sign, words in LEGEND.items())


def reason_lines(pairs: Sequence[Pair], width: int) -> Iterator[str]:
    """Yield what stopped packets, each with the number of pairs that it stopped."""
    lost = [pair for pair in pairs if pair.verdict is not Verdict.DELIVERED]
    counts = Counter((pair.port, pair.sign, pair.by) for pair in lost)
    for (port, sign, by), count in counts.items():
        noun = "pair" if count == 1 else "pairs"
        yield from folded(f"{sign} {port} {count} {noun}: {visible(by)}", width)


def pair_lines(pairs: Sequence[Pair], width: int) -> Iterator[str]:
    """Yield a sentence for each pair, for a terminal that a table of them does not fit."""
    for pair in pairs:
        ends = f"{visible(pair.source.title)} → {visible(pair.target.title)}"
        yield from folded(f"{pair.sign} {ends} {pair.port}: {pair.end}, {visible(pair.by)}", width)


def folded(line: str, width: int, indent: str = "    ") -> list[str]:
    """Return a line in the width of a terminal, broken between words; a wider word is cut."""
    words = _WORD.sub(lambda word: cut(word[0], width - len(indent)), line)
    return textwrap.wrap(
        words, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False,
        drop_whitespace=True,
    ) or [""]  # fmt: skip


def cut(name: str, room: int) -> str:
    """Return a name, without its middle where it is longer than `room`."""
    room = max(room, 1)
    if len(name) <= room:
        return name
    end = (room - 1) // 2
    return f"{name[: room - 1 - end]}…{name[len(name) - end :]}"


def _grid(port: str, rows: Sequence[Sequence[Pair]], width: int) -> Iterator[str]:
    count = sum(pair.verdict is Verdict.DELIVERED for row in rows for pair in row)
    targets = [pair.target for pair in rows[0]]
    yield f"{port}: {count} of {len(rows) * len(targets)} delivered"
    names = [cut(visible(row[0].source.title), width) for row in rows]
    room = min(max(map(len, names)), width // 2)
    digits = len(str(len(targets)))
    at_once = max(1, (width - room - 1) // (digits + 1))
    for start in range(0, len(targets), at_once):
        numbers = range(start + 1, min(start + at_once, len(targets)) + 1)
        yield f"{'':{room}} " + "".join(f" {number:>{digits}}" for number in numbers)
        network = ""
        for name, row in zip(names, rows, strict=True):
            if row[0].source.network != network:
                network = row[0].source.network
                yield f"[{cut(visible(network), width - 2)}]"
            cells = "".join(f" {pair.sign:>{digits}}" for pair in row[start : start + at_once])
            if len(name) > room:
                yield name
            yield f"{name if len(name) <= room else '':{room}} {cells}"
    yield from _numbered(targets, digits, width - digits - 2)


def _numbered(targets: Sequence[Party], digits: int, room: int) -> Iterator[str]:
    for number, target in enumerate(targets, 1):
        title, network = visible(target.title), visible(target.network)
        shown = f" [{cut(network, max(room // 2, room - len(title)) - 3)}]" if network else ""
        yield f" {number:>{digits}} {cut(title, room - len(shown))}{shown}"
