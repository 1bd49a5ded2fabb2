"""Questions on pages: the matrix by keys, and answers that change as one types."""

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.servers import Server
from tests.waiting import PATIENCE

BLOCK = {"Type": "ACL", "Settings": {"Action": "Block", "Direction": "In", "Priority": 1}}


@pytest.fixture(scope="module")
def server(filled: Server) -> Server:
    return filled


def test_the_matrix_is_walked_by_arrows(page: Page, complaints: list[str]) -> None:
    page.goto("/hosts/node-1/ui/matrix")
    page.wait_for_load_state()
    expect(page.locator("td > a[tabindex='-1']").first).to_be_attached()
    first = page.locator("td > a:not([tabindex])")
    expect(first).to_have_count(1)
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    pair = page.evaluate("document.activeElement.title").split(":")[0]
    assert " → " in pair
    page.keyboard.press("Enter")
    page.wait_for_url("**/ui/trace?*")
    expect(page.locator(".verdict").first).to_be_visible()
    assert complaints == []


def test_an_answer_changes_as_one_types(page: Page) -> None:
    page.goto("/hosts/node-1/ui/policy")
    page.get_by_label("Endpoint that gets it").fill("client")
    page.locator("textarea").fill("[")
    expect(page.locator("[data-answer]")).to_contain_text("this is no JSON")
    page.locator("textarea").fill(json.dumps(BLOCK))
    expect(page.locator("[data-answer]")).to_contain_text("Blocks everything incoming, priority 1")


def test_an_answer_that_one_typed_for_can_be_sent_to_others(page: Page) -> None:
    page.goto("/hosts/node-1/ui/policy")
    page.get_by_label("Endpoint that gets it").fill("client")
    page.locator("textarea").fill(json.dumps(BLOCK))
    page.get_by_role("link", name="A link to this answer").click()
    page.wait_for_url("**/ui/policy?*")
    expect(page.locator("[data-answer]")).to_contain_text("Blocks everything incoming, priority 1")
    expect(page.locator("textarea")).to_have_value(json.dumps(BLOCK))


def test_a_trace_changes_as_one_edits_policies(page: Page) -> None:
    page.goto("/hosts/node-1/ui/trace?from=client&to=web:80")
    page.get_by_text("Compare with other policies").click()
    page.locator("textarea").fill("[]")
    expect(page.locator("[data-answer]")).to_contain_text("DELIVERED instead of BLOCKED")


def test_a_reload_loses_nothing_that_was_typed(page: Page) -> None:
    page.goto("/hosts/node-1/ui/trace?from=client&to=web:80")
    page.get_by_text("Compare with other policies").click()
    page.locator("textarea").fill("[ ]")
    expect(page.locator("[data-answer]")).to_contain_text("DELIVERED instead of BLOCKED")
    page.reload()
    expect(page.locator("textarea")).to_have_value("[ ]")
    expect(page.locator("[data-answer]")).to_contain_text("DELIVERED instead of BLOCKED")


def test_an_answer_that_does_not_come_is_said(page: Page) -> None:
    page.goto("/hosts/node-1/ui/policy")
    page.route("**/ui/policy", lambda route: route.abort())
    page.get_by_label("Endpoint that gets it").fill("client")
    page.locator("textarea").fill("[]")
    expect(page.locator("[data-answer]")).to_contain_text("The service gave no answer")
    expect(page.locator("textarea")).to_have_value("[]")


def test_questions_are_answered_without_javascript(server: Server, browser: Browser) -> None:
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    context.set_default_timeout(1000 * PATIENCE)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Why does").fill("client")
    page.get_by_label("not reach").fill("web:80")
    page.get_by_role("button", name="Trace").click()
    expect(page.locator(".verdict").first).to_contain_text("BLOCKED")
    page.get_by_role("link", name="the policy").click()
    expect(page.locator("h1")).to_have_text("web")
    page.goto("/hosts/node-1/ui/policy")
    page.get_by_label("What would this do?").fill(json.dumps(BLOCK))
    page.get_by_label("Endpoint that gets it").fill("db")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("In words")).to_be_visible()
    page.goto("/hosts/node-1/ui/matrix")
    page.locator("table.matrix td.no a").first.click()
    expect(page.locator(".verdict").first).to_contain_text("BLOCKED")
    context.close()
