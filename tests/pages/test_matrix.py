"""The page of the matrix."""

import html
import re

import httpx
import pytest

from hnsemu.pages import matrix
from tests.pages.conftest import BLOCK, NETWORK, SCHEMA

CELL = re.compile(r'<td class="([\w ]+)">(?:<a href="([^"]*)"|<span) title="([^"]*)">(.)<')


async def cells(client: httpx.AsyncClient, **query: str) -> list[tuple[str, str, str, str]]:
    """Return class, address, words and sign of each cell."""
    answer = await client.get("/ui/matrix", params=query)
    assert answer.status_code == 200, answer.text
    return [match.groups() for match in CELL.finditer(answer.text)]  # type: ignore[misc]


async def test_a_cell_is_a_verdict_and_names_the_rule(pods: httpx.AsyncClient) -> None:
    found = await cells(pods)
    assert [sign for *_, sign in found] == list("++x++x+++")
    assert found[2][2] == "client → db: ACL (policy 0) of endpoint db"
    assert found[2][0] == "no"


async def test_a_cell_leads_to_the_trace_of_its_pair(pods: httpx.AsyncClient) -> None:
    for port, verdict in (
        ("80", "BLOCKED (BlockedByRule)"),
        ("icmp", "BLOCKED (BlockedByDefault)"),
    ):
        (_, address, _, _) = (await cells(pods, port=port))[2]
        trace = await pods.get(address.replace("&amp;", "&"))
        assert verdict in trace.text


async def test_another_port_has_another_matrix(pods: httpx.AsyncClient) -> None:
    assert "by default" not in (await cells(pods))[2][2]
    words = (await cells(pods, port="udp/53"))[2][2]
    assert words == "client → db: no rule allows it where one must"


async def test_who_is_in_no_namespace_is_shown(pods: httpx.AsyncClient) -> None:
    network = (await pods.get("/v2/endpoints")).json()[0]["HostComputeNetwork"]
    body = {"Name": "lonely", "HostComputeNetwork": network, **SCHEMA}
    await pods.post("/v2/endpoints", json=body)
    page = (await pods.get("/ui/matrix")).text
    assert page.count("lonely, in no namespace") == 2
    assert [sign for *_, sign in await cells(pods)][-4:] == list("oooo")


async def test_endpoints_of_a_network_stand_together(pods: httpx.AsyncClient) -> None:
    other = {**NETWORK, "Name": "other", "Ipams": [{"Subnets": [
        {"IpAddressPrefix": "10.2.0.0/16", "Routes": []}]}]}  # fmt: skip
    network = (await pods.post("/v2/networks", json=other)).json()["ID"]
    first = (await pods.get("/v2/endpoints")).json()[0]["HostComputeNetwork"]
    for name, place in (("blue", network), ("late", first)):
        body = {"Name": name, "HostComputeNetwork": place, **SCHEMA}
        await pods.post("/v2/endpoints", json=body)
    page = (await pods.get("/ui/matrix")).text
    rows = re.findall(r'<th scope="row(?:group)?".*?<bdi>(.*?)</bdi>', page)
    assert rows == ["pods", "client", "web", "db", "late", "other", "blue"]


async def test_a_search_narrows_both_sides(pods: httpx.AsyncClient) -> None:
    assert len(await cells(pods, q="Name=db")) == 1
    none = (await pods.get("/ui/matrix?q=nobody")).text
    assert "No endpoints match" in none


async def test_a_large_matrix_is_shown_in_parts(
    pods: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix, "_SIZE", 2)
    page = (await pods.get("/ui/matrix")).text
    assert len(CELL.findall(page)) == 4
    (following,) = re.findall(r'<a href="(\?[^"]*)">Next 2 senders</a>', page)
    second = (await pods.get(f"/ui/matrix{following.replace('&amp;', '&')}")).text
    assert re.findall(r'<th scope="row".*?<bdi>(.*?)</bdi>', second) == ["db"]
    assert "First 2 senders" in second
    assert "Next 2 receivers" in second


@pytest.mark.parametrize("port", ["http", "tcp/0", "tcp/99999", "udp/x", "icmp/3", ""])
async def test_a_port_that_is_none_is_refused(pods: httpx.AsyncClient, port: str) -> None:
    answer = await pods.get("/ui/matrix", params={"port": port})
    assert answer.status_code == 400
    assert 'class="verdict lost"' in answer.text


async def test_the_same_is_a_picture_and_a_command(pods: httpx.AsyncClient) -> None:
    page = (await pods.get("/ui/matrix?port=icmp")).text
    assert "hnsemu reachability --port icmp --host default" in page
    drawn = await pods.get("/ui/matrix/svg?port=icmp")
    assert drawn.headers["Content-Type"] == "image/svg+xml"
    assert "client → web: Delivered" in drawn.text


async def test_a_host_without_endpoints_says_how_to_make_one(client: httpx.AsyncClient) -> None:
    assert "hnsemu endpoints create" in (await client.get("/ui/matrix")).text


async def test_what_changed_since_a_snapshot_is_marked(pods: httpx.AsyncClient) -> None:
    saved = await pods.put("/emulator/hosts/default/snapshots/before")
    assert saved.status_code in {200, 201}, saved.text
    web = next(e for e in (await pods.get("/v2/endpoints")).json() if e["Name"] == "web")
    request = {"ResourceType": "Policy", "RequestType": "Add", "Settings": {"Policies": [BLOCK]}}
    await pods.patch(f"/v2/endpoints/{web['ID']}", json=request)
    body = {"Name": "new", "HostComputeNetwork": web["HostComputeNetwork"], **SCHEMA}
    await pods.post("/v2/endpoints", json=body)
    now = (await pods.get("/v2/endpoints")).text
    page = (await pods.get("/ui/matrix?since=before")).text
    found = [match.groups() for match in CELL.finditer(page)]
    marked = [words for style, _, words, _ in found if style == "no changed"]
    assert [words.split(": ", 1)[0] for words in marked] == ["client → web", "db → web"]
    assert marked[0].endswith("before: delivered, no rule is against it")
    assert "2 changed since" in page
    assert len(found) == 16
    assert (await pods.get("/v2/endpoints")).text == now
    unknown = await pods.get("/ui/matrix?since=nothing")
    assert (unknown.status_code, "has no snapshot" in unknown.text) == (400, True)


async def test_the_json_of_a_matrix_is_what_the_api_answers(pods: httpx.AsyncClient) -> None:
    page = (await pods.get("/ui/matrix?port=udp/53&q=db")).text
    (link,) = re.findall(r'<a class="json" href="([^"]+)"', page)
    (db,) = [shown["ID"] for shown in (await pods.get("/v2/endpoints")).json()
             if shown["Name"] == "db"]  # fmt: skip
    asked = {"From": [db], "To": [db], "Ports": [{"Protocol": "UDP", "Port": 53}]}
    answer = (await pods.post("/host/reachability", json=asked)).json()
    assert (await pods.get(html.unescape(link))).json() == answer


async def test_a_command_asks_for_what_a_filter_selects(pods: httpx.AsyncClient) -> None:
    ids = {shown["Name"]: shown["ID"] for shown in (await pods.get("/v2/endpoints")).json()}
    whole = html.unescape((await pods.get("/ui/matrix")).text)
    assert "hnsemu reachability --port 80 --host default" in whole
    part = html.unescape((await pods.get("/ui/matrix?q=web")).text)
    asked = f"hnsemu reachability --port 80 --from {ids['web']} --to {ids['web']} --host default"
    assert asked in part
