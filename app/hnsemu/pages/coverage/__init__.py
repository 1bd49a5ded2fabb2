"""What is emulated, and how sure that is: docs/fidelity.md as a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import orjson
from fastapi import Response
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit

router = PageRouter(prefix="/ui")

_FILES = (
    Path(str(files("hnsemu"))) / "docs" / "fidelity.md",  # of a wheel
    Path(__file__).parents[4] / "docs" / "fidelity.md",  # of a clone
)


@dataclass(frozen=True, slots=True)
class _Read:
    """What the page says.

    html:     its links lead to files, so only their texts are kept.
    sections: anchor and text of the heading of each.
    rows:     of its tables: what their columns say, and the heading, all as text.
    """

    html: Markup
    sections: Sequence[tuple[str, str]]
    rows: Sequence[dict[str, str]]


@router.page("/coverage")
def show_coverage(visit: Visit) -> Response:
    """The behaviours of Windows that are emulated, each with its origin."""
    read = _read()
    return visit.shown(
        "coverage/coverage.html",
        "Coverage",
        document=f"{visit.path}/coverage/json",
        text=read.html,
        sections=read.sections,
    )


@router.page("/coverage/json")
def read_coverage(visit: Visit) -> Response:  # noqa: ARG001 (a view)
    """The rows of its tables as JSON, each with the heading that it stands below."""
    return Response(orjson.dumps(_read().rows), media_type="application/json")


@cache
def _read() -> _Read:
    text = next(file for file in _FILES if file.exists()).read_text(encoding="utf-8")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    sections, rows = _sections(tokens), _rows(tokens)
    return _Read(_html(markdown, tokens, sections), sections, rows)


def _html(markdown: MarkdownIt, tokens: list[Token], sections: Sequence[tuple[str, str]]) -> Markup:
    """Return the page without its title. The tokens lose their links."""
    anchors = iter(sections)
    for token in tokens:
        if _is_section(token):
            token.attrSet("id", next(anchors)[0])
        token.children = [
            child for child in token.children or [] if child.type not in {"link_open", "link_close"}
        ]
    without_title = tokens[3:]  # the heading of the page says it
    html = markdown.renderer.render(without_title, markdown.options, {})
    framed = html.replace("<table>", '<div class="wide" tabindex="0"><table class="rows">')
    return Markup(framed.replace("</table>", "</table></div>"))  # noqa: S704 (rendered above)


def _sections(tokens: Sequence[Token]) -> list[tuple[str, str]]:
    texts = [after.content for before, after in pairwise(tokens) if _is_section(before)]
    return [(text.lower().replace(" ", "-"), text) for text in texts]


def _is_section(token: Token) -> bool:
    return token.type == "heading_open" and token.tag == "h2"


def _rows(tokens: Sequence[Token]) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    heading, columns, cells = "", list[str](), list[str]()
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            heading = token.content
        elif before.type == "th_open":
            columns.append(token.content)
        elif before.type == "td_open":
            cells.append(token.content)
        elif token.type == "tr_close" and cells:
            rows.append({"Heading": heading, **dict(zip(columns, cells, strict=True))})
            cells = []
        elif token.type == "table_open":
            columns = []
    return rows
