"""A service and a browser that reaches nothing but it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from tests.e2e.servers import Server, serving
from tests.waiting import PATIENCE

expect.set_options(timeout=1000 * PATIENCE)
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


# Chromium ends as a whole at times when a context of it is closed: each test starts its own,
# without the graphics and the shared memory that machines without a display lack.
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Return the system's Chromium, started for the test."""
    program = next((found for found in map(shutil.which, _PROGRAMS) if found), None)
    assert program is not None, "no Chromium here; apt-get install chromium"
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=program, args=_OPTIONS)
        yield opened
        opened.close()


@pytest.fixture
def server(tmp_path: Path, sqlite_template: Path) -> Iterator[Server]:
    """Return a running service."""
    path = tmp_path / "hnsemu.db"
    path.write_bytes(sqlite_template.read_bytes())
    with serving(f"sqlite:///{path}", HNSEMU_SEED="1") as started:
        yield started


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
