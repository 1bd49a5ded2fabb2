"""What the daemon says of itself, and what it does not have."""

from typing import Any

import httpx
import pytest

from tests.docker.recordings import recorded

RECORDED = {line["label"]: line["reply"] for line in recorded("raw")}

# Members of /info that are another machine's, or another moment's.
OF_THE_MACHINE = {
    "Debug": "the recorder ran dockerd with -D",
    "ID": "each daemon has its own",
    "Images": "the recorder had three",
    "MemTotal": "of the machine",
    "NGoroutines": "of the moment",
    "Name": "of the machine",
    "OperatingSystem": "the recorder's registry named a later update",
    "SystemTime": "of the moment",
    "Warnings": "about TCP without TLS, with the recorder's address",
}


async def test_info_is_that_of_dockerd(client: httpx.AsyncClient) -> None:
    found = (await client.get("/docker/info")).json()
    expected = RECORDED["info"]
    assert list(found) == list(expected)
    differing = {name for name in expected if found[name] != expected[name]}
    assert differing == set(OF_THE_MACHINE)


async def test_the_version_is_that_of_dockerd(client: httpx.AsyncClient) -> None:
    assert (await client.get("/docker/version")).json() == RECORDED["version"]


@pytest.mark.parametrize(
    ("definition", "system", "isolation"),
    [
        (
            {"release": "ws2016"},
            "Microsoft Windows Server Version 1607 (OS Build 14393.0)",
            "process",
        ),
        (
            {"release": "ws2022"},
            "Microsoft Windows Server Version 21H2 (OS Build 20348.1)",
            "process",
        ),
        ({"release": "win11"}, "Microsoft Windows Version 22H2 (OS Build 22621.1)", "hyperv"),
        ({"release": "win10-22h2"}, "Microsoft Windows Version 22H2 (OS Build 19045.1)", "hyperv"),
        ({"build": 26200}, "Microsoft Windows Server Version 24H2 (OS Build 26200.1)", "process"),
    ],
)
async def test_info_follows_the_release_of_the_host(
    client: httpx.AsyncClient, definition: dict[str, Any], system: str, isolation: str
) -> None:
    await client.put("/emulator/hosts/node", json=definition)
    found = (await client.get("/hosts/node/docker/info")).json()
    assert (found["OperatingSystem"], found["Isolation"]) == (system, isolation)


async def test_an_old_host_has_the_members_of_its_daemon(client: httpx.AsyncClient) -> None:
    await client.put("/emulator/hosts/node", json={"release": "ws2016"})
    docker = "/hosts/node/docker"
    await client.post(f"{docker}/images/create?fromImage=web")
    await client.post(f"{docker}/containers/create?name=c1", json={"Image": "web"})
    shown = (await client.get(f"{docker}/containers/c1/json")).json()
    assert not {"DNSNames", "GwPriority"} & shown["NetworkSettings"]["Networks"]["nat"].keys()
    assert shown["HostConfig"]["KernelMemory"] == 0
    listed = (await client.get(f"{docker}/system/df")).json()
    assert not {"DNSNames"} & listed["Containers"][0]["NetworkSettings"]["Networks"]["nat"].keys()
    assert [image["VirtualSize"] for image in listed["Images"]] == [0]
    image = (await client.get(f"{docker}/images/web/json")).json()
    assert (image["Config"]["Hostname"], image["ContainerConfig"]["Image"]) == ("", "")
    assert "EnableIPv4" not in (await client.get(f"{docker}/networks/nat")).json()
    info = (await client.get(f"{docker}/info")).json()
    assert (info["BridgeNfIptables"], info["KernelMemory"]) == (False, False)
    assert info["RegistryConfig"]["AllowNondistributableArtifactsCIDRs"] == []


async def test_nothing_takes_room(client: httpx.AsyncClient) -> None:
    await client.post("/docker/volumes/create", json={"Name": "data"})
    used = (await client.get("/docker/system/df")).json()
    assert (used["LayersSize"], used["Images"], used["BuildCache"]) == (0, [], [])
    assert [volume["Name"] for volume in used["Volumes"]] == ["data"]
    images = (await client.get("/docker/system/df?type=image")).json()
    assert (images["Images"], images["Volumes"]) == ([], None)
    bad = await client.get("/docker/system/df?type=x")
    assert (bad.status_code, bad.json()) == (400, {"message": "unknown object type: x"})


async def test_a_container_is_measured_when_it_is_asked_for(client: httpx.AsyncClient) -> None:
    await client.post("/docker/images/create?fromImage=contoso/app")
    await client.post("/docker/containers/create?name=web", json={"Image": "contoso/app"})
    shown = (await client.get("/docker/containers/web/json")).json()
    assert "SizeRw" not in shown
    measured = (await client.get("/docker/containers/web/json?size=1")).json()
    assert measured == shown | {"SizeRw": 0, "SizeRootFs": 0}


async def test_any_credentials_log_in(client: httpx.AsyncClient) -> None:
    answer = await client.post("/docker/auth", json={"username": "u", "password": "p"})
    assert answer.json() == {"Status": "Login Succeeded", "IdentityToken": ""}


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/swarm", 503, "This node is not a swarm manager."),
        ("GET", "/nodes", 503, "This node is not a swarm manager."),
        ("POST", "/services/create", 503, "This node is not a swarm manager."),
        ("DELETE", "/secrets/x", 503, "This node is not a swarm manager."),
        ("GET", "/tasks/x/logs", 503, "This node is not a swarm manager."),
        ("POST", "/swarm/leave", 503, "This node is not part of a swarm"),
        ("GET", "/plugins", 500, "plugins are not supported on this platform"),
        ("GET", "/plugins/a/b/json", 500, "plugins are not supported on this platform"),
        ("POST", "/build?t=x", 501, "the Docker of hnsemu does not have builds"),
        ("PUT", "/volumes/x", 503, "volume update only valid for cluster volumes, but swarm is "),
        ("GET", "/containers/x/checkpoints", 501, "This experimental feature is disabled"),
        ("GET", "/containers/x/attach/ws", 404, "No such container: x"),
    ],
)
async def test_what_is_not_there_is_refused_at_once(
    client: httpx.AsyncClient, method: str, path: str, status: int, message: str
) -> None:
    answer = await client.request(method, f"/docker{path}")
    assert answer.status_code == status
    assert answer.json()["message"].startswith(message)


async def test_a_cache_of_builds_is_empty(client: httpx.AsyncClient) -> None:
    answer = await client.post("/docker/build/prune")
    assert answer.json() == {"CachesDeleted": None, "SpaceReclaimed": 0}
    assert (await client.post("/docker/build/cancel")).status_code == 204
