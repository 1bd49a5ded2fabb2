"""/emulator/hosts/{name}/faults: calls fail as they do on real hosts, and nothing else does."""

import asyncio
import time
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from hnsemu.domain.fault_presets import PRESETS, result_of
from hnsemu.errors import Hr
from tests.waiting import PATIENCE

HOST = "/emulator/hosts/node"
FAULTS = f"{HOST}/faults"
NODE = "/hosts/node"
V2 = {"SchemaVersion": {"Major": 2, "Minor": 0}}
NETWORK = {"Name": "pods", "Type": "L2Bridge", **V2}
_LIST = ("GET", "/v2/networks", None), ("GET", "/docker/networks", None)
_NETWORKS = (
    ("POST", "/v2/networks", {"Name": "pods", "Type": "Private", **V2}),
    ("POST", "/docker/networks/create", {"Name": "lan", "Driver": "nat"}),
)
_ENDPOINTS = (
    ("POST", "/v2/networks/{network}/endpoints", V2),
    ("POST", "/docker/containers/web/start", None),
)
_ATTACH = ("PATCH", "/v2/namespaces/{network}", {"RequestType": "Add"}), _ENDPOINTS[1]
AT_DOCKER = {
    "service-stopped": _LIST,
    "rpc-unavailable": _LIST,
    "service-restart": _LIST,
    "hang": _LIST,
    "slow": _LIST,
    "rpc-failed": _NETWORKS,
    "access-denied": _NETWORKS,
    "duplicate-name": _NETWORKS,
    "adapter-not-found": _NETWORKS,
    "name-exists": _NETWORKS,
    "request-unsupported": _NETWORKS,
    "create-after-delete": _NETWORKS,
    "delete-sticks": (("DELETE", "/v2/networks/{network}", None),
                      ("DELETE", "/docker/networks/blue", None)),
    "port-exists": _ENDPOINTS,
    "port-pool-empty": _ENDPOINTS,
    "address-in-use": _ENDPOINTS,
    "degraded-endpoint": _ATTACH,
}  # fmt: skip
"""Calls on which presets act, in HCN's words and in Docker's; `tests/shim` has the others."""
SWIFT = 82769
"""A seed whose first two latencies are short."""


@pytest.fixture
async def node(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a service with a host `node`, whose journal is on."""
    await client.put(HOST, json={"journal": True})
    return client


async def add(client: httpx.AsyncClient, **fault: object) -> dict[str, Any]:
    """Set a fault; return its record."""
    added = await client.post(FAULTS, json=fault)
    assert added.status_code == 201, added.text
    record: dict[str, Any] = added.json()
    return record


async def networks(client: httpx.AsyncClient) -> list[str]:
    """Return the names of the networks, without those that a host has anyway."""
    listed = (await client.get(f"{NODE}/v2/networks")).json()
    return [network["Name"] for network in listed if network["Name"] == "pods"]


async def test_a_refusal_is_answered_at_each_door_in_its_own_words(
    node: httpx.AsyncClient,
) -> None:
    await add(node, then={"hresult": "E_ACCESSDENIED"})
    v2 = await node.get(f"{NODE}/v2/networks")
    assert (v2.status_code, v2.headers["Hns-Result"]) == (403, "0x80070005")
    assert v2.json() == {
        "Success": False,
        "Error": "Access is denied. ",
        "ErrorCode": 0x80070005,
    }
    v1 = await node.get(f"{NODE}/v1/networks")
    assert (v1.json()["Success"], v1.json()["Error"]) == (False, "Access is denied. ")
    docker = await node.get(f"{NODE}/docker/networks")
    assert docker.status_code == 500
    message = "failed during hnsCallRawResponse: hnsCall failed in Win32: Access is denied. (0x5)"
    assert docker.json() == {"message": message}
    assert (await node.get("/v2/networks")).status_code == 200


async def test_a_fault_counts_and_is_named_in_the_journal(node: httpx.AsyncClient) -> None:
    fault = await add(node, then={"status": 503, "text": "no"}, times=1)
    refused = await node.get(f"{NODE}/v2/networks")
    assert (refused.status_code, refused.json()["Error"]) == (503, "no. ")
    assert (await node.get(f"{NODE}/v2/networks")).status_code == 200
    (record,) = (await node.get(FAULTS)).json()
    assert (record["seen"], record["hits"]) == (2, 1)
    calls = (await node.get(f"{HOST}/requests")).json()["requests"]
    assert [(call["fault"], call["status"]) for call in calls] == [
        (str(fault["id"]), 503),
        ("", 200),
    ]


async def test_a_call_can_be_done_and_refused(node: httpx.AsyncClient) -> None:
    await add(
        node,
        match={"operation": "HcnCreateNetwork"},
        then={"hresult": "0x800706be", "done": True},
    )
    refused = await node.post(f"{NODE}/v2/networks", json=NETWORK)
    assert refused.json()["ErrorCode"] == 0x800706BE
    assert refused.json()["Error"] == "The remote procedure call failed. "
    assert await networks(node) == ["pods"]
    calls = (await node.get(f"{HOST}/requests?op=HcnCreate*")).json()["requests"]
    assert [call["created"][0]["kind"] for call in calls] == ["network"]


async def test_a_call_can_be_answered_and_not_done(node: httpx.AsyncClient) -> None:
    await add(node, match={"method": "POST"}, then={"undone": True})
    assert (await node.post(f"{NODE}/v2/networks", json=NETWORK)).status_code == 201
    assert await networks(node) == []
    (call,) = (await node.get(f"{HOST}/requests?op=HcnCreate*")).json()["requests"]
    assert call["created"] == []


async def test_names_clients_and_numbers_choose_the_calls(node: httpx.AsyncClient) -> None:
    created = (await node.post(f"{NODE}/v2/networks", json=NETWORK)).json()
    await add(node, match={"name": "pod*", "method": "DELETE"}, then={"hresult": "E_FAIL"})
    await add(node, match={"client": "evil*"}, then={"hresult": "E_NOTIMPL"})
    await add(node, match={"operation": "HcnEnumerate*", "nth": 2}, then={"hresult": "E_FAIL"})
    refused = await node.delete(f"{NODE}/v2/networks/{created['ID']}")
    assert refused.json()["ErrorCode"] == Hr.E_FAIL.hresult
    by_agent = await node.get(f"{NODE}/v2/namespaces", headers={"User-Agent": "evil/1"})
    assert by_agent.json()["ErrorCode"] == Hr.E_NOTIMPL.hresult
    statuses = [(await node.get(f"{NODE}/v2/networks")).status_code for _ in range(3)]
    assert statuses == [200, 500, 200]


async def test_a_latency_delays_and_lets_the_call_happen(node: httpx.AsyncClient) -> None:
    await add(node, then={"latency": {"median": "150ms"}})
    started = time.perf_counter()
    assert (await node.get(f"{NODE}/v2/networks")).status_code == 200
    assert time.perf_counter() - started >= 0.15
    await add(node, then={"latency": {"median": "1h"}})
    with anyio.fail_after(PATIENCE):
        assert (await node.get("/livez")).status_code == 200


@pytest.mark.parametrize("door", ["/v2", "/docker"])
async def test_a_call_hangs_until_its_fault_is_removed(node: httpx.AsyncClient, door: str) -> None:
    fault = await add(node, preset="hang")
    hanging = asyncio.create_task(node.get(f"{NODE}{door}/networks"))
    calls = (await node.get(f"{HOST}/requests?wait=20s")).json()["requests"]
    assert [call["running"] for call in calls] == [True]
    assert not hanging.done()
    await node.delete(f"{FAULTS}/{fault['id']}")
    dropped = await asyncio.wait_for(hanging, PATIENCE)
    assert dropped.status_code == 500  # there is no connection to drop here
    (call,) = (await node.get(f"{HOST}/requests")).json()["requests"]
    assert (call["running"], call["status"]) == (False, 0)


async def test_a_hanging_call_goes_by_the_clock_of_its_host(node: httpx.AsyncClient) -> None:
    await node.put("/emulator/clock", json={"freeze": True})
    await add(node, preset="hang", ttl="1h")
    hanging = asyncio.create_task(node.get(f"{NODE}/v2/networks"))
    await node.get(f"{HOST}/requests?wait=20s")
    await node.put("/emulator/clock", json={"advance": "59m"})
    (call,) = (await node.get(f"{HOST}/requests")).json()["requests"]
    assert call["running"]
    await node.put("/emulator/clock", json={"advance": "1m"})
    dropped = await asyncio.wait_for(hanging, PATIENCE)
    assert dropped.status_code == 500  # there is no connection to drop here
    assert (await node.get(f"{NODE}/v2/networks")).status_code == 200


async def test_members_go_from_requests_and_answers(node: httpx.AsyncClient) -> None:
    await add(node, match={"method": "POST"}, then={"without": ["Name"]})
    created = (await node.post(f"{NODE}/v2/networks", json=NETWORK)).json()
    assert created.get("Name", "") == ""
    await add(node, match={"method": "GET"}, then={"hides": ["Type", "ID"]})
    listed = (await node.get(f"{NODE}/v2/networks")).json()
    assert listed
    assert not any({"Type", "ID"} & network.keys() for network in listed)


async def test_a_load_balancer_is_half_created_at_each_door(node: httpx.AsyncClient) -> None:
    network = (await node.post(f"{NODE}/v2/networks", json=NETWORK)).json()["ID"]
    endpoint = (await node.post(f"{NODE}/v2/networks/{network}/endpoints", json=V2)).json()["ID"]
    await add(node, preset="half-created", times=2)
    mapping = {"Protocol": 6, "InternalPort": 80, "ExternalPort": 80}
    balancer = {"HostComputeEndpoints": [endpoint], "FrontendVIPs": ["10.96.0.1"],
                "PortMappings": [mapping], **V2}  # fmt: skip
    elb = {"Type": "ELB", "VIPs": ["10.96.0.1"], **mapping}
    flat = {"References": [f"/endpoints/{endpoint}"], "Policies": [elb]}
    created = await node.post(f"{NODE}/v2/loadbalancers", json=balancer)
    assert (created.status_code, created.json()["FrontendVIPs"]) == (201, ["10.96.0.1"])
    assert (await node.post(f"{NODE}/v1/policylists", json=flat)).json()["Success"]
    whole = await node.post(f"{NODE}/v2/loadbalancers", json=balancer)  # what answers is free
    listed = (await node.get(f"{NODE}/v2/loadbalancers")).json()
    assert [len(known.get("PortMappings") or ()) for known in listed] == [0, 0, 1]
    assert listed[2]["ID"] == whole.json()["ID"]
    state = (await node.get(f"{HOST}/state")).content
    assert (await node.put(f"{HOST}/state", content=state)).status_code == 200


async def test_refusals_speak_other_languages(node: httpx.AsyncClient) -> None:
    await add(node, preset="localised-text")
    guid = "11111111-2222-3333-4444-555555555555"
    refused = (await node.get(f"{NODE}/v2/networks/{guid}")).json()
    assert refused["Error"] == "Das Netzwerk wurde nicht gefunden. "
    assert refused["ErrorCode"] == 0x803B0001
    told = {
        "match": {"operation": "docker network create"},
        "then": {"hresult": "E_ACCESSDENIED", "language": "de"},
    }
    adapter = {"com.docker.network.windowsshim.interface": "missing"}
    blue = {"Name": "blue", "Driver": "transparent", "Options": adapter}
    failed = "Der Vorgang ist fehlgeschlagen."  # codespell:ignore
    for said in (f"{failed} (0x803b0006)", "Zugriff verweigert. (0x5)"):
        refused = (await node.post(f"{NODE}/docker/networks/create", json=blue)).json()
        whole = f"failed during hnsCallRawResponse: hnsCall failed in Win32: {said}"
        assert refused["message"] == whole
        await node.delete(f"{HOST}/faults")
        await add(node, **told)


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ({"hresult": "E_ACCESSDENIED", "language": "de"}, '"Error":"Zugriff verweigert. "'),
        ({"hresult": "E_ACCESSDENIED", "language": "zh", "text": "No"}, '"Error":"No. "'),
        ({"hresult": "E_ACCESSDENIED", "spaced": True}, '{ "Success" : false, "Error" : '),
        ({"status": 503, "hides": ["Success"]}, '{"Error":"Unspecified error. "'),
    ],
)
async def test_a_refusal_is_told_in_the_way_that_the_same_fault_wants(
    node: httpx.AsyncClient, then: dict[str, object], said: str
) -> None:
    await add(node, then=then)
    assert said in (await node.get(f"{NODE}/v1/networks")).text


async def test_an_old_envelope_has_blanks(node: httpx.AsyncClient) -> None:
    await add(node, preset="old-envelope")
    text = (await node.get(f"{NODE}/v1/globals/version")).text
    assert text.startswith('{ "Success" : true, "Output" : { "Major" : ')


async def test_a_creation_fails_once_after_a_deletion(node: httpx.AsyncClient) -> None:
    await add(node, preset="create-after-delete")
    for _ in range(2):
        created = await node.post(f"{NODE}/v2/networks", json=NETWORK)
        assert created.status_code == 201
        await node.delete(f"{NODE}/v2/networks/{created.json()['ID']}")
        refused = await node.post(f"{NODE}/v2/networks", json=NETWORK)
        assert refused.json()["ErrorCode"] == Hr.E_FAIL.hresult


async def test_a_client_cannot_overtake_the_fault_that_its_call_arms(
    service: FastAPI, node: httpx.AsyncClient
) -> None:
    """The next call is sent when the answer has arrived, before the service turns to the rest."""
    await add(node, preset="create-after-delete")
    network = (await node.post(f"{NODE}/v2/networks", json=NETWORK)).json()["ID"]
    followed = []

    async def hurried(scope: Scope, receive: Receive, send: Send) -> None:
        async def answered(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.body":
                followed.append(await node.post(f"{NODE}/v2/networks", json=NETWORK))

        await service(scope, receive, answered)

    transport = httpx.ASGITransport(hurried)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        await client.delete(f"{NODE}/v2/networks/{network}")
    assert [refused.json()["ErrorCode"] for refused in followed] == [Hr.E_FAIL.hresult]


async def test_hns_restarts_during_a_call(node: httpx.AsyncClient) -> None:
    before = (await node.get(HOST)).json()["started"]
    await add(node, preset="service-restart")
    refused = await node.get(f"{NODE}/v2/networks")
    assert refused.json()["ErrorCode"] == 0x800706BE
    assert (await node.get(HOST)).json()["started"] != before
    assert (await node.get(f"{NODE}/v2/networks")).status_code == 200


@pytest.mark.parametrize("name", sorted(PRESETS.keys() - {"hang", "slow"}))
async def test_a_preset_acts_and_the_control_plane_does_not_feel_it(
    node: httpx.AsyncClient, name: str
) -> None:
    network = (await node.post(f"{NODE}/v2/networks", json=NETWORK)).json()["ID"]
    await add(node, preset=name)
    await node.patch(f"{NODE}/v2/networks/{network}", json={"RequestType": "Add"})
    await node.get(f"{NODE}/v1/networks/{network}")
    await node.post(f"{NODE}/v2/networks/{network}/endpoints", json=V2)
    await node.post(f"{NODE}/v2/loadbalancers", json={"PortMappings": [{}], **V2})
    await node.patch(f"{NODE}/v2/namespaces/{network}", json={"RequestType": "Add"})
    await node.delete(f"{NODE}/v2/networks/{network}")
    await node.post(f"{NODE}/v2/networks", json=NETWORK)
    listed = await node.get(FAULTS)
    assert listed.status_code == (await node.get("/livez")).status_code == 200
    (record,) = listed.json()
    assert record["hits"] >= 1
    assert (await node.get(f"{HOST}/requests")).json()["journal"]["lost"] == 0


async def test_presets_act_on_calls_of_hcn_and_of_docker(node: httpx.AsyncClient) -> None:
    network = (await node.post(f"{NODE}/v2/networks", json=NETWORK)).json()["ID"]
    await node.post(f"{NODE}/docker/images/create?fromImage=nanoserver&tag=latest")
    await node.post(f"{NODE}/docker/containers/create?name=web", json={"Image": "nanoserver"})
    blue = {"Name": "blue", "Driver": "nat"}
    await node.post(f"{NODE}/docker/networks/create", json=blue)
    gone = {"Name": "gone", "Driver": "nat"}
    others = {"slow": {"seed": SWIFT}, "service-restart": {"times": 2}}
    for preset, calls in AT_DOCKER.items():
        if preset == "hang":  # above
            continue
        effect = PRESETS[preset].rule.effect
        await add(node, preset=preset, **others.get(preset, {}))
        refused = []
        for method, path, document in calls:
            if preset == "create-after-delete":
                await node.post(f"{NODE}/docker/networks/create", json=gone)
                await node.delete(f"{NODE}/docker/networks/gone")
            url = NODE + path.format(network=network)
            refused.append(await node.request(method, url, json=document))
        await node.delete(FAULTS)
        v2, docker = refused
        if effect.hresult is None:
            assert (v2.is_success, docker.is_success) == (True, True), preset
            continue
        assert v2.json()["ErrorCode"] == effect.hresult, preset
        words = result_of(effect.hresult).message.strip()
        assert words in docker.json()["message"], (preset, docker.text)
    assert (await node.get(f"{NODE}/v2/networks/{network}")).status_code == 200
    assert (await node.get(f"{NODE}/docker/networks/blue")).status_code == 200


async def test_probabilities_of_0_and_1_are_exact(node: httpx.AsyncClient) -> None:
    await add(node, match={"path": "/v2/networks"}, then={"status": 500}, probability=0)
    await add(node, match={"path": "/v2/endpoints"}, then={"status": 500}, probability=1)
    networks = {(await node.get(f"{NODE}/v2/networks")).status_code for _ in range(20)}
    endpoints = {(await node.get(f"{NODE}/v2/endpoints")).status_code for _ in range(20)}
    assert (networks, endpoints) == ({200}, {500})


async def test_faults_go_one_by_one_all_at_once_and_with_a_reset(
    node: httpx.AsyncClient,
) -> None:
    first = await add(node, then={"status": 500})
    second = await add(node, then={"status": 500})
    assert (await node.delete(f"{FAULTS}/{first['id']}")).status_code == 204
    assert [fault["id"] for fault in (await node.get(FAULTS)).json()] == [second["id"]]
    assert (await node.delete(FAULTS)).status_code == 204
    assert (await node.get(f"{NODE}/v2/networks")).status_code == 200
    await add(node, then={"status": 500})
    await node.post(f"{HOST}/reset")
    assert (await node.get(FAULTS)).json() == []
    assert (await node.get(f"{NODE}/v2/networks")).status_code == 200


async def test_a_fault_ends_with_its_time(node: httpx.AsyncClient) -> None:
    await add(node, then={"status": 500}, ttl="10ms")
    await asyncio.sleep(0.02)
    for _ in range(20):  # each call is a millisecond of this clock
        await node.get(f"{NODE}/v2/networks")
    assert (await node.get(f"{NODE}/v2/networks")).status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"then": {}},
        {"then": {"text": "a"}},
        {"then": {"status": 200}},
        {"then": {"hresult": "S_OK"}},
        {"then": {"hresult": 0}},
        {"then": {"hresult": "E_FAIL", "drop": True}},
        {"then": {"done": True}},
        {"then": {"undone": True, "done": True}},
        {"then": {"latency": {"median": "long"}}},
        {"then": {"latency": "1s"}},
        {"then": {"language": "fr"}},
        {"then": {"hresult": "E_FAIL"}, "preset": "hang"},
        {"then": {"explode": True}},
        {"preset": "never"},
        {"preset": "hang", "probability": 1.1},
        {"preset": "hang", "after": 3, "until": 3},
        {"preset": "hang", "times": -1},
        {"preset": "hang", "ttl": "2000m"},
        {"preset": "hang", "match": {"op": "HcnCreate*"}},
        {"preset": "hang", "match": {"nth": 0}},
        {"preset": "hang", "match": {"operation": "HcnCreateNetwrk"}},
        {"preset": "hang", "match": {"follows": "HNSCall POST /endpoints"}},
    ],
)
async def test_a_rule_that_means_nothing_is_refused(
    lasting_client: httpx.AsyncClient, fault: dict[str, object]
) -> None:
    await lasting_client.put(HOST, json={})
    refused = await lasting_client.post(FAULTS, json=fault)
    assert refused.status_code == 400, refused.text
    assert refused.json()["ErrorCode"] == Hr.E_INVALIDARG.hresult
    assert (await lasting_client.get(FAULTS)).json() == []


async def test_a_host_has_a_hundred_faults_at_the_most(node: httpx.AsyncClient) -> None:
    for _ in range(100):
        await add(node, then={"status": 500})
    assert (await node.post(FAULTS, json={"preset": "slow"})).status_code == 400
