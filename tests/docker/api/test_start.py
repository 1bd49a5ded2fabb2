"""Starts of the daemon on hosts that were changed behind its back, as the real one was recorded."""

from typing import Any

import httpx
import pytest

from tests.docker.recordings import normalised, recorded

SHIM = "com.docker.network.windowsshim."
HOST = "/hosts/node"
LINES = {line["label"]: line for line in recorded("start")}
AUTOMATIC = {"dauto", "x1", "Default Switch"}  # subnets that HNS chose

BEFORE = (
    ("aaa", "NAT", "10.1.0.0/16", "10.1.0.1", ""),
    ("Default Switch", "ICS", "172.30.0.0/20", "", ""),
    ("lb", "L2Bridge", "10.2.0.0/16", "10.2.0.1", "Ethernet"),
    ("tr", "Transparent", "", "", "Ethernet2"),
    ("prv", "Private", "", "", ""),
    ("int", "Internal", "10.3.0.0/16", "10.3.0.1", ""),
    ("AAA", "L2Tunnel", "10.4.0.0/16", "10.4.0.1", "Ethernet3"),
)


async def _hns_network(http: httpx.AsyncClient, *spec: str) -> str:
    name, kind, prefix, gateway, adapter = spec
    subnet = {"AddressPrefix": prefix, "GatewayAddress": gateway}
    document: dict[str, object] = {"Name": name, "Type": kind}
    if prefix:
        document["Subnets"] = [{key: value for key, value in subnet.items() if value}]
    if adapter:
        document["NetworkAdapterName"] = adapter
    answer = (await http.post(f"{HOST}/v1/networks", json=document)).json()
    assert answer["Success"], answer
    return str(answer["Output"]["ID"])


async def _create(http: httpx.AsyncClient, name: str, driver: str, **others: Any) -> None:
    document = {"Name": name, "Driver": driver, **others}
    answer = await http.post(f"{HOST}/docker/networks/create", json=document)
    assert answer.status_code == 201, answer.text


async def _lose(http: httpx.AsyncClient, name: str) -> None:
    options = (await http.get(f"{HOST}/docker/networks/{name}")).json()["Options"]
    await http.delete(f"{HOST}/v2/networks/{options[f'{SHIM}hnsid']}")


async def _restart(http: httpx.AsyncClient) -> None:
    answer = await http.post("/emulator/hosts/node/docker/restart")
    assert answer.status_code == 200, answer.text


async def _listed(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    return _comparable((await http.get(f"{HOST}/docker/networks")).json())


def _comparable(networks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    members = ("Name", "Driver", "Scope", "IPAM", "Options", "Labels", "EnableIPv6")
    shown = [
        {member: network[member] for member in members}
        for network in sorted(networks, key=lambda network: network["Name"])
    ]
    for network in shown:
        if network["Name"] in AUTOMATIC:
            network["IPAM"] = "automatic"
    return list(normalised(shown))


def _expected(label: str) -> list[dict[str, Any]]:
    return _comparable(LINES[label]["networks"])


def _subnet(prefix: str) -> dict[str, Any]:
    pool = {"Subnet": f"{prefix}.0/24", "Gateway": f"{prefix}.1"}
    return {"IPAM": {"Config": [pool]}}


@pytest.fixture
async def node(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host with the networks and endpoints that dockerd found."""
    adapters = [
        {"name": name, "address": f"10.127.{number}.5/24"}
        for number, name in enumerate(("Ethernet", "Ethernet2", "Ethernet3", "Ethernet4"))
    ]
    await client.put("/emulator/hosts/node", json={"adapters": adapters})
    (nat,) = (await client.get(f"{HOST}/v2/networks")).json()
    await client.delete(f"{HOST}/v2/networks/{nat['ID']}")
    ids = {spec[0]: await _hns_network(client, *spec) for spec in BEFORE}
    for name, network in (("e1", "aaa"), ("e2", "lb"), ("e3", "int")):
        document = {"Name": name, "VirtualNetwork": ids[network]}
        await client.post(f"{HOST}/v1/endpoints", json=document)
    return client


async def _endpoints(http: httpx.AsyncClient) -> list[str]:
    endpoints = (await http.get(f"{HOST}/v1/endpoints")).json()["Output"]
    return [endpoint["Name"] for endpoint in endpoints]


async def test_the_first_request_adopts_networks_and_leaves_endpoints(
    node: httpx.AsyncClient,
) -> None:
    assert await _listed(node) == _expected("A adopted")
    assert await _endpoints(node) == ["e1", "e2", "e3"]


async def test_a_start_adopts_networks_and_deletes_the_endpoints_on_them(
    node: httpx.AsyncClient,
) -> None:
    await _restart(node)
    assert await _listed(node) == _expected("A adopted")
    assert await _endpoints(node) == [name for name, _ in LINES["A endpoints left"]["endpoints"]]


async def test_a_daemon_lives_through_what_dockerd_lived_through(node: httpx.AsyncClient) -> None:
    await _restart(node)
    await _create(node, "dn", "nat", Labels={"a": "b"}, Options={"k": "v"}, **_subnet("10.60.0"))
    await _create(node, "dauto", "nat", Labels={"a": "b"})
    options = {f"{SHIM}interface": "Ethernet4"}
    await _create(node, "dl", "l2bridge", Options=options, **_subnet("10.61.0"))
    await _create(node, "kept", "nat", Labels={"x": "y"}, Options={"k": "v"}, **_subnet("10.62.0"))
    config = {"IPAM": {"Config": [{"Subnet": "10.63.0.0/24"}]}}
    await _create(node, "cfg", "", ConfigOnly=True, **config)
    assert await _listed(node) == _expected("B networks")

    await _hns_network(node, "late", "NAT", "10.64.0.0/16", "10.64.0.1", "")
    assert await _listed(node) == _expected("C after HNS network made behind Docker")
    await _lose(node, "dl")
    removal = await node.delete(f"{HOST}/docker/networks/dl")
    assert [removal.status_code, removal.json()] == LINES["C docker rm dl"]["r"]
    assert await _listed(node) == _expected("C after that")

    before = {network["Name"]: network["Id"] for network in await _raw(node)}
    await _lose(node, "dn")
    await _lose(node, "dauto")
    await _restart(node)
    assert await _listed(node) == _expected("D after restart")
    after = {network["Name"]: network["Id"] for network in await _raw(node)}
    assert {name for name in before if before[name] == after.get(name)} == {
        "AAA", "Default Switch", "dauto", "dn", "kept", "lb", "nat", "tr",
    }  # fmt: skip

    prune = await node.post(f"{HOST}/docker/networks/prune")
    assert set(prune.json()["NetworksDeleted"]) == set(LINES["E prune"]["r"][1]["NetworksDeleted"])
    assert await _listed(node) == _expected("E after prune")


async def _raw(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    return list((await http.get(f"{HOST}/docker/networks")).json())


async def test_a_daemon_without_any_network_of_hns_makes_its_own_again(
    client: httpx.AsyncClient,
) -> None:
    await client.put("/emulator/hosts/node", json={})
    await _hns_network(client, "late", "NAT", "10.64.0.0/16", "10.64.0.1", "")
    await _restart(client)
    await _create(client, "x1", "nat")
    for network in (await client.get(f"{HOST}/v2/networks")).json():
        await client.delete(f"{HOST}/v2/networks/{network['ID']}")
    await _restart(client)
    expected = _expected("H no HNS networks")
    found = await _listed(client)
    for networks in (expected, found):
        nat = next(network for network in networks if network["Name"] == "nat")
        nat["IPAM"] = "automatic"
    assert found == expected
    names = {network["Name"] for network in (await client.get(f"{HOST}/v2/networks")).json()}
    ids = {network["Id"] for network in await _raw(client) if network["Name"] in {"late", "x1"}}
    assert names == {"nat", *ids}


@pytest.mark.parametrize(
    ("settings", "label"),
    [
        ({"docker_bridge": "none"}, "G no HNS networks, bridge none"),
        ({"docker_fixed_cidr": "10.70.0.0/16"}, "I fixed-cidr"),
    ],
)
async def test_a_daemon_goes_by_its_settings(
    client: httpx.AsyncClient, settings: dict[str, str], label: str
) -> None:
    made = await client.put("/emulator/hosts/node", json=settings)
    assert settings.items() <= made.json().items()
    if "bridge" in label:  # dockerd found a network that it called nat, and then lost it
        await _hns_network(client, *BEFORE[0])
    await _hns_network(client, "late", "NAT", "10.64.0.0/16", "10.64.0.1", "")
    await _restart(client)
    if "bridge" not in label:
        await _create(client, "x1", "nat")
    for network in (await client.get(f"{HOST}/v2/networks")).json():
        await client.delete(f"{HOST}/v2/networks/{network['ID']}")
    await _restart(client)
    assert await _listed(client) == _expected(label)


async def test_a_host_without_a_bridge_has_no_network_for_containers(
    client: httpx.AsyncClient,
) -> None:
    await client.put("/emulator/hosts/node", json={"docker_bridge": "none"})
    assert [network["Name"] for network in await _raw(client)] == ["none"]
    await client.post(f"{HOST}/docker/images/create?fromImage=iis")
    await client.post(f"{HOST}/docker/containers/create?name=web", json={"Image": "iis"})
    started = await client.post(f"{HOST}/docker/containers/web/start")
    assert (started.status_code, started.json()["message"]) == (404, "network nat not found")


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ("docker_bridge", "docker0"),
        ("docker_fixed_cidr", "10.70.0.5/16"),
        ("docker_fixed_cidr", "10.70.0.0/31"),
        ("docker_fixed_cidr", "fd00::/64"),
        ("docker_fixed_cidr", "all"),
    ],
)
async def test_settings_that_no_daemon_on_windows_has_are_refused(
    client: httpx.AsyncClient, setting: str, text: str
) -> None:
    made = await client.put("/emulator/hosts/node", json={setting: text})
    assert made.status_code == 400
    assert f"{setting}: {text!r}" in made.json()["Detail"]


async def test_a_host_starts_its_daemon_when_its_definition_says_so(
    client: httpx.AsyncClient,
) -> None:
    made = await client.put("/emulator/hosts/node", json={"docker": True})
    assert made.json()["docker"] is True
    (nat,) = (await client.get(f"{HOST}/v1/networks")).json()["Output"]
    await client.post(f"{HOST}/v1/endpoints", json={"VirtualNetwork": nat["ID"]})
    await client.get(f"{HOST}/docker/networks")
    assert len(await _endpoints(client)) == 1
    again = await client.put("/emulator/hosts/node", json={"docker": False})
    assert again.status_code == 409
    assert "docker" in again.json()["Detail"]


@pytest.mark.parametrize("event", ["restart", "reboot"])
async def test_a_daemon_that_ran_starts_with_the_host(
    client: httpx.AsyncClient, event: str
) -> None:
    await client.put("/emulator/hosts/node", json={})
    none = (await client.get(f"{HOST}/docker/networks/none")).json()["Id"]
    await client.post(f"{HOST}/v1/endpoints", json={"VirtualNetworkName": "nat"})
    await client.post(f"/emulator/hosts/node/{event}")
    assert (await client.get(f"{HOST}/docker/networks/none")).json()["Id"] != none
    assert await _endpoints(client) == []


async def test_a_reboot_makes_networks_of_docker_again_under_their_ids(
    client: httpx.AsyncClient,
) -> None:
    await client.put("/emulator/hosts/node", json={})
    await _create(client, "web", "nat", **_subnet("10.60.0"))
    before = {network["Name"]: network for network in await _raw(client)}
    await client.post("/emulator/hosts/node/reboot")
    after = {network["Name"]: network for network in await _raw(client)}
    assert before["web"]["Id"] == after["web"]["Id"]
    assert before["web"]["Options"] != after["web"]["Options"]
    assert before["nat"]["Id"] != after["nat"]["Id"]
    assert f"{SHIM}hnsowned" not in after["nat"]["Options"]


async def test_an_unknown_host_has_no_daemon_to_restart(client: httpx.AsyncClient) -> None:
    answer = await client.post("/emulator/hosts/nobody/docker/restart")
    assert answer.status_code == 404
    assert "no host named 'nobody'" in answer.json()["Detail"]


async def _run(http: httpx.AsyncClient, name: str, policy: str, **config: Any) -> str:
    document = {
        "Image": "web",
        "ExposedPorts": {"80/tcp": {}},
        "HostConfig": {"RestartPolicy": {"Name": policy}, **config},
    }
    created = await http.post(f"{HOST}/docker/containers/create?name={name}", json=document)
    assert created.status_code == 201, created.text
    started = await http.post(f"{HOST}/docker/containers/{name}/start")
    assert started.status_code == 204, started.text
    return str(created.json()["Id"])


async def test_restart_policies_apply_when_the_daemon_starts(client: httpx.AsyncClient) -> None:
    await client.put("/emulator/hosts/node", json={})
    await client.post(f"{HOST}/docker/images/create?fromImage=web&tag=latest")
    for name, policy in (
        ("always", "always"),
        ("failed", "on-failure"),
        ("stopped", "unless-stopped"),
        ("plain", "no"),
    ):
        await _run(client, name, policy)
    await _run(client, "gone", "no", AutoRemove=True)
    await client.post(f"{HOST}/docker/containers/stopped/stop")
    before = (await client.get(f"{HOST}/docker/containers/always/json")).json()
    await _restart(client)
    shown = {}
    for name in ("always", "failed", "stopped", "plain"):
        state = (await client.get(f"{HOST}/docker/containers/{name}/json")).json()["State"]
        shown[name] = (state["Status"], state["ExitCode"])
    assert shown == {
        "always": ("running", 0),
        "failed": ("running", 0),
        "stopped": ("exited", 3221225786),
        "plain": ("exited", 255),
    }
    assert (await client.get(f"{HOST}/docker/containers/gone/json")).status_code == 404
    after = (await client.get(f"{HOST}/docker/containers/always/json")).json()
    networks = [inspect["NetworkSettings"]["Networks"]["nat"] for inspect in (before, after)]
    assert networks[0]["EndpointID"] != networks[1]["EndpointID"]
    endpoints = (await client.get(f"{HOST}/v1/endpoints")).json()["Output"]
    assert len(endpoints) == 2
    listed = (await client.get(f"{HOST}/docker/containers/json?all=1")).json()
    plain = next(container for container in listed if container["Names"] == ["/plain"])
    assert [(port["PrivatePort"], port["Type"]) for port in plain["Ports"]] == [(80, "tcp")]


async def test_running_containers_are_on_their_network(client: httpx.AsyncClient) -> None:
    await client.put("/emulator/hosts/node", json={})
    await client.post(f"{HOST}/docker/images/create?fromImage=web&tag=latest")
    await _create(client, "web", "nat", **_subnet("10.60.0"))
    container = await _run(client, "one", "no", NetworkMode="web")
    shown = (await client.get(f"{HOST}/docker/networks/web")).json()["Containers"][container]
    assert shown["Name"] == "one"
    assert shown["IPv4Address"].startswith("10.60.0.")
    assert shown["IPv6Address"] == ""
    in_use = await client.delete(f"{HOST}/docker/networks/web")
    assert in_use.status_code == 403
    assert in_use.json()["message"] == (
        "error while removing network: network web has active endpoints "
        f'(name:"one" id:"{shown["EndpointID"][:12]}")'
    )
    pruned = await client.post(f"{HOST}/docker/networks/prune")
    assert pruned.json() == {"NetworksDeleted": None}
