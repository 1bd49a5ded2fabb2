"""A service with a token, as a browser gets in."""

from pathlib import Path

import httpx
from playwright.sync_api import Browser, expect

from tests.browser.test_live import stop_clocks
from tests.browser.test_ui import is_cut, problems
from tests.e2e.servers import serving
from tests.waiting import PATIENCE

WORD = "a-token"


def test_the_token_is_typed_once_and_opens_pages_and_docs(
    browser: Browser, tmp_path: Path, sqlite_template: Path
) -> None:
    path = tmp_path / "hnsemu.db"
    path.write_bytes(sqlite_template.read_bytes())
    with serving(f"sqlite:///{path}", HNSEMU_TOKEN=WORD) as server:
        context = browser.new_context(
            base_url=server.url, viewport={"width": 390, "height": 800}, color_scheme="dark"
        )
        context.set_default_timeout(1000 * PATIENCE)
        stop_clocks(context)
        page = context.new_page()
        page.goto("/ui/networks")
        assert problems(page) == []
        assert not is_cut(page)
        page.keyboard.type(WORD)  # the field has the focus
        page.keyboard.press("Enter")
        page.wait_for_url("**/ui/networks")
        expect(page.locator("h1")).to_have_text("Networks")
        (cookie,) = context.cookies()
        assert (cookie.get("httpOnly"), cookie.get("sameSite")) == (True, "Strict")
        body = {"Name": "late", "Type": "Private"}
        sent = {"Authorization": f"Bearer {WORD}"}
        httpx.post(f"{server.url}/v2/networks", json=body, headers=sent, timeout=PATIENCE)
        expect(page.get_by_role("link", name="late")).to_be_visible()  # told with the cookie
        page.goto("/docs")
        expect(page.locator(".opblock-tag").first).to_be_visible()
        context.close()
