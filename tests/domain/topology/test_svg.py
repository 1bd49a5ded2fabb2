"""The picture as SVG."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from hnsemu.domain.topology.arrangement import arrange, walk
from hnsemu.domain.topology.model import Kind, View
from hnsemu.domain.topology.svg import svg
from tests.domain.topology.hosts import endpoint, host

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>"&\u202e\n'


def test_a_picture_names_every_box() -> None:
    drawn = arrange([host([endpoint(1)])], View())
    titles = [title.text or "" for title in ET.fromstring(svg(drawn)).iter(f"{SVG}title")]  # noqa: S314
    for box in walk(drawn.hosts[0]):
        assert any(box.name in title for title in titles), box.name


def test_a_name_is_text() -> None:
    drawn = arrange([host([replace(endpoint(1), name=HOSTILE)])], View())
    root = ET.fromstring(svg(drawn, is_page=True))  # noqa: S314
    assert not list(root.iter(f"{SVG}script"))
    assert any(r'</text><script>"&\u202e\n' in (title.text or "") for title in root.iter())


def test_in_a_page_it_is_a_tree_of_links() -> None:
    drawn = arrange([host([endpoint(1)])], View())
    picture = svg(
        drawn,
        href=lambda box: f"/{box.kind}" if box.kind is Kind.ENDPOINT else "",
        opens=lambda box: True if box.kind is Kind.NETWORK else None,
        is_page=True,
    )
    root = ET.fromstring(picture)  # noqa: S314
    assert root.get("role") == "tree"
    items = [item for item in root.iter() if item.get("role") == "treeitem"]
    assert len(items) == len(list(walk(drawn.hosts[0])))
    (link,) = root.iter(f"{SVG}a")
    assert (link.get("href"), link.get("aria-level")) == ("/endpoint", "5")
    assert [item.get("aria-expanded") for item in items].count("true") == 1
    assert root.find(f"{SVG}style") is None
    assert ET.fromstring(svg(drawn)).find(f"{SVG}style") is not None  # noqa: S314


def test_a_long_name_is_cut_and_its_title_is_not() -> None:
    long = "x" * 1000
    picture = svg(arrange([host([replace(endpoint(1), name=long)])], View(layers=frozenset())))
    assert picture.count(long) == 1
    assert "x…" in picture


def test_a_text_has_as_many_letters_as_there_is_room() -> None:
    def shown(letter: str) -> int:
        drawn = arrange([host([replace(endpoint(1), name=letter * 60)])], View(layers=frozenset()))
        texts = [text.text or "" for text in ET.fromstring(svg(drawn)).iter(f"{SVG}text")]  # noqa: S314
        return max(text.count(letter) for text in texts if "…" in text)

    assert shown("m") < shown("n") < shown("i")
    assert 12 * shown("m") < 194


def test_many_lines_are_left_out() -> None:
    few = arrange([host([endpoint(1)])], View())
    assert svg(few).count('class="link') == 2
    assert svg(replace(few, links=few.links * 60)).count('class="link') == 0
