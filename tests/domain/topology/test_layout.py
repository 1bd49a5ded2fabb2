"""Where boxes are drawn."""

from itertools import combinations

import pytest

from hnsemu.domain.topology.arrangement import arrange
from hnsemu.domain.topology.layout import NARROW, WIDTH, Placed, height_of, layout
from hnsemu.domain.topology.model import Topology, View
from tests.domain.topology.hosts import endpoint, host


@pytest.mark.parametrize("width", [WIDTH, NARROW])
def test_a_box_holds_what_stands_on_it_and_nothing_overlaps(width: int) -> None:
    placed = layout(
        arrange([host([endpoint(number) for number in range(30)])], View(grouped=False)), width
    )
    by_key = {part.box.key: part for part in placed}
    for part in placed:
        inner = [by_key[box.key] for box in part.box.boxes]
        assert all(_holds(part, other) for other in inner)
        assert not any(_overlap(one, other) for one, other in combinations(inner, 2))
    assert {part.level for part in placed} == {1, 2, 3, 4, 5}
    assert placed[0].width == width
    assert height_of(placed) == placed[0].height


def test_cells_fill_a_narrow_picture() -> None:
    placed = layout(arrange([host([endpoint(1), endpoint(2)])], View(grouped=False)), NARROW)
    subnet = next(part for part in placed if part.level == 4)
    cells = [part for part in placed if part.level == 5]
    assert len({cell.top for cell in cells}) == 2  # names need the room
    assert {cell.width for cell in cells} == {subnet.width - 24}


def test_hosts_stand_below_each_other() -> None:
    first, second = [
        part
        for part in layout(arrange([host(name="a"), host(name="b")], View()))
        if part.level == 1
    ]
    assert second.top > first.top + first.height


def test_a_picture_of_nothing_has_no_height() -> None:
    assert height_of(layout(Topology(()))) == 0


def _holds(outer: Placed, inner: Placed) -> bool:
    return (
        outer.left < inner.left
        and outer.top < inner.top
        and inner.left + inner.width < outer.left + outer.width
        and inner.top + inner.height < outer.top + outer.height
    )


def _overlap(one: Placed, other: Placed) -> bool:
    return not (
        one.left + one.width <= other.left
        or other.left + other.width <= one.left
        or one.top + one.height <= other.top
        or other.top + other.height <= one.top
    )
