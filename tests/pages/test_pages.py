"""What every page keeps to."""

import re

import httpx
import pytest

from hnsemu.pages.navigation import NAVIGATION

PATHS = ["/", *(f"/ui{place.path}" for _, places in NAVIGATION for place in places)]
LINK = re.compile(r'(?:href|src|action)="([^"]*)"')


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_asks_only_its_own_server(lasting_world: httpx.AsyncClient, path: str) -> None:
    answer = await lasting_world.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert all(link.startswith(("/", "?", "#")) for link in LINK.findall(answer.text))
    assert " style=" not in answer.text
    assert " onclick=" not in answer.text


@pytest.mark.parametrize("path", PATHS)
async def test_no_link_of_a_page_is_dead(lasting_world: httpx.AsyncClient, path: str) -> None:
    page = await lasting_world.get(path)
    own = page.text if path == "/ui" else page.text.partition("<main")[2]
    links = {link.partition("#")[0] for link in LINK.findall(own) if link.startswith("/")}
    for link in sorted(links):
        answer = await lasting_world.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200, f"{link}: {answer.text}"


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_that_has_not_changed_is_not_sent_again(
    lasting_world: httpx.AsyncClient, path: str
) -> None:
    tag = (await lasting_world.get(path)).headers["ETag"]
    again = await lasting_world.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", [path for path in PATHS if path not in {"/ui/trace", "/ui/policy"}]
)
async def test_every_page_leads_to_its_json(lasting_world: httpx.AsyncClient, path: str) -> None:
    """A trace and a policy do when something was asked."""
    page = await lasting_world.get(path)
    (link,) = re.findall(r'<a class="json" href="([^"]*)">', page.text)
    answer = await lasting_world.get(link.replace("&amp;", "&"))
    assert answer.status_code == 200
    assert answer.json() is not None


async def test_coverage_as_json_has_the_rows_of_the_page(client: httpx.AsyncClient) -> None:
    rows = (await client.get("/ui/coverage/json")).json()
    row = next(row for row in rows if row.get("Mark") == "inferred")
    assert "not known" in row["Means"]
    assert {"Heading", "Behaviour", "Origin"} <= set(rows[20])


async def test_coverage_begins_with_its_sections(client: httpx.AsyncClient) -> None:
    page = (await client.get("/ui/coverage")).text
    contents = page.partition('class="contents"')[2].partition("</ul>")[0]
    anchors = re.findall(r'href="#([^"]+)">', contents)
    assert anchors == re.findall(r'<h2 id="([^"]+)">', page)
    assert len(anchors) == len(set(anchors)) > 10


async def test_the_api_is_listed_whole_and_searched(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    ids = {
        told["operationId"]
        for methods in document["paths"].values()
        for told in methods.values()
        if "operationId" in told
    }
    page = (await client.get("/ui/api")).text
    assert set(re.findall(r'/docs#/[^/"]+/(\w+)"', page)) == ids
    found = (await client.get("/ui/api?q=HcnCreateNamespace")).text
    assert "createNamespace" in found
    assert "deleteNetwork" not in found
    assert "No operation has" in (await client.get("/ui/api?q=%3Cnothing%3E")).text


async def test_a_host_that_is_not_there_leads_to_those_that_are(client: httpx.AsyncClient) -> None:
    await client.put("/emulator/hosts/node-1")
    page = await client.get("/hosts/nodel-1/ui/networks")
    assert page.status_code == 404
    assert 'Near: <a href="/hosts/node-1/ui">' in page.text
    assert "/hosts/nodel-1/ui" not in page.text  # nothing of it can be opened


async def test_pages_are_no_part_of_the_api(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert not [path for path in document["paths"] if path == "/" or path.startswith("/ui")]


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/ui/nowhere", 404, "there is no path /ui/nowhere"),
        ("/ui/networks/no-guid", 400, "no-guid"),
        ("/ui/networks/00000000-0000-0000-0000-000000000001", 404, "no network has the ID"),
        ("/hosts/none/ui", 404, "no host named"),
        ("/ui/networks?q=a%20b", 400, "the search names Name twice"),
    ],
)
async def test_what_is_refused_is_said_on_a_page(
    client: httpx.AsyncClient, path: str, status: int, says: str
) -> None:
    answer = await client.get(path)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert says in answer.text


async def test_what_is_unknown_leads_to_the_list_of_what_there_is(
    client: httpx.AsyncClient,
) -> None:
    path = "/ui/endpoints/00000000-0000-0000-0000-000000000001"
    assert 'href="/hosts/default/ui/endpoints">Endpoints of' in (await client.get(path)).text
    assert "Endpoints of" not in (await client.get("/ui/nowhere")).text


async def test_what_is_unknown_leads_to_what_is_near(client: httpx.AsyncClient) -> None:
    created = await client.post("/v2/networks", json={"Name": "front", "Type": "NAT"})
    network = created.json()["ID"]
    other = f"{network[:-1]}{'0' if network[-1] != '0' else '1'}"
    for named, text in (("front", "front"), ("frnt", "front"), (other, network)):
        page = await client.get(f"/ui/networks/{named}")
        assert page.status_code in {400, 404}
        near = page.text.partition("Near: ")[2].partition("</p>")[0]
        assert f'href="/hosts/default/ui/networks/{network}"' in near, named
        assert text in near
    assert "Near: " not in (await client.get("/ui/networks/quite-else")).text


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><img src=x>', "{{ 7*7 }}"])
async def test_a_name_is_text(client: httpx.AsyncClient, name: str) -> None:
    await client.post("/v2/networks", json={"Name": name, "Type": "NAT"})
    page = (await client.get("/ui/networks")).text
    assert name not in page or name == "{{ 7*7 }}"
    assert "49" not in re.findall(r"<bdi>(.*?)</bdi>", page)


async def test_a_name_cannot_turn_the_text_around_it(client: httpx.AsyncClient) -> None:
    created = await client.post("/v2/networks", json={"Name": "a\u202eb\nc", "Type": "NAT"})
    page = (await client.get(f"/ui/networks/{created.json()['ID']}")).text
    assert r"<bdi>a\u202eb\nc</bdi>" in page
    assert "\u202e" not in page
