"""What is emulated, and how sure that is: docs/fidelity.md as a page."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from fastapi import Response
from markdown_it import MarkdownIt
from markupsafe import Markup

from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit

router = PageRouter(prefix="/ui")

_FILES = (
    Path(str(files("hnsemu"))) / "docs" / "fidelity.md",  # of a wheel
    Path(__file__).parents[4] / "docs" / "fidelity.md",  # of a clone
)


@router.page("/coverage")
def show_coverage(visit: Visit) -> Response:
    """The behaviours of Windows that are emulated, each with its origin."""
    return visit.shown("coverage/coverage.html", "Coverage", text=_page())


@cache
def _page() -> Markup:
    """Return the page as HTML; its links lead to files, so only their texts are kept."""
    text = next(file for file in _FILES if file.exists()).read_text(encoding="utf-8")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    for token in tokens:
        token.children = [
            child for child in token.children or [] if child.type not in {"link_open", "link_close"}
        ]
    without_title = tokens[3:]  # the heading of the page says it
    html = markdown.renderer.render(without_title, markdown.options, {})
    framed = html.replace("<table>", '<div class="wide" tabindex="0"><table class="rows">')
    return Markup(framed.replace("</table>", "</table></div>"))  # noqa: S704 (rendered above)
