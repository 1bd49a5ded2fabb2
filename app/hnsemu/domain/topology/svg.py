"""A topology as SVG, without scripts and outside resources; each box can be a link."""

from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape, quoteattr

from hnsemu.domain.topology.layout import CELL_HEIGHT, WIDTH, Placed, height_of, layout
from hnsemu.domain.topology.model import Box, Kind, Link, Relation, Topology
from hnsemu.domain.visible import visible

_MARGIN = 8
# Widths of letters in units, in the widest of the usual fonts: nothing may run out of its box.
_LETTER, _WIDE_LETTER, _NARROW_LETTER = 8.2, 12.0, 5.2
_WIDE, _NARROW = frozenset("mwMW@%<>=+…→"), frozenset("iljIft.,:;'|!()[]/- ")
_SOFT = 12 / 13  # how much smaller a detail is written
_MOST_LINES = 60  # more of them hide what they should show

STYLE = """
svg{--page:#fff;--card:#fff;--ink:#1b1f23;--soft:#57606a;--line:#d5dbe1;--network:#1f6f8b;
--endpoint:#2a7a3f;--namespace:#8a5a00;--loadbalancer:#7a3fa0;--switch:#4a5562;--port:#0b57a4;
font-family:system-ui,"Segoe UI",sans-serif;font-size:13px}
@media (prefers-color-scheme:dark){svg{--page:#14171a;--card:#1c2125;--ink:#e4e8eb;--soft:#9aa5af;
--line:#343c43;--network:#67c5e3;--endpoint:#7bd694;--namespace:#e6b34f;--loadbalancer:#cfa0ee;
--switch:#b4c0cb;--port:#79b8ff}}
.page{fill:var(--page)}
.box rect{fill:var(--card);stroke:var(--line)}.box text{fill:var(--ink)}
.box .soft{fill:var(--soft);font-size:12px}
.holder>rect{fill:none}.host>rect{stroke:var(--ink)}.switch rect{stroke:var(--switch)}
.network rect{stroke:var(--network)}
.subnet rect{stroke:var(--network);stroke-dasharray:4 3}.endpoint rect{stroke:var(--endpoint)}
.group rect{stroke:var(--endpoint);stroke-width:3}
.remote rect{stroke:var(--endpoint);stroke-dasharray:4 3}.namespace rect{stroke:var(--namespace)}
.loadbalancer rect{stroke:var(--loadbalancer)}.port rect{stroke:var(--port)}
.faded{opacity:.35}.link{fill:none;stroke-width:1.5;opacity:.55}
.link.member{stroke:var(--namespace)}.link.backend{stroke:var(--loadbalancer)}
.link.published{stroke:var(--port)}.link.tunnel{stroke:var(--network);stroke-dasharray:6 4}
"""

_ROUND = {Kind.ENDPOINT: 6, Kind.REMOTE: 6, Kind.GROUP: 6, Kind.NAMESPACE: 0, Kind.PORT: 20,
          Kind.BALANCER: 14}  # fmt: skip


def svg(
    topology: Topology,
    *,
    href: Callable[[Box], str] = lambda _: "",
    opens: Callable[[Box], bool | None] = lambda _: None,
    is_page: bool = False,
    host_width: int = WIDTH,
) -> str:
    """Return the picture.

    href:    address of the page about a box, "" for none.
    opens:   whether a box is open, None for one that cannot be opened.
    is_page: whether it stands in a page, which has the style of it, and is read as a tree.
    host_width: units; what stands on a host takes more rows on a narrow one.
    """
    placed = layout(topology, host_width)
    width = max((part.left + part.width for part in placed), default=0) + 2 * _MARGIN
    height = height_of(placed) + 2 * _MARGIN
    by_key = {part.box.key: part for part in placed}
    lines = [link for link in topology.links if link.relation is not Relation.MEMBER]
    drawn = lines if len(lines) <= _MOST_LINES else []

    boxes = (_box(part, href(part.box), opens(part.box), is_page=is_page) for part in placed)
    names = ", ".join(visible(host.name) for host in topology.hosts)
    role = 'role="tree"' if is_page else 'role="img"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="topology" width="{width}" '
        f'height="{height}" viewBox="{-_MARGIN} {-_MARGIN} {width} {height}" {role} '
        f"aria-label={quoteattr(f'Topology of {names}')}>"
        + ("" if is_page else f"<style>{STYLE}</style>")
        + f'<rect class="page" x="{-_MARGIN}" y="{-_MARGIN}" width="{width}" height="{height}"/>'
        + "".join(_line(link, by_key) for link in drawn)  # behind the cells, before what holds them
        + "".join(boxes)
        + "</svg>\n"
    )


def _box(part: Placed, href: str, opened: bool | None, *, is_page: bool) -> str:  # noqa: FBT001
    box = part.box
    holder, faded = "" if _is_cell(part) else " holder", " faded" if box.is_faded else ""
    style = f"box {box.kind}{holder}{faded}"
    name, detail = visible(box.name), visible(_detail(box))
    texts, is_cut = _texts(part, name, detail)
    title = f"<title>{escape(f'{box.kind} {name} {detail}'.strip())}</title>"
    inside = (
        # A page says all in the label, and on hover what is cut.
        (title if is_cut or not is_page else "")
        + f'<rect x="{part.left}" y="{part.top}" width="{part.width}" height="{part.height}" '
        f'rx="{_ROUND.get(box.kind, 4)}"/>{texts}'
    )
    if not is_page:
        return f'<g class="{style}">{inside}</g>'
    expanded = "" if opened is None else f' aria-expanded="{str(opened).lower()}"'
    label = quoteattr(" ".join(f"{name} {detail} {box.kind}".split()))
    tree = f'role="treeitem" aria-level="{part.level}"{expanded} aria-label={label}'
    element = f"a href={quoteattr(href)}" if href else "g"
    return f'<{element} class="{style}" {tree}>{inside}</{element[0]}>'


def _texts(part: Placed, name: str, detail: str) -> tuple[str, bool]:
    """Return the name with the detail below it, or behind it on a box that holds others.

    Then whether something of them is cut.
    """
    room = part.width - 16
    left, top = part.left + 10, part.top
    if _is_cell(part):
        shown, below = _cut(name, room), _cut(detail, room / _SOFT)
        texts = _text(left, top + 17, shown, "") + _text(left, top + 33, below, "soft")
        return texts, (shown, below) != (name, detail)
    shown = _cut(name, max(room / 2, room - _SOFT * _width(detail) - 14))
    behind = _cut(detail, (room - _width(shown) - 14) / _SOFT)
    at = left + 12 + int(_width(shown))
    texts = _text(left, top + 20, shown, "") + _text(at, top + 20, behind, "soft")
    return texts, (shown, behind) != (name, detail)


def _is_cell(part: Placed) -> bool:
    return part.height == CELL_HEIGHT and not part.box.boxes


def _detail(box: Box) -> str:
    if not box.count or box.kind in {Kind.GROUP, Kind.MORE}:
        return box.detail
    word = "endpoint" if box.count == 1 else "endpoints"
    return f"{box.detail}, {box.count} {word}".removeprefix(", ")


def _line(link: Link, by_key: Mapping[str, Placed]) -> str:
    source, target = by_key[link.source], by_key[link.target]
    x1, y1 = source.left + source.width // 2, source.top
    x2, y2 = target.left + target.width // 2, target.top + target.height
    if y1 < y2:
        y1, y2 = source.top + source.height, target.top
    middle = (y1 + y2) // 2
    text = f"<title>{escape(link.text)}</title>" if link.text else ""
    return (
        f'<path class="link {link.relation}" d="M{x1} {y1}C{x1} {middle} {x2} {middle} {x2} {y2}">'
        f"{text}</path>"
    )


def _text(left: int, top: int, text: str, style: str) -> str:
    if not text:
        return ""
    kind = f' class="{style}"' if style else ""
    return f'<text{kind} x="{left}" y="{top}">{escape(text)}</text>'


def _cut(text: str, room: float) -> str:
    """Return a text, or as much of it as has room, in units, before an ellipsis."""
    if _width(text) <= room:
        return text
    kept = ""
    left = room - _WIDE_LETTER
    for letter in text:
        left -= _width(letter)
        if left < 0:
            break
        kept += letter
    return f"{kept or text[:1]}…"


def _width(text: str) -> float:
    return sum(
        _WIDE_LETTER if letter in _WIDE else _NARROW_LETTER if letter in _NARROW else _LETTER
        for letter in text
    )
