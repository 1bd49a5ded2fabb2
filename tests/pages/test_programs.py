"""Docker and notifications as pages."""

import httpx


async def test_docker_is_empty_until_a_client_comes(client: httpx.AsyncClient) -> None:
    page = (await client.get("/ui/docker")).text
    assert "daemon has not started" in page
    assert "DOCKER_HOST=tcp://" in page


async def test_containers_and_networks_are_shown(client: httpx.AsyncClient) -> None:
    await client.post("/docker/images/create?fromImage=iis")
    created = await client.post("/docker/containers/create?name=web", json={"Image": "iis"})
    container = created.json()["Id"]
    await client.post(f"/docker/containers/{container}/start")
    page = (await client.get("/ui/docker")).text
    assert f'/ui/docker/{container}"' in page
    assert "172.16." in page
    assert "<bdi>web</bdi></h1>" in (await client.get("/ui/docker/web")).text
    assert (await client.get("/ui/docker/nobody")).status_code == 404


async def test_events_are_listed_newest_first(client: httpx.AsyncClient) -> None:
    for name in ("one", "two"):
        await client.post("/v2/networks", json={"Name": name, "Type": "Private"})
    page = (await client.get("/ui/events")).text
    numbers = [int(part.partition("<")[0]) for part in page.split('<td class="number">')[1:]]
    assert numbers == sorted(numbers, reverse=True)
    assert "NetworkCreate" in page


async def test_a_service_for_looking_changes_nothing_by_pages(
    client: httpx.AsyncClient, reading: httpx.AsyncClient
) -> None:
    assert (await client.post("/ui/requests", data={"action": "on"})).status_code == 303
    refused = await reading.post("/ui/requests", data={"action": "on"})
    assert refused.status_code == 403
    assert "HNSEMU_UI=read" in refused.text
