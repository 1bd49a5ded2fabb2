"""A trace as a picture: the stations of a packet from top to bottom, its reply beside it.

SVG without scripts and outside resources; its colours follow the reader's light or dark scheme.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape

from hnsemu.domain.tracing.model import Result, Step, Trace, Verdict
from hnsemu.domain.tracing.text import headline, short
from hnsemu.domain.visible import visible

_LANE, _GAP, _MARGIN = 620, 40, 24
_LINE, _PAD, _TITLE = 18, 12, 24
_LETTERS = 82  # of the text size that fit a card

_TONES = {
    Result.ALLOW: "good",
    Result.PASS: "good",
    Result.FLOW: "good",
    Result.DELIVER: "good",
    Result.BLOCK: "bad",
    Result.DROP: "bad",
    Result.REWRITE: "change",
    Result.ENCAP: "change",
    Result.DECAP: "change",
    Result.HAIRPIN: "change",
    Result.REDIRECT: "change",
}

_STYLE = """
svg{--page:#fbfaf7;--card:#fff;--ink:#1d2430;--soft:#6b7482;--rule:#d9d6cd;--band:#f1eee6;
--good:#1f7a4d;--bad:#b3261e;--change:#9a5b00;--step:#8a93a1;
font-family:ui-sans-serif,system-ui,"Segoe UI",Helvetica,Arial,sans-serif}
@media (prefers-color-scheme:dark){svg{--page:#14171c;--card:#1d2229;--ink:#e8eaee;--soft:#9aa4b2;
--rule:#343b45;--band:#191d23;--good:#5cc28c;--bad:#ff8a80;--change:#f0b35a;--step:#76808e}}
.page{fill:var(--page)}.band{fill:var(--band);stroke:var(--rule)}.card{fill:var(--card);
stroke:var(--rule)}.path{stroke:var(--step);stroke-width:2;fill:none}
text{fill:var(--ink);font-size:13px}.head{font-size:17px;font-weight:600}.host{font-size:12px;
font-weight:600;letter-spacing:.06em;fill:var(--soft)}.title{font-weight:600}.soft{fill:var(--soft)}
.small{font-size:12px}.mono{font-family:ui-monospace,Consolas,Menlo,monospace;font-size:12px}
.good{fill:var(--good)}.bad{fill:var(--bad)}.change{fill:var(--change)}.step{fill:var(--step)}
.end{stroke-width:1.5}.end.good{fill:none;stroke:var(--good)}.end.bad{fill:none;stroke:var(--bad)}
"""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A line of a card: its text, its class, and whether a dot stands before it."""

    text: str
    style: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class _Station:
    """Consecutive steps at one place."""

    host: str
    title: str
    marks: tuple[_Mark, ...]

    @property
    def height(self) -> int:
        """Return the height of its card."""
        return _TITLE + _LINE * len(self.marks) + _PAD


def svg(trace: Trace) -> str:
    """Return the picture of a trace, with the reply in a lane of its own."""
    lanes = [trace] if trace.reply is None else [trace, trace.reply]
    columns = [_lane(lane, _MARGIN + number * (_LANE + _GAP), is_reply=number > 0)
               for number, lane in enumerate(lanes)]  # fmt: skip
    height = max(bottom for _, bottom in columns) + _MARGIN
    width = 2 * _MARGIN + len(lanes) * _LANE + (len(lanes) - 1) * _GAP
    body = "".join(part for parts, _ in columns for part in parts)
    label = escape(f"{trace.sent}: {headline(trace)}", {'"': "&quot;"})
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="{label}">'
        f"<title>{escape(str(trace.sent))}</title><style>{_STYLE}</style>"
        f'<rect class="page" width="{width}" height="{height}"/>{body}</svg>\n'
    )


def _lane(trace: Trace, left: int, *, is_reply: bool) -> tuple[list[str], int]:
    """Return the elements of one lane and the y of its end."""
    parts = []
    top = _MARGIN + 20
    name = f"Reply: {trace.sent}" if is_reply else str(trace.sent)
    for row in textwrap.wrap(name, 62):
        parts.append(_text(left, top, row, "head"))
        top += 22
    top += 6
    for host, group in groupby(_stations(trace.steps), key=lambda station: station.host):
        stations = list(group)
        inside = sum(station.height + 14 for station in stations)
        parts.append(_box("band", left, top, _LANE, inside + 34, 14))
        parts.append(_text(left + 16, top + 22, f"HOST {host.upper()}", "host"))
        y = top + 34
        for number, station in enumerate(stations):
            if number:
                parts.append(f'<path class="path" d="M{left + 30} {y - 14}V{y}"/>')
            parts += _card(station, left + 12, y)
            y += station.height + 14
        top = y + 12
    parts += _verdict(trace, left, top)
    return parts, top + 66 + _LINE * (len(_wrapped(trace.text)) - 1)


def _stations(steps: Sequence[Step]) -> list[_Station]:
    """Return the steps gathered by place; what matched nothing is left out."""
    shown = [step for step in steps if step.result is not Result.NO_MATCH]
    stations = []
    for (host, where, direction), group in groupby(
        shown, key=lambda step: (step.host, step.where, step.direction)
    ):
        title = short(where)
        marks = tuple(mark for step in group for mark in _marks(step))
        stations.append(_Station(host, f"{title} {direction}".rstrip(), marks))
    return stations


def _marks(step: Step) -> Iterator[_Mark]:
    prefix = f"{step.layer}: " if step.layer else ""
    first, *more = _wrapped(f"{prefix}{short(step.text)}")
    yield _Mark(first, "", _TONES.get(step.result, "step"))
    for row in more:
        yield _Mark(row, "")
    for name, (before, after) in step.changed.items():
        yield _Mark(f"{name} {before or 'none'} → {after or 'none'}", "mono change")


def _card(station: _Station, left: int, top: int) -> Iterator[str]:
    yield _box("card", left, top, _LANE - 24, station.height, 9)
    yield _text(left + 14, top + 18, station.title, "title small")
    y = top + _TITLE + 14
    for mark in station.marks:
        if mark.tone:
            yield f'<circle class="{mark.tone}" cx="{left + 18}" cy="{y - 4}" r="4"/>'
        yield _text(left + 32, y, mark.text, f"small {mark.style}".strip())
        y += _LINE


def _verdict(trace: Trace, left: int, top: int) -> Iterator[str]:
    tone = "good" if trace.verdict is Verdict.DELIVERED else "bad"
    rows = _wrapped(short(trace.text))
    yield _box(f"end {tone}", left, top, _LANE, 46 + _LINE * len(rows), 14)
    yield _text(left + 18, top + 26, headline(trace), f"head {tone}")
    for number, row in enumerate(rows):
        yield _text(left + 18, top + 46 + _LINE * number, row, "small")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _LETTERS) or [""]


def _box(style: str, left: int, top: int, width: int, height: int, radius: int) -> str:
    return (
        f'<rect class="{style}" x="{left}" y="{top}" width="{width}" height="{height}" '
        f'rx="{radius}"/>'
    )


def _text(left: int, top: int, text: str, style: str) -> str:
    return f'<text class="{style}" x="{left}" y="{top}">{escape(visible(text))}</text>'
