"""The page with the picture."""

import re
from html import unescape

import httpx
import pytest

from hnsemu.services import topology
from tests.pages.conftest import SCHEMA


async def test_what_is_drawn_leads_to_its_page(world: httpx.AsyncClient) -> None:
    page = (await world.get("/ui/topology")).text
    (endpoint, *_) = (await world.get("/v2/endpoints")).json()
    assert f'href="/hosts/default/ui/endpoints/{endpoint["ID"]}"' in page
    assert 'role="tree"' in page
    table = (await world.get("/ui/topology?as=table")).text
    assert f'href="/hosts/default/ui/endpoints/{endpoint["ID"]}"' in table
    assert "<svg" not in table
    assert "As a picture" in table


async def test_a_closed_network_opens(world: httpx.AsyncClient) -> None:
    page = (await world.get("/ui/topology?open=")).text
    assert 'aria-expanded="false"' in page
    assert "?open=" in page


async def test_the_document_is_that_of_the_same_picture(world: httpx.AsyncClient) -> None:
    page = (await world.get("/ui/topology?where=Name%3Dnat&layers=")).text
    assert "/hosts/default/host/topology?where=Name%3Dnat&amp;layers=" in page


async def test_only_what_is_cut_is_said_on_hover(world: httpx.AsyncClient) -> None:
    long = "n" * 200
    await world.post("/v2/networks", json={"Name": long, "Type": "Private"})
    page = (await world.get("/ui/topology")).text
    picture = page[page.index("<svg") : page.index("</svg>")]
    titles = picture.count("<title>")
    assert f"{long} Private</title>" in picture
    assert titles < picture.count('role="treeitem"') / 2


async def test_two_endpoints_that_are_clicked_are_traced(pods: httpx.AsyncClient) -> None:
    ids = {shown["Name"]: shown["ID"] for shown in (await pods.get("/v2/endpoints")).json()}
    first = (await pods.get("/ui/topology?group=off&pick=")).text
    assert "Click the endpoint that sends" in first
    second = (await pods.get(f"/ui/topology{link_of(first, 'client')}")).text
    assert "<bdi>client</bdi> sends. Click the endpoint that should receive" in second
    trace = link_of(second, "db")
    assert trace == (
        f"/hosts/default/ui/trace?from=endpoint%3A{ids['client']}&to=endpoint%3A{ids['db']}"
    )
    assert "BLOCKED" in (await pods.get(trace)).text


async def test_a_sender_that_is_none_is_said_by_the_trace(pods: httpx.AsyncClient) -> None:
    page = (await pods.get("/ui/topology?group=off&pick=nobody")).text
    answer = await pods.get(link_of(page, "db"))
    assert answer.status_code == 400
    assert "nobody" in answer.text


def link_of(page: str, name: str) -> str:
    """Return where the first box of an endpoint leads."""
    found = re.search(rf'<a href="([^"]*)"[^>]*aria-label="{name} [^"]*endpoint"', page)
    assert found is not None
    return unescape(found[1])


async def test_a_picture_is_drawn_narrow_when_that_is_asked_for(
    world: httpx.AsyncClient,
) -> None:
    both = (await world.get("/ui/topology")).text
    narrow = (await world.get("/ui/topology?width=narrow")).text
    assert len(set(widths(both))) == 2
    assert widths(narrow) == [min(widths(both))]
    assert "?width=narrow&amp;" in narrow  # what is clicked there is drawn so, too


def widths(page: str) -> list[int]:
    return [int(width) for width in re.findall(r'class="topology" width="(\d+)"', page)]


async def test_the_picture_of_several_hosts_is_a_click_away(client: httpx.AsyncClient) -> None:
    await client.put("/emulator/hosts/other")
    assert 'href="?hosts=all"' in (await client.get("/ui/topology")).text
    page = (await client.get("/ui/topology?hosts=all")).text
    assert 'aria-label="Topology of default, other"' in page
    assert 'data-hosts="null"' in page


async def test_a_host_without_room_is_counted(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topology, "MOST_HOSTS", 1)
    for name, said in (
        ("other", "1 more host has no room"),
        ("third", "2 more hosts have no room"),
    ):
        await client.put(f"/emulator/hosts/{name}")
        assert said in (await client.get("/ui/topology?hosts=all")).text


async def test_open_networks_are_named_shortly_in_every_link(client: httpx.AsyncClient) -> None:
    ids = [
        (await client.post("/v2/networks", json={"Name": name, "Type": "Private"})).json()["ID"]
        for name in ("one", "other", "third")
    ]
    for network in ids:
        body = {"HostComputeNetwork": network, **SCHEMA}
        answer = await client.post("/v2/endpoints", json=body)
        assert answer.is_success, answer.text
    page = (await client.get(f"/ui/topology?open={','.join(ids[:2])}")).text
    opening = re.search(r'href="(\?open=[^"]*)"[^>]*aria-label="third', page)
    assert opening is not None
    named = opening[1].removeprefix("?open=").split(",")
    assert {network[:8] for network in ids} <= set(named)
    assert {len(network) for network in named} == {8}
    opened = (await client.get(f"/ui/topology{opening[1]}")).text
    assert 'aria-expanded="false"' not in opened
