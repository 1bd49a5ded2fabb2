"""The first page, and the way from it to an answer."""

import html
import re
import shlex

import httpx
import pytest

from hnsemu.pages.objects.nouns import NOUNS, SDN_ROUTES, Noun, making
from tests.pages.conftest import NETWORK, SCHEMA


async def test_the_hosts_say_how_much_they_have(pods: httpx.AsyncClient) -> None:
    await pods.put("/emulator/hosts/other")
    page = (await pods.get("/")).text
    rows = re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", page, re.DOTALL)
    counts = [re.findall(r'class="number">(\d+)<', row) for row in rows]
    assert counts == [["2", "3"], ["1", "0"]]
    assert 'href="/hosts/default/ui/trace"' not in page  # which host would that be?


async def test_hosts_stand_in_the_order_that_people_count_in(client: httpx.AsyncClient) -> None:
    for number in (10, 2, 1):
        await client.put(f"/emulator/hosts/node-{number}")
    page = (await client.get("/")).text
    assert re.findall(r'href="/hosts/(node-\d+)/ui"', page) == ["node-1", "node-2", "node-10"]
    after = (await client.get("/", params={"after": "node-2"})).text
    assert re.findall(r'href="/hosts/(node-\d+)/ui"', after) == ["node-10"]
    drawn = (await client.get("/hosts/node-1/ui/topology?hosts=node-10,node-2&as=table")).text
    named = re.findall(r"<bdi>(node-\d+)</bdi></td>", drawn)
    assert list(dict.fromkeys(named)) == ["node-1", "node-2", "node-10"]


async def test_a_question_from_the_first_page_finds_its_host(pods: httpx.AsyncClient) -> None:
    await pods.put("/emulator/hosts/other")
    answer = await pods.get("/ui/why", params={"from": "client", "to": "db:80"})
    assert answer.status_code == 303
    assert "BLOCKED" in (await pods.get(answer.headers["Location"])).text


async def test_a_question_lists_the_hosts_that_have_the_sender(pods: httpx.AsyncClient) -> None:
    await pods.put("/emulator/hosts/other")
    network = (await pods.post("/hosts/other/v2/networks", json=NETWORK)).json()["ID"]
    body = {"Name": "client", "HostComputeNetwork": network, **SCHEMA}
    await pods.post("/hosts/other/v2/endpoints", json=body)
    page = (await pods.get("/ui/why", params={"from": "client", "to": "db:80"})).text
    assert re.findall(r'<li><a href="(/hosts/[a-z]+/ui/trace)\?from=client', page) == [
        "/hosts/default/ui/trace", "/hosts/other/ui/trace",
    ]  # fmt: skip


@pytest.mark.parametrize(("sender", "status"), [("nobody", 404), ("<b>", 404), ("", 200)])
async def test_a_question_about_nobody_says_so(
    client: httpx.AsyncClient, sender: str, status: int
) -> None:
    answer = await client.get("/ui/why", params={"from": sender, "to": "db:80"})
    assert answer.status_code == status
    assert "<b>" not in answer.text
    assert 'value="db:80"' in answer.text  # nothing is typed twice


async def test_an_empty_list_shows_a_command_that_makes_an_object(
    client: httpx.AsyncClient,
) -> None:
    page = (await client.get("/ui/sdnroutes")).text
    command = re.search(r'<code class="command">(.*?)</code>', page, re.DOTALL)
    assert command is not None
    assert html.unescape(command[1]) == making(SDN_ROUTES, "--host default --url http://localhost")


@pytest.mark.parametrize("noun", NOUNS.values(), ids=NOUNS)
async def test_such_a_command_does_what_it_says(client: httpx.AsyncClient, noun: Noun) -> None:
    first = {"Name": "first", "VirtualNetworkName": "nat"}
    endpoint = (await client.post("/v2/endpoints", json=first)).json()["ID"]
    words = shlex.split(making(noun, "--host default"))
    assert words[2:] == ["|", "hnsemu", noun.word, "create", "-f", "-", "--host", "default"]
    document = words[1].replace("ENDPOINT", endpoint)
    answer = await client.post(f"/v2/{noun.word}", content=document)
    assert answer.is_success, answer.text
