"""Where the boxes of a topology are drawn: containers below each other, single things in rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from hnsemu.domain.topology.model import Box, Kind, Topology

WIDTH = 1036
"""Units; a unit is a pixel where the picture is not scaled."""

NARROW = 352
"""The width of a picture that a phone shows unscaled; its cells share what room there is."""

CELL_WIDTH, CELL_HEIGHT = 194, 42
_LEAST_CELL = 150  # where cells share the room
_GAP, _PAD, _TITLE = 8, 12, 30

_CONTAINERS = {Kind.HOST, Kind.SWITCH, Kind.NETWORK, Kind.SUBNET}


@dataclass(frozen=True, slots=True)
class Placed:
    """A box with its place. level: how many boxes it stands in, from 1."""

    box: Box
    level: int
    left: int
    top: int
    width: int
    height: int


def layout(topology: Topology, width: int = WIDTH) -> list[Placed]:
    """Return every box with its place, each container before what it holds. width: of a host."""
    placed: list[Placed] = []
    top = 0
    for host in topology.hosts:
        inside = list(_placed(host, 1, 0, top, width))
        placed += inside
        top += inside[0].height + 2 * _GAP
    return placed


def height_of(placed: list[Placed]) -> int:
    """Return the height of a picture."""
    return max((part.top + part.height for part in placed), default=0)


def _placed(box: Box, level: int, left: int, top: int, width: int) -> Iterator[Placed]:
    if not _is_container(box):
        yield Placed(box, level, left, top, width, CELL_HEIGHT)
        return
    inner: list[Placed] = []
    y, x = top + _TITLE, left + _PAD
    right = left + width - _PAD
    cell = _cell_width(width - 2 * _PAD)
    for part in box.boxes:
        if _is_container(part):
            if x > left + _PAD:
                y, x = y + CELL_HEIGHT + _GAP, left + _PAD
            inside = list(_placed(part, level + 1, x, y, right - x))
            inner += inside
            y += inside[0].height + _GAP
            continue
        if x + cell > right and x > left + _PAD:
            y, x = y + CELL_HEIGHT + _GAP, left + _PAD
        inner += _placed(part, level + 1, x, y, cell)
        x += cell + _GAP
    if x > left + _PAD:
        y += CELL_HEIGHT + _GAP
    bottom = y - _GAP + _PAD if inner else top + _TITLE
    yield Placed(box, level, left, top, width, bottom - top)
    yield from inner


def _cell_width(room: int) -> int:
    """Return the width of the cells in a row; a narrow one is filled by them."""
    if room > 2 * CELL_WIDTH:
        return CELL_WIDTH
    cells = max((room + _GAP) // (_LEAST_CELL + _GAP), 1)
    return (room - (cells - 1) * _GAP) // cells


def _is_container(box: Box) -> bool:
    return box.kind is Kind.HOST or (box.kind in _CONTAINERS and bool(box.boxes))
