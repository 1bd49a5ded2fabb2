"""Refusals and members that `make conformance-docker` found to differ from the real dockerd."""

import httpx
import pytest

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


async def test_a_limit_that_is_no_number_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/docker/containers/json?limit=x")
    assert answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    assert answer.json()["message"] == 'strconv.Atoi: parsing "x": invalid syntax'


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
