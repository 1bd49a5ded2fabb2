"""A reachability matrix as a picture: a grid for each port, senders left and receivers above.

SVG without scripts and outside resources; its colours follow the reader's light or dark scheme.
"""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from hnsemu.domain.tracing.matrix import Matrix, Member, grouped
from hnsemu.domain.tracing.matrix_words import LEGEND, decided_by, service_words, sign
from hnsemu.domain.tracing.verdicts import Cell
from hnsemu.domain.visible import visible
from hnsemu.errors import HnsError, Hr

_CELL, _MARGIN, _LETTER, _LONGEST = 20, 16, 7.2, 28
_MOST_CELLS = 40_000
_GAP = 10  # between networks

_STYLES = {"+": "good", "x": "bad", "-": "lost", "o": "none"}
_STYLE = """
svg{--page:#fff;--ink:#1b1f23;--soft:#57606a;--line:#d5dbe1;--good:#d9f2e1;--good-ink:#1a7036;
--bad:#fbdedb;--bad-ink:#b3261e;--lost:#fdebc8;--lost-ink:#8a5a00;--none:#eceff2;--none-ink:#57606a;
font-family:system-ui,"Segoe UI",sans-serif;font-size:13px}
@media (prefers-color-scheme:dark){svg{--page:#14171a;--ink:#e4e8eb;--soft:#9aa5af;--line:#343c43;
--good:#173a25;--good-ink:#6fdc8c;--bad:#4a1b18;--bad-ink:#ff8a80;--lost:#43330f;--lost-ink:#e6b34f;
--none:#262c31;--none-ink:#9aa5af}}
.page{fill:var(--page)}text{fill:var(--ink)}.soft{fill:var(--soft)}.head{font-weight:600}
.cell rect{stroke:var(--line)}.cell text{font-family:ui-monospace,monospace;text-anchor:middle}
.good rect{fill:var(--good)}.good text{fill:var(--good-ink)}.bad rect{fill:var(--bad)}
.bad text{fill:var(--bad-ink)}.lost rect{fill:var(--lost)}.lost text{fill:var(--lost-ink)}
.none rect{fill:var(--none)}.none text{fill:var(--none-ink)}
"""


def svg(matrix: Matrix) -> str:
    """Return the picture.

    Raises: E_INVALIDARG for one with more cells than anybody could look at.
    """
    cells = len(matrix.sources) * len(matrix.targets) * len(matrix.services)
    if cells > _MOST_CELLS:
        raise HnsError(
            Hr.E_INVALIDARG,
            f"a picture of {cells} cells is too large; name at most {_MOST_CELLS} by From and To, "
            "or take format=json",
        )
    matrix = grouped(matrix)
    rows, columns = _places(matrix.sources), _places(matrix.targets)
    left = _MARGIN + _width(matrix.sources)
    above = 52 + _width(matrix.targets)
    inside = (rows[-1] if rows else 0) + _CELL
    height_of_one = above + inside + _MARGIN
    width = left + (columns[-1] if columns else 0) + _CELL + 2 * _MARGIN
    width = max(width, _MARGIN * 2 + 380)  # the legend
    height = height_of_one * len(matrix.services) + 2 * _MARGIN + 18
    parts: list[str] = []
    for number in range(len(matrix.services)):
        parts += _grid(matrix, number, left, _MARGIN + number * height_of_one, above)
    parts.append(_text(_MARGIN, height - _MARGIN, _legend(), "soft"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="Who reaches whom">'
        f"<title>Who reaches whom</title><style>{_STYLE}</style>"
        f'<rect class="page" width="{width}" height="{height}"/>{"".join(parts)}</svg>\n'
    )


def _grid(matrix: Matrix, number: int, left: int, top: int, above: int) -> Iterator[str]:
    """Yield the elements of one port's grid."""
    rows, columns = _places(matrix.sources), _places(matrix.targets)
    yield _text(_MARGIN, top + 16, service_words(matrix.services[number]), "head")
    for target, x in zip(matrix.targets, columns, strict=True):
        place = f"translate({left + x + 14} {top + above - 6}) rotate(-90)"
        yield f'<g transform="{place}">{_text(0, 0, _short(target), _tone(target))}</g>'
    for row, (source, y) in enumerate(zip(matrix.sources, rows, strict=True)):
        yield _text(_MARGIN, top + above + y + 14, _short(source), _tone(source))
        for column, (target, x) in enumerate(zip(matrix.targets, columns, strict=True)):
            cell = matrix.outcomes[matrix.indices[number][row][column]]
            about = f"{source.title} → {target.title}: {_words(matrix, cell)}"
            shown = sign(cell, source, target)
            yield _cell(left + x, top + above + y, shown, about)


def _cell(left: int, top: int, shown: str, about: str) -> str:
    return (
        f'<g class="cell {_STYLES[shown]}"><title>{escape(visible(about))}</title>'
        f'<rect x="{left}" y="{top}" width="{_CELL}" height="{_CELL}"/>'
        f'<text x="{left + _CELL // 2}" y="{top + 14}">{shown}</text></g>'
    )


def _words(matrix: Matrix, cell: Cell) -> str:
    return f"{cell.verdict}, {decided_by(cell, matrix.owners)}"


def _places(members: Sequence[Member]) -> list[int]:
    """Return where each member's cells begin, with a gap before another network."""
    places: list[int] = []
    for number, member in enumerate(members):
        gap = _GAP if number and member.network != members[number - 1].network else 0
        places.append(places[-1] + _CELL + gap if places else 0)
    return places


def _width(members: Sequence[Member]) -> int:
    """Return the room that the names take."""
    return int(max((len(_short(member)) for member in members), default=0) * _LETTER) + 12


def _short(member: Member) -> str:
    text = visible(member.title)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _tone(member: Member) -> str:
    return "" if member.is_attached else "soft"


def _legend() -> str:
    return "   ".join(f"{shown} {words}" for shown, words in LEGEND.items())


def _text(left: int, top: int, text: str, style: str) -> str:
    kind = f" class={quoteattr(style)}" if style else ""
    return f'<text{kind} x="{left}" y="{top}">{escape(visible(text))}</text>'
