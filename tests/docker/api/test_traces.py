"""Packets of Docker's containers, which traces know by name."""

import httpx


async def run(client: httpx.AsyncClient, name: str, **host_config: object) -> None:
    """Run a container."""
    await client.post("/docker/images/create?fromImage=iis")
    wanted = {"Image": "iis", "HostConfig": host_config}
    created = await client.post(f"/docker/containers/create?name={name}", json=wanted)
    assert created.status_code == 201, created.text
    started = await client.post(f"/docker/containers/{name}/start")
    assert started.status_code == 204, started.text


async def trace(client: httpx.AsyncClient, container: str) -> httpx.Response:
    packet = {"Destination": "8.8.8.8", "Protocol": "ICMP"}
    return await client.post(
        "/host/trace", json={"From": {"Container": container}, "Packet": packet}
    )


async def test_a_container_sends_by_its_name(client: httpx.AsyncClient) -> None:
    await run(client, "web")
    found = (await client.get("/docker/containers/web/json")).json()
    answer = await trace(client, "web")
    assert answer.status_code == 200, answer.text
    address = found["NetworkSettings"]["Networks"]["nat"]["IPAddress"]
    assert address in answer.text
    assert (await trace(client, found["Id"])).json() == answer.json()


async def test_a_container_sends_through_the_network_that_it_shares(
    client: httpx.AsyncClient,
) -> None:
    await run(client, "web")
    await run(client, "side", NetworkMode="container:web")
    assert (await trace(client, "side")).json() == (await trace(client, "web")).json()


async def test_a_container_without_an_endpoint_cannot_send(client: httpx.AsyncClient) -> None:
    await run(client, "web")
    await client.post("/docker/containers/web/stop")
    for name in ("web", "nobody"):
        answer = await trace(client, name)
        assert (answer.status_code, name in answer.json()["Detail"]) == (404, True)
