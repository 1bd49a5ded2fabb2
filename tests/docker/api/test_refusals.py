"""Refusals and members that `make conformance-docker` found to differ from the real dockerd."""

import httpx
import pytest

from hnsemu.docker.domain.network_creation import NO_SWARM

CREATE = "/docker/containers/create"


@pytest.fixture
async def web(client: httpx.AsyncClient) -> str:
    """Make an image and two containers of it, and return the path of the first."""
    await client.post("/docker/images/create?fromImage=web&tag=latest")
    for name in ("c1", "c2"):
        document = {"Image": "web", "Cmd": ["serve.exe"]}
        assert (await client.post(f"{CREATE}?name={name}", json=document)).is_success
    return "/docker/containers/c1"


@pytest.mark.parametrize(
    ("call", "status", "message"),
    [
        ("c1/kill?signal=BAD", 400, "cannot kill container: c1: invalid signal: BAD"),
        (
            "gone/kill?signal=64",
            400,
            "cannot kill container: gone: the windows daemon does not support signal 64",
        ),
        ("gone/kill", 404, "cannot kill container: gone: No such container: gone"),
        (
            "c1/rename?name=a%20b",
            400,
            (
                "Error when allocating new name: Invalid container name (a b), "
                "only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"
            ),
        ),
    ],
)
async def test_a_refusal_says_what_was_tried(
    client: httpx.AsyncClient, web: str, call: str, status: int, message: str
) -> None:
    answer = await client.post(f"{web.removesuffix('c1')}{call}")
    expected = message.replace("(a b)", "(/a b)")
    assert (answer.status_code, answer.json()["message"]) == (status, expected)


async def test_a_stop_and_a_restart_say_what_failed(client: httpx.AsyncClient, web: str) -> None:
    await client.post(f"{web}/start")
    stop = await client.post(f"{web}/stop?signal=BAD")
    assert stop.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    assert stop.json()["message"] == "cannot stop container: c1: invalid signal: BAD"
    restart = await client.post(f"{web}/restart?signal=BAD")
    assert restart.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    assert restart.json()["message"] == "Cannot restart container c1: invalid signal: BAD"
    early = await client.post(f"{web}/stop?signal=BAD".replace("/docker", "/docker/v1.41"))
    assert early.status_code == httpx.codes.NO_CONTENT


async def test_a_restart_whose_start_fails_keeps_the_reason(
    client: httpx.AsyncClient, web: str
) -> None:
    document = {"Image": "web", "HostConfig": {"NetworkMode": "host"}}
    await client.post(f"{CREATE}?name=c3", json=document)
    answer = await client.post(f"{web.removesuffix('c1')}c3/restart")
    assert answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    assert answer.json()["message"] == "Cannot restart container c3: network host not found"
    found = (await client.get(f"{web.removesuffix('c1')}c3/json")).json()
    assert found["State"]["Error"] == "network host not found"


async def test_a_rename_to_a_taken_name_says_so(client: httpx.AsyncClient, web: str) -> None:
    answer = await client.post(f"{web}/rename?name=c2")
    assert answer.status_code == httpx.codes.CONFLICT
    assert answer.json()["message"].startswith("Error when allocating new name: Conflict. ")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "config cannot be empty in order to create a container"),
        (
            {"Image": 5},
            (
                "invalid JSON: json: cannot unmarshal number into Go struct field "
                "CreateRequest.Config.Image of type string"
            ),
        ),
        (
            {"Image": "web", "HostConfig": {"PortBindings": {"x/tcp": [{"HostPort": "80"}]}}},
            'invalid port specification: "x"',
        ),
        ({"Image": "web", "StopSignal": "BAD"}, "invalid signal: BAD"),
        (
            {"Image": "web", "HostConfig": {"ExtraHosts": ["db"]}},
            'bad format for add-host: "db"',
        ),
        (
            {"Image": "web", "HostConfig": {"ExtraHosts": ["db:x"]}},
            'invalid IP address in add-host: "x"',
        ),
    ],
)
async def test_a_container_that_cannot_be_is_refused(
    client: httpx.AsyncClient, document: object, message: str
) -> None:
    answer = await client.post(CREATE, json=document)
    assert (answer.status_code, answer.json()["message"]) == (400, message)


async def test_what_was_asked_for_in_vain_is_said(client: httpx.AsyncClient, web: str) -> None:
    limits = {"CpuCount": 1, "CpuPercent": 50}
    document = {"Image": "web", "WorkingDir": "C:/app/", "HostConfig": limits}
    created = (await client.post(f"{CREATE}?name=c3", json=document)).json()
    [warning] = created["Warnings"]
    assert warning.endswith("CPU percent discarded")
    shown = (await client.get(f"/docker/containers/{created['Id']}/json")).json()
    assert [shown["HostConfig"][member] for member in limits] == [1, 0]
    assert shown["Config"]["WorkingDir"] == "C:\\app"
    assert (await client.post(f"{web}/update", json=limits)).json() == {"Warnings": [warning]}

    logged = {"Image": "web", "HostConfig": {"LogConfig": {"Type": "journald"}}}
    refused = await client.post(CREATE, json=logged)
    assert (refused.status_code, refused.json()["message"]) == (
        400,
        "logger: no log driver named 'journald' is registered",
    )

    opened = {"Image": "web", "HostConfig": {"SecurityOpt": ["a=b"]}}
    await client.post(f"{CREATE}?name=c4", json=opened)
    refused = await client.post("/docker/containers/c4/start")
    assert (refused.status_code, refused.json()["message"]) == (
        500,
        "security option not supported: a",
    )
    assert (await client.get("/v2/endpoints")).json() == []
    assert (await client.get(f"{web}/changes")).json() is None
    await client.post(f"{web}/start")
    refused = await client.get(f"{web}/changes")
    assert refused.json()["message"] == "Windows does not support diff of a running container"


@pytest.mark.parametrize(
    ("limit", "fault"), [("x", "invalid syntax"), ("9" * 19, "value out of range")]
)
async def test_a_limit_that_is_no_number_is_refused(
    client: httpx.AsyncClient, limit: str, fault: str
) -> None:
    answer = await client.get(f"/docker/containers/json?limit={limit}")
    assert answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    assert answer.json()["message"] == f'strconv.Atoi: parsing "{limit}": {fault}'


async def test_bindings_that_nobody_named_are_null(client: httpx.AsyncClient, web: str) -> None:
    found = (await client.get(f"{web}/json")).json()
    assert found["HostConfig"]["PortBindings"] is None


async def test_a_container_has_names_on_a_network_before_it_runs(
    client: httpx.AsyncClient, web: str
) -> None:
    await client.post("/docker/networks/create", json={"Name": "n1", "Driver": "nat"})
    await client.post("/docker/networks/n1/connect", json={"Container": "c1"})
    found = (await client.get(f"{web}/json")).json()
    names = found["NetworkSettings"]["Networks"]["n1"]["DNSNames"]
    assert names == ["c1", found["Id"][:12]]


async def test_a_chosen_mac_address_shows_in_config(client: httpx.AsyncClient, web: str) -> None:
    endpoint = {"MacAddress": "00:15:5d:01:02:03"}
    document = {"Image": "web", "NetworkingConfig": {"EndpointsConfig": {"nat": endpoint}}}
    document["Cmd"] = ["serve.exe"]
    await client.post(f"{CREATE}?name=c3", json=document)
    found = (await client.get(web.replace("c1", "c3/json"))).json()
    assert found["Config"]["MacAddress"] == "00:15:5d:01:02:03"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "swarm"),
        ("GET", "swarm/unlockkey"),
        ("POST", "swarm/update?version=1"),
        ("POST", "swarm/unlock"),
        ("GET", "nodes"),
        ("GET", "services"),
        ("GET", "tasks"),
        ("GET", "secrets"),
        ("GET", "configs"),
    ],
)
async def test_a_host_in_no_swarm_says_so(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(method, f"/docker/v1.51/{path}", json={})
    assert (answer.status_code, answer.json()) == (503, {"message": NO_SWARM})


async def test_a_host_in_no_swarm_cannot_leave_one(client: httpx.AsyncClient) -> None:
    answer = await client.post("/docker/v1.51/swarm/leave")
    assert answer.json() == {"message": "This node is not part of a swarm"}
    assert answer.status_code == 503


async def test_overlay_networks_of_hns_are_not_shown(client: httpx.AsyncClient) -> None:
    subnet = {"AddressPrefix": "10.244.1.0/24", "GatewayAddress": "10.244.1.1",
              "Policies": [{"Type": "VSID", "VSID": 4096}]}  # fmt: skip
    wanted = {"Name": "vxlan0", "Type": "overlay", "Subnets": [subnet]}
    assert (await client.post("/v1/networks", json=wanted)).json()["Success"]
    for _ in range(2):
        shown = (await client.get("/docker/networks")).json()
        assert {network["Name"] for network in shown} == {"none", "nat"}
        assert (await client.post("/emulator/hosts/default/docker/restart")).status_code == 200
