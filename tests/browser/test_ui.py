"""The pages in a browser: for everybody, by keyboard alone, at each width, in both schemes."""

import re
from typing import Literal

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from hnsemu.pages.navigation import NAVIGATION
from hnsemu.pages.objects.nouns import NOUNS
from tests.browser.world import HOSTILE, LONG
from tests.e2e.servers import Server
from tests.waiting import PATIENCE

PLACES = [place for _, places in NAVIGATION for place in places]
PATHS = ["/", *(f"/hosts/node-1/ui{place.path}" for place in PLACES)]
WIDTHS = (390, 768, 1280)
EACH_ONCE: tuple[tuple[Literal["dark", "light"], int], ...] = (
    ("dark", 390),
    ("light", 768),
    ("dark", 1280),
)


@pytest.fixture(scope="module")
def server(filled: Server) -> Server:
    return filled


def problems(page: Page) -> list[str]:
    """Return what axe finds wrong with a page: the rule, and the first element that breaks it."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found]


def is_cut(page: Page) -> bool:
    """Tell whether the page is wider than the window, so that one has to scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def ready(page: Page) -> None:
    """Wait until the page listens to keys: its scripts run before it is loaded."""
    page.wait_for_load_state()


@pytest.mark.timeout(900)  # more than a hundred looks, each read by axe, on a busy machine
def test_every_page_is_for_everybody_at_every_width(
    filled: Server, page: Page, complaints: list[str]
) -> None:
    found = []
    for path in PATHS:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                page.goto(path)
                found += [f"{path} {scheme} {width}: {told}" for told in problems(page)]
                found += [f"{path} {width}: cut"] if is_cut(page) else []
    assert found == []
    assert complaints == []
    assert filled.url in page.url


def behind(server: Server) -> list[str]:
    """Return pages that lists and forms lead to."""
    host = "/hosts/node-1"
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as http:
        forms = {"requests": {"action": "on"}, "snapshots": {"name": "clean", "action": "save"}}
        for place, form in forms.items():
            http.post(f"/hosts/node-2/ui/{place}", data=form)
        http.post("/hosts/node-2/v2/networks", json={"Name": "new", "Type": "Private"})
        ids = {noun: http.get(f"{host}/v2/{noun}").json()[-1]["ID"] for noun in NOUNS}
        web = next(shown["ID"] for shown in http.get(f"{host}/v2/endpoints").json()
                   if shown["Name"] == "web")  # fmt: skip
    return [
        *(f"{host}/ui/{noun}/{object_id}" for noun, object_id in ids.items()),
        f"{host}/ui/endpoints/{web}",
        f"{host}/ui/ports/{web}",
        f"{host}/ui/trace?from=client&to=web:80&edited=web",
        f"{host}/ui/trace?from=client&to=10.96.0.10:80",
        f"{host}/ui/trace?from=clien&to=web:80",
        f"{host}/ui/topology?as=table",
        f"{host}/ui/topology?hosts=node-2,node-3&pick=",
        f"{host}/ui/topology?hosts=all",
        f"{host}/ui/topology?width=narrow",
        f"{host}/ui/windows/firewall",
        f"{host}/ui/windows/published",
        f"{host}/ui/docker/shop",
        "/hosts/node-2/ui/matrix?since=clean",
        "/hosts/node-3/ui/faults",
        f"/hosts/{LONG}/ui/events",
        "/hosts/node-2/ui/requests/1",
        "/hosts/node-2/ui/snapshots/clean",
        f"{host}/ui/endpoints/no-guid",
        "/hosts/nod-1/ui",
        "/ui/why?from=nobody&to=web:80",
    ]


@pytest.mark.timeout(900)  # some seventy looks, each read by axe, on a busy machine
def test_what_lists_lead_to_is_for_everybody(filled: Server, page: Page) -> None:
    found = []
    for path in behind(filled):
        for scheme, width in EACH_ONCE:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(path)
            found += [f"{path} {scheme} {width}: {told}" for told in problems(page)]
            found += [f"{path} {width}: cut"] if is_cut(page) else []
    assert found == []


def test_a_name_that_means_harm_stays_text(
    filled: Server, page: Page, complaints: list[str]
) -> None:
    for path in PATHS:
        page.goto(path)
        assert page.evaluate("window.harmed") is None, path
        assert page.locator("main img, main script").count() == 0
    page.goto("/hosts/node-1/ui/endpoints")
    expect(page.get_by_text(HOSTILE[0]).first).to_be_visible()
    assert complaints == []
    assert filled.url in page.url


def test_a_name_of_a_thousand_letters_takes_three_lines_of_a_list(
    filled: Server, page: Page
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/hosts/node-1/ui/endpoints")
    name = page.get_by_text(HOSTILE[-1])
    expect(name).to_be_visible()
    line = page.evaluate("parseFloat(getComputedStyle(document.body).lineHeight)")
    assert name.evaluate("name => name.getBoundingClientRect().height") <= 3.5 * line
    assert filled.url in page.url


def test_every_page_is_reached_by_keys(filled: Server, page: Page) -> None:
    page.goto("/hosts/node-1/ui")
    for place in PLACES:
        with page.expect_navigation(url=f"**/hosts/node-1/ui{place.path}"):
            page.keyboard.press("g")
            page.keyboard.press(place.key)
        expect(page.locator("nav [aria-current=page]")).to_have_text(place.word)
    assert filled.url in page.url


def test_every_page_is_reached_by_mouse(filled: Server, page: Page) -> None:
    page.goto("/hosts/node-1/ui")
    for place in PLACES:
        with page.expect_navigation(url=f"**/hosts/node-1/ui{place.path}"):
            page.locator("nav").get_by_role("link", name=place.word, exact=True).click()
        expect(page.locator("h1")).to_be_visible()
    with page.expect_navigation(url=f"{filled.url}/"):
        page.locator("nav").get_by_role("link", name="Hosts", exact=True).click()


def test_a_list_is_walked_by_keys(filled: Server, page: Page) -> None:
    page.goto("/hosts/node-1/ui/endpoints")
    page.keyboard.press("/")
    page.keyboard.type("Name=client")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=Name*")
    page.wait_for_load_state()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("client")
    page.wait_for_load_state()  # with its script
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()
    assert filled.url in page.url


def test_a_picture_is_walked_as_a_tree(filled: Server, page: Page) -> None:
    page.goto("/hosts/node-1/ui/topology")
    ready(page)
    page.locator("[role=treeitem][tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    level = page.evaluate("document.activeElement.getAttribute('aria-level')")
    assert level == "2"
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.getAttribute('aria-level')") == "1"
    assert filled.url in page.url


def test_a_picture_fits_a_phone_and_is_walked_there(
    filled: Server, page: Page, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/hosts/node-1/ui/topology")
    ready(page)
    picture = page.locator("svg.topology:visible")
    expect(picture).to_have_count(1)
    box = picture.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    picture.locator("[role=treeitem][tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-level')") == "2"
    assert page.evaluate("document.activeElement.checkVisibility()")
    assert complaints == []
    assert filled.url in page.url


def test_what_is_printed_is_not_cut(filled: Server, page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 720, "height": 1000})  # a page of paper
    for path in ("topology", "trace?from=client&to=web:80", "matrix"):
        page.goto(f"/hosts/node-1/ui/{path}")
        assert not is_cut(page), path
        expect(page.locator("nav")).not_to_be_visible()
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == "rgb(255, 255, 255)"
    assert filled.url in page.url


def test_why_a_packet_dies_is_found_in_two_clicks(filled: Server, page: Page) -> None:
    page.goto("/")
    page.get_by_label("Why does").fill("client")
    page.get_by_label("not reach").fill("web:80")
    page.get_by_role("button", name="Trace").click()
    expect(page.locator(".verdict").first).to_contain_text("BLOCKED")
    page.locator(".lanes .block a").first.click()
    expect(page.locator("h1")).to_have_text("web")
    assert filled.url in page.url


def test_two_endpoints_of_a_picture_are_clicked_and_traced(filled: Server, page: Page) -> None:
    page.goto("/hosts/node-1/ui/topology")
    page.get_by_role("link", name="Trace between two").click()
    page.wait_for_url("**pick=")
    for name in ("client", "web"):
        with page.expect_navigation():
            page.locator(f"svg:visible .endpoint[aria-label^='{name} ']").click()
    expect(page.locator(".verdict").first).to_contain_text("BLOCKED")
    assert filled.url in page.url


def test_why_a_packet_dies_is_found_by_keys_alone(filled: Server, page: Page) -> None:
    page.goto("/")
    ready(page)
    for key in ("/", *"client", "Tab", *"web:80"):
        page.keyboard.press(key)
    with page.expect_navigation(url="**/hosts/node-1/ui/trace?*"):
        page.keyboard.press("Enter")
    expect(page.locator(".verdict").first).to_contain_text("BLOCKED")
    ready(page)
    page.keyboard.press("j")
    with page.expect_navigation(url="**/ui/endpoints/*"):
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("web")
    assert filled.url in page.url


def test_an_age_grows_while_nothing_changes(filled: Server, page: Page) -> None:
    page.clock.install()
    page.goto("/hosts/node-1/ui")
    ready(page)
    page.clock.fast_forward("10:00:00")
    expect(page.locator("time").first).to_have_text(re.compile(r"^1\d h ago$"))
    assert filled.url in page.url


def test_a_list_shows_what_is_new(filled: Server, page: Page) -> None:
    page.goto("/hosts/node-1/ui/networks")
    with httpx.Client(base_url=filled.url, timeout=PATIENCE) as http:
        http.post("/hosts/node-1/v2/networks", json={"Name": "late", "Type": "Private"})
    expect(page.get_by_role("link", name="late")).to_be_visible()
