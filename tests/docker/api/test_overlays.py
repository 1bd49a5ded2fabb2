"""Overlay networks of a swarm: containers on several hosts, and what HNS has of them."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.docker.swarms import begin, door, joined

Json = dict[str, Any]
MESH: Json = {"Name": "mesh", "Driver": "overlay", "Attachable": True}


async def _create(client: httpx.AsyncClient, **members: Any) -> httpx.Response:
    return await client.post(f"{door('one')}/networks/create", json={**MESH, **members})


async def _run(
    client: httpx.AsyncClient, host: str, name: str, address: str = "", network: str = "mesh"
) -> httpx.Response:
    """Create a container on a network, and return the answer to its start."""
    await client.post(f"{door(host)}/images/create?fromImage=app")
    settings = {"IPAMConfig": {"IPv4Address": address}} if address else {}
    wanted = {
        "Image": "app",
        "HostConfig": {"NetworkMode": network},
        "NetworkingConfig": {"EndpointsConfig": {network: settings}},
    }
    made = await client.post(f"{door(host)}/containers/create?name={name}", json=wanted)
    assert made.status_code == 201, made.text
    return await client.post(f"{door(host)}/containers/{name}/start")


async def _connection(client: httpx.AsyncClient, host: str, name: str) -> Json:
    shown = (await client.get(f"{door(host)}/containers/{name}/json")).json()
    found: Json = shown["NetworkSettings"]["Networks"]["mesh"]
    return found


async def _overlays(client: httpx.AsyncClient, host: str) -> list[Json]:
    networks = (await client.get(f"/hosts/{host}/v1/networks")).json()["Output"]
    return [network for network in networks if network["Type"].lower() == "overlay"]


async def _endpoints(client: httpx.AsyncClient, host: str) -> dict[str, Json]:
    """Return HNS' endpoints of a host by their addresses."""
    endpoints = (await client.get(f"/hosts/{host}/v1/endpoints")).json()["Output"]
    return {endpoint["IPAddress"]: endpoint for endpoint in endpoints}


@pytest.fixture
async def pair(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a manager `one` and a worker `two`, whose swarm has a network `mesh`."""
    await begin(client, "one")
    assert (await joined(client, "two", "one")).status_code == 200
    assert (await _create(client)).status_code == 201
    return client


async def test_a_manager_shows_a_network_at_once_and_a_worker_when_it_needs_it(
    pair: httpx.AsyncClient,
) -> None:
    shown = (await pair.get(f"{door('one')}/networks/mesh")).json()
    assert (shown["Scope"], shown["Driver"], shown["Attachable"]) == ("swarm", "overlay", True)
    assert shown["IPAM"]["Config"] == [{"Subnet": "10.0.1.0/24", "Gateway": "10.0.1.1"}]
    assert shown["Options"] == {"com.docker.network.driver.overlay.vxlanid_list": "4097"}
    assert (await pair.get(f"{door('two')}/networks/mesh")).status_code == 404
    assert await _overlays(pair, "one") == []
    assert (await _run(pair, "two", "web")).status_code == 204
    there = (await pair.get(f"{door('two')}/networks/mesh")).json()
    assert (there["Id"], there["Scope"]) == (shown["Id"], "swarm")
    assert [one["Name"] for one in there["Containers"].values()] == ["web"]
    assert len(there["Peers"]) == 1


async def test_ingress_is_there_from_the_beginning(pair: httpx.AsyncClient) -> None:
    shown = (await pair.get(f"{door('one')}/networks/ingress")).json()
    assert (shown["Ingress"], shown["IPAM"]["Config"][0]["Subnet"]) == (True, "10.0.0.0/24")
    names = [net["Name"] for net in (await pair.get(f"{door('one')}/networks")).json()]
    assert names == ["none", "nat", "ingress", "mesh"]


async def test_each_host_has_all_containers_its_own_and_remote_ones(
    pair: httpx.AsyncClient,
) -> None:
    assert (await _run(pair, "one", "web")).status_code == 204
    assert (await _run(pair, "two", "db")).status_code == 204
    addresses = [
        (await _connection(pair, host, name))["IPAddress"]
        for host, name in (("one", "web"), ("two", "db"))
    ]
    assert addresses == ["10.0.1.2", "10.0.1.3"]
    for host, own, other in (("one", *addresses), ("two", *reversed(addresses))):
        endpoints = await _endpoints(pair, host)
        assert set(endpoints) == set(addresses)
        assert endpoints[other]["IsRemoteEndpoint"]
        assert not endpoints[own].get("IsRemoteEndpoint")
    one, two = (
        {endpoint["MacAddress"].replace(":", "-").upper() for endpoint in endpoints.values()}
        for endpoints in (await _endpoints(pair, "one"), await _endpoints(pair, "two"))
    )
    assert one == two


async def test_containers_of_two_hosts_reach_and_resolve_each_other(
    pair: httpx.AsyncClient,
) -> None:
    assert (await _run(pair, "one", "web")).status_code == 204
    assert (await _run(pair, "two", "db")).status_code == 204
    for host, sender, name in (("one", "web", "db"), ("two", "db", "web")):
        made = await pair.post(
            f"{door(host)}/containers/{sender}/exec",
            json={"Cmd": ["ping", "-n", "1", name], "AttachStdout": True},
        )
        started = await pair.post(f"{door(host)}/exec/{made.json()['Id']}/start", json={})
        assert b"Reply from 10.0.1." in started.content, started.content
    packet = {"Destination": "10.0.1.3", "Protocol": "TCP", "DestinationPort": 80}
    trace = await pair.post(
        "/hosts/one/host/trace", json={"From": {"Container": "web"}, "Packet": packet}
    )
    assert trace.status_code == 200, trace.text
    assert trace.json()["Verdict"] == "Delivered", trace.text
    assert "VXLAN" in trace.text.upper()
    by_name = {"From": {"Container": "web"}, "To": {"Container": "db"}}
    named = await pair.post(
        "/hosts/one/host/trace",
        json={**by_name, "Packet": {"Protocol": "TCP", "DestinationPort": 80}},
    )
    assert named.status_code == 200, named.text
    assert named.json()["Verdict"] == "Delivered"
    assert named.json()["DeliveredTo"]["Host"] == "two", named.text


async def test_the_last_container_takes_the_network_of_its_host_with_it(
    pair: httpx.AsyncClient,
) -> None:
    for host, name in (("one", "web"), ("two", "db")):
        assert (await _run(pair, host, name)).status_code == 204
    in_use = await pair.delete(f"{door('one')}/networks/mesh")
    assert (in_use.status_code, "is in use by task" in in_use.text) == (400, True)
    assert (await pair.post(f"{door('two')}/containers/db/stop")).status_code == 204
    assert await _overlays(pair, "two") == []
    assert set(await _endpoints(pair, "one")) == {"10.0.1.2"}
    assert (await pair.delete(f"{door('one')}/containers/web?force=1")).status_code == 204
    assert await _overlays(pair, "one") == []
    assert (await pair.delete(f"{door('one')}/networks/mesh")).status_code == 204
    assert (await pair.get(f"{door('one')}/networks/mesh")).status_code == 404


async def test_a_host_that_goes_or_leaves_is_forgotten(pair: httpx.AsyncClient) -> None:
    await joined(pair, "three", "one")
    for host in ("one", "two", "three"):
        assert (await _run(pair, host, f"on-{host}")).status_code == 204
    assert len(await _endpoints(pair, "one")) == 3
    assert (await pair.delete("/emulator/hosts/three")).status_code == 204
    assert len(await _endpoints(pair, "one")) == 2
    assert (await pair.post(f"{door('two')}/swarm/leave")).status_code == 200
    assert len(await _endpoints(pair, "one")) == 1
    assert await _overlays(pair, "two") == []
    left = (await pair.get(f"{door('two')}/containers/on-two/json")).json()
    assert (left["State"]["Running"], left["NetworkSettings"]["Networks"]) == (True, {})


async def test_a_restarted_daemon_keeps_its_swarm(pair: httpx.AsyncClient) -> None:
    for host, name in (("one", "web"), ("two", "db")):
        assert (await _run(pair, host, name)).status_code == 204
    assert (await pair.post("/emulator/hosts/two/docker/restart")).status_code == 200
    assert set(await _endpoints(pair, "one")) == {"10.0.1.2"}
    assert await _overlays(pair, "two") == []
    assert (await pair.post(f"{door('two')}/containers/db/start")).status_code == 204
    assert (await pair.post("/emulator/hosts/two/reboot")).status_code == 200
    assert (await pair.post(f"{door('two')}/containers/db/start")).status_code == 204
    assert len(await _endpoints(pair, "one")) == 2


@pytest.mark.parametrize(
    ("network", "message"),
    [
        ("closed", "rpc error: code = PermissionDenied desc = network closed not manually"),
        ("gone", "rpc error: code = NotFound desc = network gone not found"),
    ],
)
async def test_a_network_that_nobody_may_join_refuses_at_the_start(
    pair: httpx.AsyncClient, network: str, message: str
) -> None:
    assert (await _create(pair, Name="closed", Attachable=False)).status_code == 201
    answer = await _run(pair, "two", "web", network=network)
    assert answer.status_code == 500
    assert answer.json()["message"].startswith(f"Could not attach to network {network}: {message}")


async def test_an_address_of_the_network_is_one_containers(pair: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(
        *(_run(pair, host, f"on-{host}", "10.0.1.50") for host in ("one", "two"))
    )
    assert Counter(answer.status_code for answer in answers) == {204: 1, 500: 1}


async def test_containers_that_start_at_once_have_addresses_of_their_own(
    pair: httpx.AsyncClient,
) -> None:
    answers = await asyncio.gather(
        *(_run(pair, host, f"{host}-{number}") for number in range(2) for host in ("one", "two"))
    )
    assert [answer.status_code for answer in answers] == [204] * 4
    assert len(await _endpoints(pair, "one")) == 4
    assert set(await _endpoints(pair, "one")) == set(await _endpoints(pair, "two"))


async def test_a_running_container_is_connected_and_disconnected(pair: httpx.AsyncClient) -> None:
    assert (await _run(pair, "two", "db", network="nat")).status_code == 204
    connected = await pair.post(f"{door('two')}/networks/mesh/connect", json={"Container": "db"})
    assert connected.status_code == 200, connected.text
    assert (await _connection(pair, "two", "db"))["IPAddress"] == "10.0.1.2"
    again = await pair.post(f"{door('two')}/networks/mesh/connect", json={"Container": "db"})
    assert (again.status_code, "already exists in network mesh" in again.text) == (403, True)
    gone = await pair.post(f"{door('two')}/networks/mesh/disconnect", json={"Container": "db"})
    assert gone.status_code == 200
    assert await _overlays(pair, "two") == []


@pytest.mark.parametrize(
    ("members", "status", "message"),
    [
        ({}, 409, "network with name mesh already exists"),
        ({"Driver": "nat"}, 409, "network with name mesh already exists"),
        ({"Name": "nat"}, 403, "operation is not permitted on predefined nat network"),
        ({"Name": "a b"}, 400, "name must be valid as a DNS name component"),
        ({"Name": "in", "Ingress": True}, 400, "ingress network cannot be attachable"),
    ],
)
async def test_networks_that_no_swarm_has(
    pair: httpx.AsyncClient, members: Json, status: int, message: str
) -> None:
    answer = await _create(pair, **members)
    assert answer.status_code == status
    assert message in answer.json()["message"]


async def test_a_worker_creates_and_removes_no_network_of_the_swarm(
    pair: httpx.AsyncClient,
) -> None:
    answer = await pair.post(f"{door('two')}/networks/create", json={**MESH, "Name": "other"})
    assert (answer.status_code, "not a swarm manager" in answer.text) == (403, True)
    assert (await _run(pair, "two", "db")).status_code == 204
    removed = await pair.delete(f"{door('two')}/networks/mesh")
    assert (removed.status_code, "Worker nodes can't be used" in removed.text) == (503, True)


async def test_prune_takes_what_no_host_uses(pair: httpx.AsyncClient) -> None:
    assert (await _create(pair, Name="idle")).status_code == 201
    assert (await _run(pair, "two", "db")).status_code == 204
    pruned = await pair.post(f"{door('one')}/networks/prune")
    assert pruned.json() == {"NetworksDeleted": ["idle"]}


async def test_a_network_is_found_by_scope_and_by_the_beginning_of_its_id(
    pair: httpx.AsyncClient,
) -> None:
    whole = (await pair.get(f"{door('one')}/networks/mesh?scope=swarm")).json()["Id"]
    assert (await pair.get(f"{door('one')}/networks/{whole[:12]}")).json()["Name"] == "mesh"
    assert (await pair.get(f"{door('one')}/networks/mesh?scope=local")).status_code == 404
    listed = await pair.get(f'{door("one")}/networks?filters={{"scope":["swarm"]}}')
    assert [network["Name"] for network in listed.json()] == ["ingress", "mesh"]


async def test_a_state_keeps_what_is_on_a_network(pair: httpx.AsyncClient) -> None:
    for host, name in (("one", "web"), ("two", "db")):
        assert (await _run(pair, host, name)).status_code == 204
    for host in ("one", "two"):
        path = f"/emulator/hosts/{host}/state"
        state = await pair.get(path)
        assert (await pair.put(path, content=state.content)).status_code == 200
        assert (await pair.get(path)).content == state.content
    assert (await pair.post(f"{door('two')}/containers/db/stop")).status_code == 204
    assert set(await _endpoints(pair, "one")) == {"10.0.1.2"}


async def test_a_peer_that_lost_its_network_stops_nobody_else(pair: httpx.AsyncClient) -> None:
    assert (await _run(pair, "two", "db")).status_code == 204
    [network] = await _overlays(pair, "two")
    assert (await pair.delete(f"/hosts/two/v1/networks/{network['ID']}")).status_code == 200
    assert (await _run(pair, "one", "web")).status_code == 204
    assert (await pair.delete(f"{door('two')}/containers/db?force=1")).status_code == 204
    assert set(await _endpoints(pair, "one")) == {"10.0.1.3"}
