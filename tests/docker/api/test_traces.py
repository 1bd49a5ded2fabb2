"""Packets of Docker's containers, which traces know by name."""

from collections.abc import Mapping
from typing import Any

import httpx

from hnsemu.errors import Hr

Json = dict[str, Any]


async def run(
    client: httpx.AsyncClient,
    name: str,
    networks: Mapping[str, Json] | None = None,
    **host_config: object,
) -> None:
    """Run a container. networks: with the settings of each, in their order."""
    await client.post("/docker/images/create?fromImage=iis")
    wanted: Json = {"Image": "iis", "HostConfig": host_config}
    if networks:
        wanted["HostConfig"] = {**host_config, "NetworkMode": next(iter(networks))}
        wanted["NetworkingConfig"] = {"EndpointsConfig": networks}
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


async def make_networks(client: httpx.AsyncClient, **subnets: str) -> None:
    """Create nat networks: name and subnet."""
    for name, subnet in subnets.items():
        gateway = subnet.replace(".0/24", ".1")
        pool = {"Subnet": subnet, "Gateway": gateway}
        wanted = {"Name": name, "Driver": "nat", "IPAM": {"Config": [pool]}}
        made = await client.post("/docker/networks/create", json=wanted)
        assert made.status_code == 201, made.text


async def address(client: httpx.AsyncClient, name: str, network: str) -> str:
    found = (await client.get(f"/docker/containers/{name}/json")).json()
    return str(found["NetworkSettings"]["Networks"][network]["IPAddress"])


async def send(
    client: httpx.AsyncClient, sender: Json, receiver: Json, **packet: object
) -> httpx.Response:
    """Trace a packet to port 80 of a receiver that is named."""
    wanted = {"From": sender, "To": receiver, "Packet": {"DestinationPort": 80, **packet}}
    return await client.post("/host/trace", json=wanted)


CLIENT: Json = {"Container": "client"}
WEB: Json = {"Container": "web"}


async def test_a_container_receives_by_its_name_and_its_id(client: httpx.AsyncClient) -> None:
    await run(client, "web")
    await run(client, "client")
    found = (await client.get("/docker/containers/web/json")).json()["Id"]
    for receiver in (WEB, {"Name": "web"}, {"Container": found}, {"Name": found[:12]}):
        answer = (await send(client, CLIENT, receiver)).json()
        assert answer["Verdict"] == "Delivered"
        assert answer["Packet"]["Destination"] == await address(client, "web", "nat")
        assert answer["DeliveredTo"]["Kind"] == "Endpoint"


async def test_every_kind_of_sender_reaches_a_container_by_name(client: httpx.AsyncClient) -> None:
    await run(client, "web")
    for receiver in (WEB, {"Name": "web"}):
        answer = (await send(client, {"Host": True}, receiver)).json()
        assert answer["Verdict"] == "Delivered"
        assert answer["Packet"]["Destination"] == await address(client, "web", "nat")


async def test_containers_meet_on_the_network_that_they_share(client: httpx.AsyncClient) -> None:
    await make_networks(client, front="10.70.0.0/24", back="10.71.0.0/24")
    await run(client, "web", {"front": {}, "back": {}})
    await run(client, "client", {"nat": {}, "back": {}})
    answer = (await send(client, CLIENT, WEB)).json()
    assert answer["Verdict"] == "Delivered"
    assert answer["Packet"]["Destination"] == await address(client, "web", "back")
    assert answer["Packet"]["Source"] == await address(client, "client", "back")


async def test_a_container_sends_from_the_network_of_the_destination(
    client: httpx.AsyncClient,
) -> None:
    await make_networks(client, back="10.71.0.0/24")
    await run(client, "web", {"back": {}})
    await run(client, "client", {"nat": {}, "back": {}})
    packet = {"Destination": await address(client, "web", "back"), "Protocol": "ICMP"}
    answer = await client.post("/host/trace", json={"From": CLIENT, "Packet": packet})
    assert answer.json()["Packet"]["Source"] == await address(client, "client", "back")


async def test_an_alias_means_what_the_name_server_of_the_sender_says(
    client: httpx.AsyncClient,
) -> None:
    await make_networks(client, back="10.71.0.0/24")
    await run(client, "web", {"back": {"Aliases": ["shop"]}})
    await run(client, "client", {"back": {}})
    await run(client, "other")
    answer = (await send(client, CLIENT, {"Name": "shop"})).json()
    assert answer["Packet"]["Destination"] == await address(client, "web", "back")
    assert (await send(client, {"Container": "other"}, {"Name": "shop"})).status_code == 404


async def test_a_name_of_several_containers_is_refused(client: httpx.AsyncClient) -> None:
    await make_networks(client, back="10.71.0.0/24")
    for name in ("blue", "green"):
        await run(client, name, {"back": {"Aliases": ["shop"]}})
    await run(client, "client", {"back": {}})
    refused = await send(client, CLIENT, {"Container": "shop"})
    assert refused.status_code == 400
    assert refused.json()["ErrorCode"] == Hr.TYPE_E_AMBIGUOUSNAME.hresult
    assert "blue, green" in refused.json()["Detail"]


async def test_a_part_of_an_id_that_several_containers_have_is_refused(
    client: httpx.AsyncClient,
) -> None:
    ids: list[str] = []
    while len({found[0] for found in ids}) == len(ids):
        await run(client, f"web-{len(ids)}")
        ids.append((await client.get(f"/docker/containers/web-{len(ids)}/json")).json()["Id"])
    shared = next(found[0] for found in ids if [other[0] for other in ids].count(found[0]) > 1)
    for sender, receiver in (({"Container": shared}, WEB), ({"Host": True}, {"Name": shared})):
        refused = await send(client, sender, receiver)
        assert refused.json()["ErrorCode"] == Hr.TYPE_E_AMBIGUOUSNAME.hresult, refused.text


async def test_from_outside_the_way_leads_through_the_published_port(
    client: httpx.AsyncClient,
) -> None:
    ports = {"80/tcp": [{"HostPort": "8080"}]}
    await client.post("/docker/images/create?fromImage=iis")
    wanted = {
        "Image": "iis",
        "ExposedPorts": {"80/tcp": {}},
        "HostConfig": {"PortBindings": ports},
    }
    await client.post("/docker/containers/create?name=web", json=wanted)
    assert (await client.post("/docker/containers/web/start")).status_code == 204
    answer = (await send(client, {"External": True}, WEB, Source="203.0.113.7")).json()
    assert answer["Verdict"] == "Delivered"
    published = next(step for step in answer["Steps"] if "published" in step["Text"])
    assert published["Changed"]["DestinationPort"] == ["8080", "80"]
    other = await send(client, {"External": True}, WEB, Source="203.0.113.7", DestinationPort=81)
    assert other.json()["Verdict"] == "Dropped"


async def test_a_receiver_is_named_or_addressed(client: httpx.AsyncClient) -> None:
    await run(client, "web")
    await run(client, "client")
    for receiver in ({}, {"Name": "web", "Container": "web"}):
        assert (await send(client, CLIENT, receiver)).status_code == 400
    assert (await send(client, CLIENT, WEB, Destination="10.0.0.1")).status_code == 400
    assert (await send(client, CLIENT, WEB, Source="fd00::5")).status_code == 400
    missing = await send(client, CLIENT, {"Name": "nobody"})
    assert (missing.status_code, "nobody" in missing.json()["Detail"]) == (404, True)
