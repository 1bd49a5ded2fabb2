"""/networks beside what was recorded: lists, ids, removal, and what HNS has of it."""

import json

import httpx
import pytest

SHIM = "com.docker.network.windowsshim."


async def _create(client: httpx.AsyncClient, **document: object) -> str:
    answer = await client.post("/docker/networks/create", json=document)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["Id"])


async def _of_hns(client: httpx.AsyncClient, name: str) -> dict[str, object]:
    networks = (await client.get("/v1/networks")).json()["Output"]
    return next(network for network in networks if network["Name"] == name)


async def test_a_network_of_docker_is_one_of_hns_under_its_id(client: httpx.AsyncClient) -> None:
    subnet = {"Subnet": "10.77.0.0/24", "Gateway": "10.77.0.1"}
    network_id = await _create(client, Name="front", IPAM={"Config": [subnet]})
    shown = (await client.get("/docker/networks/front")).json()
    found = await _of_hns(client, network_id)
    assert (found["Type"], shown["IPAM"]["Config"]) == ("nat", [subnet])
    assert shown["Options"] == {f"{SHIM}hnsid": found["ID"]}
    assert (await client.delete("/docker/networks/front")).status_code == 204
    assert network_id not in (await client.get("/v1/networks")).text


async def test_a_beginning_of_an_id_that_two_networks_have_is_ambiguous(
    client: httpx.AsyncClient,
) -> None:
    await client.get("/docker/networks")
    for number in range(20):
        await _create(client, Name=f"n{number}", ConfigOnly=True)
    ids = [network["Id"] for network in (await client.get("/docker/networks")).json()]
    first = next(one for one in ids if sum(two.startswith(one[0]) for two in ids) > 1)[0]
    number = sum(two.startswith(first) for two in ids)
    what = f"{number} matches found based on ID prefix"
    inspected = await client.get(f"/docker/networks/{first}")
    removed = await client.delete(f"/docker/networks/{first}")
    assert (inspected.status_code, removed.status_code) == (400, 400)
    assert inspected.json()["message"] == f"{what}: network {first} is ambiguous"
    assert removed.json()["message"] == f"network {first} is ambiguous ({what})"


@pytest.mark.parametrize(("scope", "status"), [("", 200), ("local", 200), ("swarm", 404)])
async def test_a_network_is_found_in_its_scope(
    client: httpx.AsyncClient, scope: str, status: int
) -> None:
    answer = await client.get("/docker/networks/nat", params={"scope": scope})
    assert answer.status_code == status


async def test_verbose_is_a_boolean_of_go(client: httpx.AsyncClient) -> None:
    answer = await client.get("/docker/networks/nat?verbose=yes")
    assert answer.status_code == 400
    assert answer.json()["message"] == (
        'invalid value for verbose: yes: strconv.ParseBool: parsing "yes": invalid syntax'
    )


async def test_filters_are_read_in_both_spellings(client: httpx.AsyncClient) -> None:
    for filters in ({"driver": ["nat"]}, {"driver": {"nat": True}}):
        answer = await client.get("/docker/networks", params={"filters": json.dumps(filters)})
        assert [network["Name"] for network in answer.json()] == ["nat"]


async def test_prune_removes_what_docker_made(client: httpx.AsyncClient) -> None:
    await _create(client, Name="old")
    await _create(client, Name="kept", Labels={"keep": ""})
    await _create(client, Name="conf", ConfigOnly=True)
    filters = json.dumps({"label!": ["keep"]})
    answer = await client.post("/docker/networks/prune", params={"filters": filters})
    assert answer.json() == {"NetworksDeleted": ["old"]}
    names = [network["Name"] for network in (await client.get("/docker/networks")).json()]
    assert names == ["none", "nat", "kept", "conf"]


async def test_two_moments_for_prune_are_refused(client: httpx.AsyncClient) -> None:
    filters = json.dumps({"until": ["1h", "2h"]})
    answer = await client.post("/docker/networks/prune", params={"filters": filters})
    assert (answer.status_code, answer.json()) == (
        400,
        {"message": "more than one until filter specified"},
    )


async def test_a_network_that_hns_lost_is_forgotten_although_its_removal_fails(
    client: httpx.AsyncClient,
) -> None:
    await _create(client, Name="lost")
    options = (await client.get("/docker/networks/lost")).json()["Options"]
    await client.delete(f"/v2/networks/{options[f'{SHIM}hnsid']}")
    first = await client.delete("/docker/networks/lost")
    assert first.status_code == 403
    assert first.json()["message"] == (
        "error while removing network: hns failed with error : The network was not found. "
    )
    assert (await client.delete("/docker/networks/lost")).status_code == 404
    await _create(client, Name="lost")


async def test_a_2016_daemon_forgives_that_hns_lost_a_network(client: httpx.AsyncClient) -> None:
    await client.put("/emulator/hosts/old", json={"release": "ws2016"})
    created = await client.post(
        "/hosts/old/docker/networks/create", json={"Name": "lan", "Driver": "transparent"}
    )
    assert created.status_code == 201, created.text
    options = (await client.get("/hosts/old/docker/networks/lan")).json()["Options"]
    await client.delete(f"/hosts/old/v1/networks/{options[f'{SHIM}hnsid']}")
    assert (await client.delete("/hosts/old/docker/networks/lan")).status_code == 204


async def test_a_network_of_hns_can_be_taken_by_its_id(client: httpx.AsyncClient) -> None:
    made = await client.post(
        "/v1/networks",
        json={"Name": "lan", "Type": "NAT", "Subnets": [{"AddressPrefix": "10.8.0.0/24"}]},
    )
    hns_id = made.json()["Output"]["ID"]
    await client.post("/v1/endpoints", json={"VirtualNetwork": hns_id})
    await client.get("/docker/networks/nat")
    options = {f"{SHIM}hnsid": hns_id}
    await _create(client, Name="taken", Options=options)
    assert (await client.get("/v1/endpoints")).json()["Output"] == []
    assert (await client.get("/docker/networks/taken")).json()["Options"] == options
