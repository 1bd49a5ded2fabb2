"""A matrix as SVG."""

import xml.etree.ElementTree as ET

import pytest

from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.tracing.matrix import Matrix, Member
from hnsemu.domain.tracing.matrix_picture import svg
from hnsemu.domain.tracing.model import Reason, Verdict
from hnsemu.domain.tracing.verdicts import Cell
from hnsemu.domain.tracing.walks import Service
from hnsemu.errors import HnsError, Hr

WEB = Member("1", "web", "10.0.0.2", "pods")
EVIL = Member("2", '<b>&"\n', "10.0.0.3", "other", is_attached=False)
CELLS = (
    Cell(Verdict.DELIVERED, Reason.DELIVERED_TO_ENDPOINT),
    Cell(Verdict.BLOCKED, Reason.BLOCKED_BY_RULE, "r", PolicyRef("Endpoint", "1", "ACL", "deny")),
    Cell(Verdict.DROPPED, Reason.NOT_ATTACHED),
)
MATRIX = Matrix(
    (WEB, EVIL), (WEB, EVIL), (Service(6, 80), Service(1, 0)), CELLS,
    [[[0, 2], [2, 0]], [[1, 2], [2, 2]]], {"1": "web"},
)  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


def test_each_cell_is_a_sign_and_says_what_decided() -> None:
    picture = ET.fromstring(svg(MATRIX))  # noqa: S314 (our own)
    cells = picture.findall(f".//{SVG}g[{SVG}rect]")
    found = [(cell.find(f"{SVG}text").text, cell.find(f"{SVG}title").text) for cell in cells]  # type: ignore[union-attr]
    assert len(found) == 8
    assert found[0] == ("+", "web → web: Delivered, no rule is against it")
    assert found[4] == ("x", "web → web: Blocked, ACL deny of endpoint web")
    assert found[1][0] == "o"


def test_a_name_is_text() -> None:
    picture = svg(MATRIX)
    assert "<b>" not in picture
    assert "&lt;b&gt;" in picture
    assert r"\n" in picture


def test_networks_stand_apart() -> None:
    picture = ET.fromstring(svg(MATRIX))  # noqa: S314
    left = [int(box.attrib["x"]) for box in picture.findall(f".//{SVG}g/{SVG}rect")[:2]]
    assert left[1] - left[0] > int(picture.findall(f".//{SVG}g/{SVG}rect")[0].attrib["width"])


def test_nobody_looks_at_a_million_cells() -> None:
    many = Matrix((WEB,) * 201, (WEB,) * 200, (Service(1, 0),), CELLS, [[]])
    with pytest.raises(HnsError) as refusal:
        svg(many)
    assert refusal.value.hr is Hr.E_INVALIDARG


def test_a_matrix_of_nobody_is_a_picture_too() -> None:
    assert svg(Matrix((), (), (Service(1, 0),), (), [[]])).startswith("<svg")
