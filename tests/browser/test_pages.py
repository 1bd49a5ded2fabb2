"""/docs and the picture of a trace, as people see them."""

import httpx
from playwright.sync_api import Page, expect

from tests.browser.test_ui import WIDTHS, is_cut, problems
from tests.e2e.servers import Server
from tests.waiting import PATIENCE

SCHEMA = {"Major": 2, "Minor": 0}
NETWORK = {
    "Name": "nat-1",
    "Type": "NAT",
    "Ipams": [
        {
            "Subnets": [
                {
                    "IpAddressPrefix": "172.30.0.0/20",
                    "Routes": [{"NextHop": "172.30.0.1", "DestinationPrefix": "0.0.0.0/0"}],
                }
            ]
        }
    ],
    "SchemaVersion": SCHEMA,
}


def test_the_document_can_be_read_and_tried(page: Page, complaints: list[str]) -> None:
    page.goto("/docs")
    expect(page.locator(".opblock-tag").first).to_be_visible()
    tags = page.locator(".opblock-tag").count()
    assert tags == len(page.request.get("/openapi.json").json()["tags"])
    page.locator("#operations-tag-networks button[aria-expanded=false]").first.click()
    page.locator("#operations-networks-listNetworks button").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.locator("#operations-networks-listNetworks button.execute").click()
    answer = page.locator("#operations-networks-listNetworks .live-responses-table")
    expect(answer).to_contain_text("172.16.0.0/16")
    expect(answer.locator(".response-col_status").last).to_contain_text("200")
    assert complaints == []


def test_the_list_of_operations_is_for_everybody(server: Server, page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{server.url}/docs")
        expect(page.locator(".opblock-tag").first).to_be_visible()
        assert problems(page) == [], width
        assert not is_cut(page), width


def test_a_trace_is_drawn_within_its_frame(
    page: Page, server: Server, complaints: list[str]
) -> None:
    page.set_content(_picture(server.url))
    frame = page.locator("svg").first.bounding_box()
    assert frame is not None
    assert frame["width"] > 300
    assert frame["height"] > 100
    texts = page.locator("svg text")
    assert texts.count() >= 8
    for place in range(texts.count()):
        box = texts.nth(place).bounding_box()
        assert box is not None
        assert box["x"] >= frame["x"], texts.nth(place).text_content()
        assert box["x"] + box["width"] <= frame["x"] + frame["width"], texts.nth(
            place
        ).text_content()
        assert box["y"] + box["height"] <= frame["y"] + frame["height"]
    expect(page.locator("svg")).to_contain_text("93.184.216.34")
    assert complaints == []


def _picture(url: str) -> str:
    """Return the picture of a packet that leaves a container through NAT, and of its answer."""
    with httpx.Client(base_url=url, timeout=PATIENCE) as client:
        network = client.post("/v2/networks", json=NETWORK).json()["ID"]
        asked = {"Name": "web", "IpConfigurations": [{"IpAddress": "172.30.0.5"}]}
        made = client.post(
            f"/v2/networks/{network}/endpoints", json={**asked, "SchemaVersion": SCHEMA}
        ).json()
        space = client.post("/v2/namespaces", json={"SchemaVersion": SCHEMA}).json()["ID"]
        joining = {
            "ResourceType": "Endpoint",
            "RequestType": "Add",
            "Settings": {"EndpointId": made["ID"]},
        }
        client.patch(f"/v2/namespaces/{space}", json=joining).raise_for_status()
        packet = {"Destination": "93.184.216.34", "DestinationPort": 443}
        traced = client.post(
            "/host/trace",
            params={"format": "svg"},
            json={"From": {"Endpoint": "web"}, "Packet": packet, "Reply": True},
        )
        return traced.raise_for_status().text
