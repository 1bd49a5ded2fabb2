"""The tables of Windows."""

import re

import httpx
import pytest

from hnsemu.pages import windows
from hnsemu.pages.windows import TABLES, Table


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.word)
async def test_a_table_shows_what_its_document_has(world: httpx.AsyncClient, table: Table) -> None:
    answer = await world.get(f"/ui/windows/{table.word}")
    assert answer.status_code == 200
    assert f'href="/hosts/default{table.document}"' in answer.text
    shown = answer.text.count("<tr>") - 1 if "<tbody>" in answer.text else 0
    document = (await world.get(table.document)).json()
    if isinstance(document, dict):
        document = document["Instances" if table.word == "nat" else "StaticMappings"]
    assert shown == len(document)
    assert shown or table.empty in answer.text


async def test_the_first_table_leads_to_the_others(client: httpx.AsyncClient) -> None:
    page = (await client.get("/ui/windows")).text
    for table in TABLES:
        assert f'href="/hosts/default/ui/windows/{table.word}"' in page


async def test_a_long_table_has_pages(
    world: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "_PAGE", 1)
    pools = (await world.get("/host/ippools")).json()
    found = []
    for number in range(len(pools)):
        page = (await world.get(f"/ui/windows/pools?start={number}")).text
        found += re.findall(r'<th scope="row".*?<bdi[^>]*>(.*?)</bdi>', page)
        assert (f'href="?start={number + 1}"' in page) is (number + 1 < len(pools))
    assert found == [pool["NetworkName"] for pool in pools]
    assert len(found) > 1


async def test_the_firewall_is_read_page_by_page(
    world: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = {"Name": "nat", "Type": "NAT", "SchemaVersion": {"Major": 2, "Minor": 0}}
    for number in range(2):
        made = {**network, "Name": f"nat-{number}"}
        assert (await world.post("/v2/networks", json=made)).status_code == 201
    rules = (await world.get("/host/firewall")).json()
    monkeypatch.setattr(windows, "_PAGE", 1)
    following, found = [""], []
    while following:
        page = (await world.get(f"/ui/windows/firewall{following[0]}")).text
        found += re.findall(r'<th scope="row".*?<bdi[^>]*>(.*?)</bdi>', page)
        following = re.findall(r'rel="next" href="([^"]+)"', page)
    assert found == [rule["DisplayName"] for rule in rules]
    assert len(found) > 1


async def test_a_table_that_is_none_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/ui/windows/registry")
    assert answer.status_code == 404
    assert "adapters, switches" in answer.text
    assert (await client.get("/ui/windows/pools?start=x")).status_code == 400
