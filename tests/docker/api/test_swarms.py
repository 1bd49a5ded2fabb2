"""A swarm of several hosts: who is in it, who manages it, and what becomes of it."""

import asyncio
import json
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.docker.swarms import LISTEN, begin, door, joined, tokens


async def _swarm(client: httpx.AsyncClient, host: str) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"{door(host)}/info")).json()["Swarm"]
    return found


async def _nodes(client: httpx.AsyncClient, host: str) -> dict[str, dict[str, Any]]:
    listed = (await client.get(f"{door(host)}/nodes")).json()
    return {node["Description"]["Hostname"]: node for node in listed}


async def test_a_host_that_begins_a_swarm_manages_it(client: httpx.AsyncClient) -> None:
    node_id = await begin(client, "one")
    shown = await _swarm(client, "one")
    assert (shown["NodeID"], shown["LocalNodeState"]) == (node_id, "active")
    assert (shown["ControlAvailable"], shown["Nodes"], shown["Managers"]) == (True, 1, 1)
    assert shown["RemoteManagers"] == [{"NodeID": node_id, "Addr": f"{shown['NodeAddr']}:2377"}]
    ping = await client.get(f"{door('one')}/_ping")
    assert ping.headers["Swarm"] == "active/manager"
    [node] = (await _nodes(client, "one")).values()
    assert node["ManagerStatus"]["Leader"]


async def test_a_host_is_reached_by_the_vnic_of_a_switch_that_was_made_by_hand(
    client: httpx.AsyncClient,
) -> None:
    switch = {"name": "Uplink", "adapters": ["Ethernet"]}
    await client.put("/emulator/hosts/one", json={"external_switches": [switch]})
    wanted = {**LISTEN, "AdvertiseAddr": "vEthernet (Uplink)"}
    answer = await client.post(f"{door('one')}/swarm/init", json=wanted)
    assert answer.status_code == 200, answer.text
    listed = (await client.get("/hosts/one/host/adapters")).json()
    [address] = [one["IPv4Address"] for one in listed if one["Name"] == "vEthernet (Uplink)"]
    assert (await _swarm(client, "one"))["NodeAddr"] == address


async def test_a_worker_joins_and_manages_nothing(client: httpx.AsyncClient) -> None:
    await begin(client, "one")
    assert (await joined(client, "two", "one")).status_code == 200
    shown = await _swarm(client, "two")
    assert (shown["LocalNodeState"], shown["ControlAvailable"]) == ("active", False)
    assert (await client.head(f"{door('two')}/_ping")).headers["Swarm"] == "active/worker"
    nodes = await _nodes(client, "one")
    assert [nodes[name]["Spec"]["Role"] for name in ("one", "two")] == ["manager", "worker"]
    refused = await client.get(f"{door('two')}/nodes")
    assert refused.status_code == 503
    assert "Worker nodes can't be used to view or modify cluster state" in refused.text


async def test_every_manager_knows_what_another_one_changes(client: httpx.AsyncClient) -> None:
    await begin(client, "one")
    assert (await joined(client, "two", "one", "Manager")).status_code == 200
    assert (await joined(client, "three", "two")).status_code == 200
    assert set(await _nodes(client, "one")) == set(await _nodes(client, "two"))
    assert "two-manager configuration" in (await _swarm(client, "one"))["Warnings"][0]


async def test_a_swarm_outlives_the_manager_that_began_it(client: httpx.AsyncClient) -> None:
    await begin(client, "one")
    await joined(client, "two", "one", "Manager")
    await client.delete("/emulator/hosts/one")
    nodes = await _nodes(client, "two")
    assert nodes["two"]["ManagerStatus"]["Leader"]
    assert (await joined(client, "three", "two")).status_code == 200


async def test_a_node_that_left_is_down_until_it_is_removed(client: httpx.AsyncClient) -> None:
    await begin(client, "one")
    await joined(client, "two", "one")
    assert (await client.delete(f"{door('one')}/nodes/two")).status_code == 400
    assert (await client.post(f"{door('two')}/swarm/leave")).status_code == 200
    assert (await _nodes(client, "one"))["two"]["Status"]["State"] == "down"
    assert (await client.delete(f"{door('one')}/nodes/two")).status_code == 200
    assert set(await _nodes(client, "one")) == {"one"}
    assert (await _swarm(client, "two"))["LocalNodeState"] == "inactive"


async def test_the_last_manager_leaves_by_force_and_the_swarm_goes(
    client: httpx.AsyncClient,
) -> None:
    await begin(client, "one")
    refused = await client.post(f"{door('one')}/swarm/leave")
    assert refused.status_code == 503
    assert "Removing the last manager erases all current state" in refused.json()["message"]
    assert (await client.post(f"{door('one')}/swarm/leave?force=1")).status_code == 200
    assert (await client.get(f"{door('one')}/swarm")).status_code == 503
    assert (await client.post(f"{door('one')}/swarm/init", json=LISTEN)).status_code == 200


async def test_a_host_is_in_one_swarm(client: httpx.AsyncClient) -> None:
    await begin(client, "one")
    await begin(client, "two")
    token = (await tokens(client, "one"))["Worker"]
    wanted = {**LISTEN, "RemoteAddrs": ["10.0.0.4"], "JoinToken": token}
    for path, document in (("init", LISTEN), ("join", wanted)):
        answer = await client.post(f"{door('two')}/swarm/{path}", json=document)
        assert answer.status_code == 503
        assert "This node is already part of a swarm" in answer.json()["message"]


async def test_a_token_that_was_rotated_opens_nothing(client: httpx.AsyncClient) -> None:
    await begin(client, "one")
    before = await tokens(client, "one")
    swarm = (await client.get(f"{door('one')}/swarm")).json()
    path = f"{door('one')}/swarm/update?version={swarm['Version']['Index']}"
    rotated = await client.post(f"{path}&rotateWorkerToken=true", json=swarm["Spec"])
    assert rotated.status_code == 200
    after = await tokens(client, "one")
    assert (after["Worker"] != before["Worker"], after["Manager"]) == (True, before["Manager"])
    again = await client.post(f"{path}&rotateWorkerToken=true", json=swarm["Spec"])
    assert (again.status_code, "update out of sequence" in again.text) == (500, True)
    await client.put("/emulator/hosts/two")
    address = (await _swarm(client, "one"))["NodeAddr"]
    old = {**LISTEN, "RemoteAddrs": [address], "JoinToken": before["Worker"]}
    answer = await client.post(f"{door('two')}/swarm/join", json=old)
    assert answer.status_code == 400
    assert "A valid join token is necessary" in answer.json()["message"]


async def test_a_worker_is_promoted_and_demoted(client: httpx.AsyncClient) -> None:
    await begin(client, "one")
    await joined(client, "two", "one")
    for role, status in (("manager", 200), ("worker", 503)):
        node = (await client.get(f"{door('one')}/nodes/two")).json()
        path = f"{door('one')}/nodes/{node['ID']}/update?version={node['Version']['Index']}"
        answer = await client.post(path, json={"Role": role, "Availability": "active"})
        assert answer.status_code == 200
        assert (await client.get(f"{door('two')}/nodes")).status_code == status


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("swarm/update?version=x", "invalid swarm version 'x': strconv.ParseUint"),
        ("swarm/update?version=99999999999999999999", "value out of range"),
        ("swarm/update?version=1&rotateWorkerToken=y", "invalid value for rotateWorkerToken: y"),
        ("nodes/one/update", "invalid node version ''"),
    ],
)
async def test_bad_parameters_are_refused(
    client: httpx.AsyncClient, path: str, message: str
) -> None:
    await begin(client, "one")
    answer = await client.post(f"{door('one')}/{path}", json={})
    assert answer.status_code == 400
    assert message in answer.json()["message"]


@pytest.mark.parametrize("kind", ["service", "secret", "config"])
async def test_a_manager_has_no_services_and_says_so(client: httpx.AsyncClient, kind: str) -> None:
    await begin(client, "one")
    assert (await client.get(f"{door('one')}/{kind}s")).json() == []
    made = await client.post(f"{door('one')}/{kind}s/create", json={})
    assert (made.status_code, f"does not have {kind}s" in made.json()["message"]) == (501, True)
    gone = await client.get(f"{door('one')}/{kind}s/web")
    assert (gone.status_code, gone.json()["message"]) == (404, f"{kind} web not found")


async def test_managers_are_not_locked(client: httpx.AsyncClient) -> None:
    await begin(client, "one")
    assert (await client.get(f"{door('one')}/swarm/unlockkey")).json() == {"UnlockKey": ""}
    answer = await client.post(f"{door('one')}/swarm/unlock", json={"UnlockKey": "x"})
    assert (answer.status_code, answer.json()["message"]) == (409, "swarm is not locked")


async def test_one_of_many_begins_a_swarm_on_a_host(client: httpx.AsyncClient) -> None:
    await client.put("/emulator/hosts/one")
    path = f"{door('one')}/swarm/init"
    answers = await asyncio.gather(*(client.post(path, json=LISTEN) for _ in range(4)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 503: 3}


async def test_hosts_that_join_at_once_are_all_nodes(client: httpx.AsyncClient) -> None:
    await begin(client, "one")
    names = [f"w{number}" for number in range(4)]
    answers = await asyncio.gather(*(joined(client, name, "one") for name in names))
    assert [answer.status_code for answer in answers] == [200] * len(names)
    nodes = await _nodes(client, "one")
    assert set(nodes) == {"one", *names}
    versions = [node["Version"]["Index"] for node in nodes.values()]
    assert len(set(versions)) == len(versions)


async def test_a_state_brings_a_manager_back(client: httpx.AsyncClient) -> None:
    await begin(client, "one")
    await joined(client, "two", "one")
    path = "/emulator/hosts/one/state"
    state = await client.get(path)
    await client.post(f"{door('one')}/swarm/leave?force=1")
    assert (await client.put(path, content=state.content)).status_code == 200
    assert (await client.get(path)).content == state.content
    assert set(await _nodes(client, "one")) == {"one", "two"}


@pytest.mark.parametrize(
    "members",
    [
        {"id": 1},
        {"id": "x" * 25},
        {"nodes": None},
        {"nodes": [{"id": "n" * 25}]},
        {"pools": ["x"]},
        {"subnet_size": 40},
        {"subnet_size": 4},
        {"spec": {}},
        {"spec": {"Name": "default", "Raft": None}},
        {"created": 1 << 62},
        {"color": "red"},
    ],
    ids=str,
)
async def test_a_state_with_a_bad_record_changes_nothing(
    client: httpx.AsyncClient, members: dict[str, Any]
) -> None:
    await begin(client, "one")
    path = "/emulator/hosts/one/state"
    before = await client.get(path)
    state = before.json()
    record = {**json.loads(state["docker"]["swarm"]["record"]), **members}
    state["docker"]["swarm"]["record"] = json.dumps(record)
    answer = await client.put(path, json=state)
    assert answer.status_code == 400, answer.text
    assert (await client.get(path)).content == before.content


async def test_a_state_whose_network_has_a_bad_range_is_refused(client: httpx.AsyncClient) -> None:
    await begin(client, "one")
    path = "/emulator/hosts/one/state"
    state = (await client.get(path)).json()
    record = json.loads(state["docker"]["swarm"]["record"])
    record["networks"][0]["pools"][0]["ip_range"] = "x"
    state["docker"]["swarm"]["record"] = json.dumps(record)
    assert (await client.put(path, json=state)).status_code == 400


async def test_a_state_with_an_id_that_is_too_long_is_refused(client: httpx.AsyncClient) -> None:
    await begin(client, "one")
    path = "/emulator/hosts/one/state"
    state = (await client.get(path)).json()
    state["docker"]["swarm"]["node_id"] = "n" * 26
    assert (await client.put(path, json=state)).status_code == 400


async def test_a_state_without_a_record_is_that_of_a_worker(client: httpx.AsyncClient) -> None:
    await begin(client, "one")
    path = "/emulator/hosts/one/state"
    state = (await client.get(path)).json()
    state["docker"]["swarm"]["record"] = "null"
    assert (await client.put(path, json=state)).status_code == 200
    assert not (await _swarm(client, "one"))["ControlAvailable"]
    assert (await client.post(f"{door('one')}/swarm/leave")).status_code == 200


async def test_a_reset_host_is_in_no_swarm(client: httpx.AsyncClient) -> None:
    await begin(client, "one")
    await client.post("/emulator/hosts/one/reset")
    assert (await _swarm(client, "one"))["LocalNodeState"] == "inactive"
