"""Open pages are told what changes, more of them than a browser has connections to a server."""

import re
from pathlib import Path

import httpx
from playwright.sync_api import BrowserContext, Page, expect

from hnsemu.pages import assets
from tests.e2e.servers import Server
from tests.waiting import PATIENCE

_TABS = 8  # Chromium opens six connections to a server
_SCRIPT = (Path(assets.__file__).parent / "live.js").read_text()


def write(server: Server, name: str) -> None:
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as http:
        body = {"Name": name, "Type": "Private"}
        http.post("/v2/networks", json=body).raise_for_status()


def stop_clocks(context: BrowserContext) -> None:
    """Let no page look by the clock: each looks only when it is told."""
    stopped = re.sub(r"const (OFTEN|SELDOM|TOLD) = \d+", r"const \1 = 2e9", _SCRIPT)
    assert stopped.count("2e9") == 3
    context.route(
        "**/live.js",
        lambda route: route.fulfill(body=stopped, content_type="text/javascript"),
    )


def test_more_pages_than_connections_are_told(
    server: Server, page: Page, complaints: list[str]
) -> None:
    stop_clocks(page.context)
    tabs = [page, *(page.context.new_page() for _ in range(_TABS - 1))]
    for tab in tabs:
        tab.goto("/ui/networks")
    write(server, "late")
    for tab in tabs:
        expect(tab.get_by_role("link", name="late")).to_be_visible()
    assert complaints == []


def test_requests_are_shown_as_they_come(server: Server, page: Page) -> None:
    stop_clocks(page.context)
    page.goto("/ui/requests")
    page.get_by_role("button", name="Record what programs call").click()
    expect(page.get_by_text("No call has come yet")).to_be_visible()
    write(server, "late")
    expect(page.get_by_role("link", name="HcnCreateNetwork")).to_be_visible()


def test_a_browser_without_shared_workers_looks_by_the_clock(server: Server, page: Page) -> None:
    page.add_init_script("delete window.SharedWorker")
    page.goto("/ui/networks")
    write(server, "late")
    expect(page.get_by_role("link", name="late")).to_be_visible()
