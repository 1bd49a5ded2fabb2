"""A service and a browser that reaches nothing but it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)

from tests.browser.world import fill, spread
from tests.e2e.servers import Server, serving
from tests.waiting import PATIENCE

expect.set_options(timeout=1000 * PATIENCE)
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


# Chromium ends as a whole at times when a context of it is closed: each test starts its own,
# without the graphics and the shared memory that machines without a display lack.
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """Return what starts browsers: a program whose start takes longer than theirs."""
    with sync_playwright() as play:
        yield play


@pytest.fixture
def browser(driver: Playwright) -> Iterator[Browser]:
    """Return the system's Chromium, started for the test."""
    program = next((found for found in map(shutil.which, _PROGRAMS) if found), None)
    assert program is not None, "no Chromium here; apt-get install chromium"
    opened = driver.chromium.launch(executable_path=program, args=_OPTIONS)
    yield opened
    opened.close()


@contextmanager
def started(folder: Path, template: Path) -> Iterator[Server]:
    """Run a service on a database in a folder."""
    path = folder / "hnsemu.db"
    path.write_bytes(template.read_bytes())
    with serving(f"sqlite:///{path}", HNSEMU_SEED="1") as running:
        yield running


@pytest.fixture
def server(tmp_path: Path, sqlite_template: Path) -> Iterator[Server]:
    """Return a running service."""
    with started(tmp_path, sqlite_template) as running:
        yield running


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Server]:
    """Return a service for all tests of a module, which read: 20 hosts, and names that mean harm.

    A module names it `server`, too, for its pages.
    """
    with started(tmp_path_factory.mktemp("filled"), sqlite_template) as running:
        with running.client() as http:
            fill(http)
            spread(http)
        yield running


@pytest.fixture
def complaints() -> list[str]:
    """Return what the page complained of: errors, warnings, requests to elsewhere."""
    return []


@pytest.fixture
def page(browser: Browser, server: Server, complaints: list[str]) -> Iterator[Page]:
    """Return a page that reaches nothing but the service, and collects what it complains about."""
    context: BrowserContext = browser.new_context(base_url=server.url)
    context.set_default_timeout(1000 * PATIENCE)

    def only_there(route: Route) -> None:
        if route.request.url.startswith((server.url, "data:", "blob:")):
            route.continue_()
        else:
            complaints.append(f"asked for {route.request.url}")
            route.abort()

    context.route("**/*", only_there)
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda told: complaints.append(told.text) if told.type in {"error", "warning"} else None,
    )
    yield opened
    context.close()
