"""/emulator/hosts/{name}/journal and /requests: what programs called, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from hnsemu.config import Settings
from hnsemu.errors import Hr
from hnsemu.main import create_app
from tests.api.calls import UNKNOWN
from tests.waiting import PATIENCE

HOST = "/emulator/hosts/node"
REQUESTS = f"{HOST}/requests"
NETWORK = {"Name": "pods", "Type": "L2Bridge", "SchemaVersion": {"Major": 2, "Minor": 0}}


@pytest.fixture
async def node(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a service with a host `node`, whose journal is on."""
    assert (await client.put(HOST, json={"journal": True})).status_code == 201
    return client


async def recorded(client: httpx.AsyncClient, **query: object) -> list[dict[str, Any]]:
    """Return the calls in the journal."""
    listed = await client.get(REQUESTS, params={name: str(value) for name, value in query.items()})
    assert listed.status_code == 200, listed.text
    calls: list[dict[str, Any]] = listed.json()["requests"]
    return calls


async def test_a_call_is_recorded_as_it_was_sent_and_answered(node: httpx.AsyncClient) -> None:
    text = '{"Name": "pods",  "Type": "L2Bridge"}'
    created = await node.post(
        "/hosts/node/v2/networks?x=1", content=text, headers={"User-Agent": "me"}
    )
    (call,) = await recorded(node)
    assert call["time"]
    assert call["milliseconds"] > 0
    assert call | {"time": "", "milliseconds": 0} == {
        "number": 1,
        "time": "",
        "milliseconds": 0,
        "operation": "HcnCreateNetwork",
        "method": "POST",
        "path": "/v2/networks?x=1",
        "status": 201,
        "hresult": "0x00000000",
        "request": text,
        "request_bytes": len(text),
        "request_cut": False,
        "answer": created.text,
        "answer_bytes": len(created.content),
        "answer_cut": False,
        "created": [{"kind": "network", "id": created.json()["ID"]}],
        "removed": [],
        "process": "",
        "function": "",
        "user_agent": "me",
        "address": "127.0.0.1",
        "fault": "",
        "running": False,
        "lost": False,
    }


async def test_each_door_names_its_calls(node: httpx.AsyncClient) -> None:
    await node.get("/hosts/node/v1/networks")
    await node.get("/hosts/node/v2/networks/")
    await node.get("/hosts/node/docker/v1.41/networks")
    await node.get("/hosts/node/v2/nonsense")
    calls = await recorded(node)
    assert [call["operation"] for call in calls] == [
        "HNSCall GET /networks/",
        "HcnEnumerateNetworks",
        "docker network ls",
        "GET /v2/nonsense",
    ]
    assert [call["status"] for call in calls] == [200, 200, 200, 404]
    assert [call["hresult"] for call in calls] == ["0x00000000", "0x00000000", "", "0x80070490"]


async def test_what_the_dll_says_of_its_caller_is_recorded(node: httpx.AsyncClient) -> None:
    said = {"Hns-Process": "flannel.exe (42)", "Hns-Function": "HcnOpenNetwork"}
    await node.get("/hosts/node/v2/networks/11111111-2222-3333-4444-555555555555", headers=said)
    (call,) = await recorded(node)
    assert (call["process"], call["function"]) == ("flannel.exe (42)", "HcnOpenNetwork")
    assert (call["operation"], call["hresult"]) == ("HcnOpenNetwork", "0x803b0001")


async def test_only_calls_of_this_host_and_of_programs_are_recorded(
    node: httpx.AsyncClient,
) -> None:
    await node.get("/v2/networks")
    await node.get(HOST)
    await node.get("/hosts/node/host")
    await node.get("/livez")
    assert await recorded(node) == []


async def test_a_host_records_nothing_unless_its_journal_is_on(client: httpx.AsyncClient) -> None:
    await client.put(HOST)
    await client.get("/hosts/node/v2/networks")
    assert (await client.get(REQUESTS)).json() == {
        "requests": [],
        "journal": {
            "enabled": False,
            "calls": 1000,
            "bytes": 4194304,
            "body_bytes": 16384,
            "last": 0,
            "lost": 0,
            "lost_until": 0,
        },
    }
    await client.put(f"{HOST}/journal", json={"enabled": True})
    await client.get("/hosts/node/v2/endpoints")
    await client.put(f"{HOST}/journal", json={"enabled": False})
    await client.get("/hosts/node/v2/endpoints")
    assert [call["operation"] for call in await recorded(client)] == ["HcnEnumerateEndpoints"]


async def test_a_journal_that_is_turned_on_again_begins_empty(node: httpx.AsyncClient) -> None:
    await node.get("/hosts/node/v2/networks")
    await node.put(f"{HOST}/journal", json={"enabled": False})
    state = (await node.put(f"{HOST}/journal", json={})).json()
    assert (state["enabled"], state["last"], state["lost"]) == (True, 1, 0)
    assert await recorded(node) == []


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [1, 2, 3]),
        ({"op": "hcncreate*"}, [1, 2]),
        ({"since": 1}, [2, 3]),
        ({"status": 404}, [3]),
        ({"status": "4xx"}, [2, 3]),
        ({"status": 0}, []),
        ({"hresult": "HCN_E_ENDPOINT_NOT_FOUND"}, [3]),
        ({"hresult": "0x803b0002"}, [3]),
        ({"hresult": -0x7FC4FFFE}, [3]),
        ({"hresult": "S_OK"}, [1]),
        ({"text": "podz"}, [2]),
        ({"op": "HcnCreate*", "status": 201}, [1]),
    ],
)
async def test_calls_are_found_by_what_they_are(
    node: httpx.AsyncClient, query: dict[str, object], numbers: list[int]
) -> None:
    await node.post("/hosts/node/v2/networks", json=NETWORK)
    await node.post("/hosts/node/v2/networks", json={"Name": "podz", "Type": "Nonsense"})
    await node.get("/hosts/node/v2/endpoints/11111111-2222-3333-4444-555555555555")
    assert [call["number"] for call in await recorded(node, **query)] == numbers


@pytest.mark.parametrize(
    "query",
    [
        "since=x",
        "status=40",
        "status=xx",
        "hresult=zero",
        "wait=soon",
        "wait=301s",
        "min=-1",
        "op=" + "*a" * 128,
        "op=",
        "op=HcnCreateNetwrk",
        "operation=HcnCreate*",
    ],
)
async def test_a_query_that_means_nothing_is_refused(node: httpx.AsyncClient, query: str) -> None:
    refused = await node.get(f"{REQUESTS}?{query}")
    assert refused.status_code == 400
    assert refused.json()["ErrorCode"] == Hr.E_INVALIDARG.hresult


@pytest.mark.parametrize(
    "settings",
    [{"calls": 0}, {"bytes": 1}, {"body_bytes": -1}, {"enabled": "maybe"}, {"size": 1}],
)
async def test_settings_that_mean_nothing_change_nothing(
    node: httpx.AsyncClient, settings: dict[str, object]
) -> None:
    before = (await node.get(f"{HOST}/journal")).json()
    assert (await node.put(f"{HOST}/journal", json=settings)).status_code == 400
    assert (await node.get(f"{HOST}/journal")).json() == before


async def test_a_long_body_is_cut_and_says_so(node: httpx.AsyncClient) -> None:
    await node.put(f"{HOST}/journal", json={"body_bytes": 10})
    await node.post("/hosts/node/v2/networks", json=NETWORK)
    (call,) = await recorded(node)
    assert (len(call["request"]), call["request_cut"], call["answer_cut"]) == (10, True, True)
    assert call["request_bytes"] > 10 < call["answer_bytes"]


async def test_the_newest_calls_stay_and_the_others_are_counted(node: httpx.AsyncClient) -> None:
    await node.put(f"{HOST}/journal", json={"calls": 5})
    for _ in range(200):
        await node.get("/hosts/node/v2/networks")
    assert [call["number"] for call in await recorded(node)] == [196, 197, 198, 199, 200]
    state = (await node.get(f"{HOST}/journal")).json()
    assert (state["last"], state["lost"], state["lost_until"]) == (200, 195, 195)


async def test_a_journal_stays_within_its_bytes(node: httpx.AsyncClient) -> None:
    await node.put(f"{HOST}/journal", json={"bytes": 65536})
    for _ in range(100):
        await node.post("/hosts/node/v2/networks", content=b"x" * 4000)
    calls = await recorded(node)
    assert 10 <= len(calls) <= 16
    assert [call["number"] for call in calls] == list(range(101 - len(calls), 101))


async def test_clearing_leaves_the_numbers(node: httpx.AsyncClient) -> None:
    await node.get("/hosts/node/v2/networks")
    assert (await node.delete(REQUESTS)).status_code == 204
    await node.get("/hosts/node/v2/networks")
    assert [call["number"] for call in await recorded(node)] == [2]
    assert (await node.get(f"{HOST}/journal")).json()["lost"] == 0


async def test_a_reset_empties_the_journal_and_leaves_it_on(node: httpx.AsyncClient) -> None:
    await node.put(f"{HOST}/journal", json={"calls": 5000, "body_bytes": 1})
    await node.get("/hosts/node/v2/networks")
    await node.post(f"{HOST}/reset")
    assert await recorded(node) == []
    journal = (await node.get(f"{HOST}/journal")).json()
    assert (journal["calls"], journal["body_bytes"]) == (5000, 1)
    await node.get("/hosts/node/v2/networks")
    assert [call["number"] for call in await recorded(node)] == [2]


async def test_a_host_made_again_has_a_journal_of_its_own(node: httpx.AsyncClient) -> None:
    await node.get("/hosts/node/v2/networks")
    await node.delete(HOST)
    await node.put(HOST)
    await node.get("/hosts/node/v2/networks")
    assert await recorded(node) == []


async def test_concurrent_calls_are_all_recorded(node: httpx.AsyncClient) -> None:
    paths = [f"/hosts/node/v2/networks?n={number}" for number in range(150)]
    await asyncio.gather(*(node.get(path) for path in paths))
    calls = await recorded(node)
    assert sorted(call["path"] for call in calls) == sorted(
        p.removeprefix("/hosts/node") for p in paths
    )
    assert [call["number"] for call in calls] == list(range(1, 151))


async def test_a_wait_ends_when_there_are_enough_calls(node: httpx.AsyncClient) -> None:
    waiting = asyncio.create_task(recorded(node, wait="30s", min=2, op="HcnEnumerate*"))
    await asyncio.sleep(0.1)
    await node.get("/hosts/node/v2/networks")
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await node.get("/hosts/node/v2/endpoints")
    assert len(await asyncio.wait_for(waiting, PATIENCE)) == 2


async def test_a_wait_ends_when_its_client_has_gone(node: httpx.AsyncClient) -> None:
    assert isinstance(node._transport, httpx.ASGITransport)
    target = {"path": REQUESTS, "raw_path": REQUESTS.encode(), "query_string": b"wait=300s"}
    received = iter(["http.request", "http.disconnect"])

    async def receive() -> dict[str, Any]:
        return {"type": next(received)}

    async def send(_: object) -> None:
        pass

    scope = {"type": "http", "method": "GET", "headers": [(b"host", b"localhost")], **target}
    await asyncio.wait_for(node._transport.app(scope, receive, send), PATIENCE)


async def test_a_wait_ends_when_its_time_is_over(node: httpx.AsyncClient) -> None:
    assert await recorded(node, wait="100ms") == []


async def test_a_call_through_a_host_that_is_not_there_is_nobodys(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get("/hosts/nowhere/v2/networks")).status_code == 404
    assert (await client.get("/emulator/hosts/nowhere/requests")).status_code == 404


async def test_a_body_over_the_limit_is_a_call_that_was_refused(node: httpx.AsyncClient) -> None:
    length = str(32 * 1024 * 1024)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b" " * 1024 * 1024

    for content, headers in ((b"{}", {"Content-Length": length}), (chunks(), {})):
        refused = await node.post("/hosts/node/v2/networks", content=content, headers=headers)
        assert refused.status_code == 413
    calls = await recorded(node)
    assert [(call["number"], call["status"], call["request_cut"]) for call in calls] == [
        (1, 413, True),
        (2, 413, True),
    ]
    assert calls[0]["request_bytes"] == 32 * 1024 * 1024


async def test_nobody_without_the_token_is_recorded(database_url: str) -> None:
    app = create_app(Settings(database_url=database_url, seed=1, token="secret"))
    own = {"Authorization": "Bearer secret"}
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as anybody,
    ):
        await anybody.put(HOST, json={"journal": True}, headers=own)
        refused = await anybody.get("/hosts/node/v2/networks")
        foreign = await anybody.post(
            "/hosts/node/v2/networks", headers=own | {"Origin": "http://elsewhere"}
        )
        listed = await anybody.get("/hosts/node/v2/networks", headers=own)
        assert [a.status_code for a in (refused, foreign, listed)] == [401, 403, 200]
        calls = (await anybody.get(REQUESTS, headers=own)).json()["requests"]
        assert [call["status"] for call in calls] == [200]


async def test_a_call_after_a_change_of_the_journal_is_recorded_once(
    node: httpx.AsyncClient,
) -> None:
    await node.post("/hosts/node/v2/networks", json=NETWORK)
    await node.put(f"{HOST}/journal", json={"calls": 10})
    refused = await node.post("/hosts/node/v2/networks", content=b"no document")
    assert refused.status_code == 400
    assert [call["status"] for call in await recorded(node)] == [201, 400]


async def test_a_request_with_settings_of_policies_is_found_by_what_was_sent(
    node: httpx.AsyncClient,
) -> None:
    policy = {"Type": "VSwitchExtension", "Settings": {"ExtensionID": UNKNOWN, "IsEnabled": True}}
    sent = {**NETWORK, "Policies": [policy]}
    await node.post("/hosts/node/v2/networks", json=sent)
    verified = await node.post(f"{REQUESTS}/verify", json={"match": {"request": sent}})
    assert verified.json()["verified"] is True, verified.text
