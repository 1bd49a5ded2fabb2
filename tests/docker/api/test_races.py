"""Clients that want one thing at once, and hosts that have things of the same name."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

RACERS = 8
Json = dict[str, Any]


async def create(http: httpx.AsyncClient, name: str, door: str = "/docker", **members: Any) -> int:
    """Create a container and return the status."""
    wanted = {"Image": "iis", **members}
    answer = await http.post(f"{door}/containers/create?name={name}", json=wanted)
    return answer.status_code


async def start(http: httpx.AsyncClient, name: str, door: str = "/docker") -> int:
    """Start a container and return the status."""
    return (await http.post(f"{door}/containers/{name}/start")).status_code


@pytest.fixture
async def docker(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host with an image and a network with a subnet."""
    await client.post("/docker/images/create?fromImage=iis")
    pool = {"Subnet": "10.70.0.0/24", "Gateway": "10.70.0.1"}
    network = {"Name": "shop", "Driver": "nat", "IPAM": {"Config": [pool]}}
    assert (await client.post("/docker/networks/create", json=network)).status_code == 201
    return client


async def test_one_of_many_gets_a_name(docker: httpx.AsyncClient) -> None:
    statuses = await asyncio.gather(*(create(docker, "web") for _ in range(RACERS)))
    assert Counter(statuses) == {201: 1, 409: RACERS - 1}
    assert len((await docker.get("/docker/containers/json?all=1")).json()) == 1


@pytest.mark.parametrize(
    "members",
    [
        {
            "ExposedPorts": {"80/tcp": {}},
            "HostConfig": {"PortBindings": {"80/tcp": [{"HostPort": "8080"}]}},
        },
        {
            "HostConfig": {"NetworkMode": "shop"},
            "NetworkingConfig": {
                "EndpointsConfig": {"shop": {"IPAMConfig": {"IPv4Address": "10.70.0.50"}}}
            },
        },
    ],
    ids=["port", "address"],
)
async def test_one_of_many_gets_a_port_or_an_address(
    docker: httpx.AsyncClient, members: Json
) -> None:
    for racer in range(RACERS):
        assert await create(docker, f"web-{racer}", **members) == 201
    statuses = await asyncio.gather(*(start(docker, f"web-{racer}") for racer in range(RACERS)))
    assert Counter(statuses) == {204: 1, 500: RACERS - 1}
    listed = (await docker.get("/docker/containers/json?all=1")).json()
    assert Counter(found["State"] for found in listed) == {"running": 1, "created": RACERS - 1}
    assert len((await docker.get("/v2/endpoints")).json()) == 1


async def test_many_starts_of_one_container_are_one(docker: httpx.AsyncClient) -> None:
    await create(docker, "web")
    statuses = await asyncio.gather(*(start(docker, "web") for _ in range(RACERS)))
    assert Counter(statuses) == {204: 1, 304: RACERS - 1}
    assert len((await docker.get("/v2/endpoints")).json()) == 1


async def test_hosts_keep_containers_of_the_same_name_apart(docker: httpx.AsyncClient) -> None:
    assert (await docker.put("/emulator/hosts/other")).status_code == 201
    other = "/hosts/other/docker"
    await docker.post(f"{other}/images/create?fromImage=iis")
    for door in ("/docker", other):
        assert await create(docker, "web", door) == 201
        assert await start(docker, "web", door) == 204
    assert (await docker.delete(f"{other}/containers/web?force=1")).status_code == 204
    assert (await docker.get(f"{other}/containers/web/json")).status_code == 404
    shown = (await docker.get("/docker/containers/web/json")).json()
    assert shown["State"]["Running"]
    assert (await docker.get(f"{other}/containers/{shown['Id']}/json")).status_code == 404
    assert (await docker.delete("/emulator/hosts/other")).status_code == 204
    assert len((await docker.get("/docker/containers/json")).json()) == 1


@pytest.mark.parametrize("end", ["stop", "kill", "remove"])
async def test_a_container_loses_the_network_that_it_shares(
    docker: httpx.AsyncClient, end: str
) -> None:
    shares: Json = {"HostConfig": {"NetworkMode": "container:web"}}
    assert await create(docker, "web") == 201
    assert await create(docker, "side", **shares) == 201
    assert await start(docker, "side") == 409  # the other one does not run yet
    assert [await start(docker, name) for name in ("web", "side")] == [204, 204]
    if end == "remove":
        ended = await docker.delete("/docker/containers/web?force=1")
    else:
        ended = await docker.post(f"/docker/containers/web/{end}")
    assert ended.status_code == 204
    assert (await docker.get("/v2/endpoints")).json() == []
    side = (await docker.get("/docker/containers/side/json")).json()
    assert side["State"]["Running"]
    packet = {"Destination": "8.8.8.8", "Protocol": "ICMP"}
    trace = await docker.post("/host/trace", json={"From": {"Container": "side"}, "Packet": packet})
    assert trace.status_code == 404
    assert (await docker.post("/docker/containers/side/restart")).status_code in {409, 500}
    side = (await docker.get("/docker/containers/side/json")).json()
    assert (side["State"]["Running"], bool(side["State"]["Error"])) == (False, True)
    assert (await docker.delete("/docker/containers/side")).status_code == 204
