"""The pages agree with the tree: paths, links, settings."""

import functools
import json
import re
from itertools import product
from pathlib import Path

import pytest

from hnsemu.config import Settings
from hnsemu.domain.releases import RELEASES

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
_PATH = re.compile(
    r"`((?:app|bench|deploy|docs|examples|migrations|shim|tests|tools)/[^`\s…<>*]*)`"
)
_BRACES = re.compile(r"\{([^}]*)\}")


def paths(page: Path) -> set[str]:
    """Return the files and folders that a page names, `{a,b}` spelled out."""
    named = set()
    for path in _PATH.findall(page.read_text()):
        choices = [part.split(",") for part in _BRACES.findall(path)]
        template = _BRACES.sub("{}", path)
        named |= {template.format(*chosen) for chosen in product(*choices)}
    return named


def links(page: Path) -> set[str]:
    """Return the files that a page links to."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    return {link for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if ":" not in link}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    assert {path for path in paths(page) if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    assert {link for link in links(page) if not (page.parent / link).exists()} == set()


def test_the_index_lists_every_page() -> None:
    listed = {(ROOT / "docs" / link).resolve() for link in links(ROOT / "docs" / "README.md")}
    pages = {page for page in (ROOT / "docs").glob("*.md") if page.name != "README.md"}
    assert pages <= listed


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "adr").glob("0*.md")), ids=lambda page: page.stem
)
def test_the_index_of_decisions_shows_their_titles(page: Path) -> None:
    number, _, title = page.read_text().partition("\n")[0].removeprefix("# ").partition(" ")
    row = f"| [{number}]({page.name}) | {title} |"
    assert row in (ROOT / "docs" / "adr" / "README.md").read_text().splitlines()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_explained_with_its_default(name: str) -> None:
    default = Settings.model_fields[name].default
    shown = {None: "none", "": "none", False: "`false`"}.get(default, f"`{default}`")
    page = (ROOT / "docs" / "settings.md").read_text()
    assert f"| `HNSEMU_{name.upper()}` | {shown} |" in page


@pytest.mark.parametrize("name", RELEASES)
def test_every_release_is_listed(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "api.md").read_text()


def test_the_map_of_the_api_names_every_path() -> None:
    paths = json.loads((ROOT / "openapi" / "openapi.json").read_text())["paths"]
    beginnings = {"/".join(path.split("/")[:3]) for path in paths if not path.startswith("/v1/")}
    page = (ROOT / "docs" / "api.md").read_text()
    assert {beginning for beginning in beginnings if beginning not in page} == set()


_OF_OTHERS = {"hnsemu: command not found"}  # the shell says it
_VARIABLE = re.compile(r"[…'0-9]|http\S+|HNSEMU_\w+|computenetwork\.dll|(?:openapi|fidelity)\.\w+")
_SOURCES = ["app/**/*.py", "tools/*.py", "tests/conftest.py", "hatch_build.py", "Makefile"]


@functools.cache
def sources() -> str:
    """Return what prints messages, the parts of a message that the source splits put together."""
    texts = (path.read_text() for pattern in _SOURCES for path in ROOT.glob(pattern))
    return re.sub(r'"\n\s*f?"', "", "\n".join(texts))


@pytest.mark.parametrize(
    "message",
    re.findall(r"^\| `+([^`]{10,})`", (ROOT / "docs/troubleshooting.md").read_text(), re.MULTILINE),
)
def test_a_message_that_is_explained_is_one_that_is_printed(message: str) -> None:
    said, _, _ = message.partition(": ")  # what follows a colon comes from Python or the database
    fixed = max(_VARIABLE.split(said), key=len).strip()
    assert message in _OF_OTHERS or fixed in sources()


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().split()) <= 600
