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


async def test_an_event_leads_to_what_it_is_about_while_that_is_there(
    pods: httpx.AsyncClient,
) -> None:
    gone = (await pods.post("/v2/networks", json={"Name": "gone", "Type": "Private"})).json()["ID"]
    await pods.delete(f"/v2/networks/{gone}")
    page = (await pods.get("/ui/events")).text
    assert gone in page
    assert f"networks/{gone}" not in page
    shown = (await pods.get("/ui/events/json")).json()
    for kind, word in (
        ("NetworkCreate", "networks"),
        ("NamespaceCreate", "namespaces"),
        ("NetworkEndpointAttached", "endpoints"),
    ):
        there = {one["ID"] for one in (await pods.get(f"/v2/{word}")).json()}
        ids = {event["Data"]["ID"] for event in shown if event["Event"] == kind}
        assert ids & there, kind
        assert all(f'href="/hosts/default/ui/{word}/{known}"' in page for known in ids & there)


async def test_a_service_for_looking_changes_nothing_by_pages(
    client: httpx.AsyncClient, reading: httpx.AsyncClient
) -> None:
    assert (await client.post("/ui/requests", data={"action": "on"})).status_code == 303
    refused = await reading.post("/ui/requests", data={"action": "on"})
    assert refused.status_code == 403
    assert "HNSEMU_UI=read" in refused.text
