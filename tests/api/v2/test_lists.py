"""Lists: ids only, pages, and what a HostComputeQuery selects."""

import json

import httpx
import pytest

from hnsemu.api.examples import ENDPOINT, NETWORK
from hnsemu.errors import Hr

NOUNS = ["networks", "endpoints", "namespaces", "loadbalancers", "sdnroutes", "policylists"]


@pytest.fixture(scope="module")
async def world(lasting_world: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host with several of everything; tests only read there."""
    for number in range(6):
        path = f"/v2/networks/{NETWORK}/endpoints"
        created = await lasting_world.post(path, json={"Name": f"pod-{number}"})
        assert created.status_code == 201
    return lasting_world


async def _ids(client: httpx.AsyncClient, path: str, **params: str | int) -> list[str]:
    answer = await client.get(path, params={"view": "ids", **params})
    assert answer.status_code == 200, answer.text
    ids: list[str] = answer.json()
    return ids


def _query(**wanted: object) -> str:
    """Return a query as hcsshim sends it: the filter is text."""
    return json.dumps({"SchemaVersion": {"Major": 2, "Minor": 0}, "Filter": json.dumps(wanted)})


@pytest.mark.parametrize("noun", NOUNS)
async def test_ids_are_those_of_the_documents(world: httpx.AsyncClient, noun: str) -> None:
    documents = (await world.get(f"/v2/{noun}")).json()
    assert documents
    assert await _ids(world, f"/v2/{noun}") == [document["ID"] for document in documents]
    assert all(document["ID"] == document["ID"].lower() for document in documents)


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("limit", [1, 2, 100])
@pytest.mark.parametrize("view", ["ids", None])
async def test_pages_put_together_are_the_list(
    world: httpx.AsyncClient, noun: str, limit: int, view: str | None
) -> None:
    params = {"limit": limit} | ({"view": view} if view else {})
    whole = (await world.get(f"/v2/{noun}", params={"view": view} if view else {})).json()
    page = await world.get(f"/v2/{noun}", params=params)
    gathered = page.json()
    while "next" in page.links:
        assert len(page.json()) == limit
        page = await world.get(page.links["next"]["url"])
        assert page.json()
        gathered += page.json()
    assert gathered == whole


async def test_a_page_keeps_its_query(world: httpx.AsyncClient) -> None:
    params: dict[str, str | int] = {"limit": 2, "query": _query(VirtualNetwork=NETWORK)}
    page = await world.get("/v2/endpoints", params=params)
    gathered = page.json()
    while "next" in page.links:
        page = await world.get(page.links["next"]["url"])
        gathered += page.json()
    assert len(gathered) == 7
    assert {endpoint["HostComputeNetwork"] for endpoint in gathered} == {NETWORK}


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "", "x", "9" * 5000, "\u0661", "1e3", "+1"])
@pytest.mark.parametrize("noun", NOUNS)
async def test_a_bad_limit_is_refused(world: httpx.AsyncClient, noun: str, limit: str) -> None:
    answer = await world.get(f"/v2/{noun}", params={"limit": limit})
    assert answer.status_code == 400
    assert answer.json()["ErrorCode"] == Hr.E_INVALIDARG.hresult
    assert "limit" in answer.json()["Detail"]


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_bad_place_to_start_is_refused(client: httpx.AsyncClient, noun: str) -> None:
    none = await client.get(f"/v2/{noun}", params={"after": "x"})
    assert none.json()["ErrorCode"] == Hr.HCN_E_GUID_CONVERSION_FAILURE.hresult
    for view in ({}, {"view": "ids"}):
        gone = await client.get(f"/v2/{noun}", params={"after": ENDPOINT, **view})
        assert gone.status_code == 400, gone.text
        assert gone.json()["ErrorCode"] == Hr.E_INVALIDARG.hresult


async def test_an_unknown_view_is_refused(world: httpx.AsyncClient) -> None:
    answer = await world.get("/v2/networks", params={"view": "names"})
    assert answer.json()["ErrorCode"] == Hr.E_INVALIDARG.hresult
    assert "view=ids" in answer.json()["Detail"]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        pytest.param({"ID": ENDPOINT.upper()}, 1, id="id in any case"),
        pytest.param({"ID": "{" + ENDPOINT + "}"}, 1, id="id in braces"),
        pytest.param({"Name": "pod-3"}, 1, id="name"),
        pytest.param({"Name": "POD-3"}, 0, id="names are exact"),
        pytest.param({"VirtualNetwork": NETWORK.upper()}, 7, id="network under its old name"),
        pytest.param({"HostComputeNetwork": NETWORK}, 7, id="network under its new name"),
        pytest.param({"VirtualNetworkName": "vxlan0"}, 7, id="network by name"),
        pytest.param({"Name": "pod-3", "VirtualNetwork": NETWORK}, 1, id="both must match"),
        pytest.param({"Name": "pod-3", "ID": ENDPOINT}, 0, id="both do not"),
        pytest.param({"Colour": "blue"}, 0, id="no such member"),
        pytest.param({"ID": ""}, 0, id="empty id"),
        pytest.param({}, 8, id="everything"),
    ],
)
@pytest.mark.parametrize("view", ["ids", None])
async def test_a_filter_selects(
    world: httpx.AsyncClient, wanted: dict[str, object], count: int, view: str | None
) -> None:
    params = {"query": _query(**wanted)} | ({"view": view} if view else {})
    answer = await world.get("/v2/endpoints", params=params)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()) == count


@pytest.mark.parametrize("query", ["", "{}", "null", " ", '{"Filter":"\\r\\n"}', '{"Filter":null}'])
@pytest.mark.parametrize("noun", NOUNS)
async def test_an_empty_query_wants_everything(
    world: httpx.AsyncClient, noun: str, query: str
) -> None:
    assert await _ids(world, f"/v2/{noun}", query=query) == await _ids(world, f"/v2/{noun}")


@pytest.mark.parametrize("query", ["{", "[]", "7", '"x"', '{"Filter":"{"}', '{"Filter":"[1]"}'])
@pytest.mark.parametrize("noun", NOUNS)
async def test_a_query_that_cannot_be_read_is_refused(
    world: httpx.AsyncClient, noun: str, query: str
) -> None:
    answer = await world.get(f"/v2/{noun}", params={"query": query})
    assert answer.status_code == 400
    assert answer.json()["ErrorCode"] == Hr.HCN_E_INVALID_JSON.hresult


async def test_a_filter_is_ignored_where_one_object_is_named(world: httpx.AsyncClient) -> None:
    params = {"query": _query(Name="another")}
    for path in (f"/v2/networks/{NETWORK}", f"/v2/endpoints/{ENDPOINT}"):
        assert (await world.get(path, params=params)).text == (await world.get(path)).text


async def test_schema_1_answers_what_hns_1_answers(world: httpx.AsyncClient) -> None:
    query = json.dumps({"SchemaVersion": {"Major": 1, "Minor": 0}})
    for noun in ("networks", "endpoints", "namespaces", "policylists"):
        shown = (await world.get(f"/v2/{noun}", params={"query": query})).json()
        assert shown == (await world.get(f"/v1/{noun}/")).json()["Output"]
        one = await world.get(f"/v2/{noun}/{shown[0]['ID']}", params={"query": query})
        assert one.json() == shown[0]


async def test_detail_adds_to_a_network_in_schema_1(world: httpx.AsyncClient) -> None:
    plain = {"SchemaVersion": {"Major": 1, "Minor": 0}}
    path = f"/v2/networks/{NETWORK}"
    brief = (await world.get(path, params={"query": json.dumps(plain)})).json()
    detailed = (await world.get(path, params={"query": json.dumps({**plain, "Flags": 1})})).json()
    assert brief.items() < detailed.items()
