"""What every call of Docker's API shares: paths, versions, headers, refusals."""

import httpx
import pytest

HEADERS = {
    "Api-Version": "1.51",
    "Docker-Experimental": "false",
    "Ostype": "windows",
    "Server": "Docker/28.5.2 (windows)",
}


@pytest.mark.parametrize("path", ["/docker/_ping", "/docker/v1.24/_ping", "/docker/v1.51/_ping"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_ping_says_which_api_is_spoken(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.text) == (200, "OK" if method == "GET" else "")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache, no-store, must-revalidate"
    assert {name: answer.headers.get_list(name) for name in HEADERS} == {
        name: [value] for name, value in HEADERS.items()
    }


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/docker/v1.51/nope", 404, "page not found"),
        ("/docker", 404, "page not found"),
        ("/docker/containers", 404, "page not found"),
        ("/docker/v1.51/networks/nope", 404, "network nope not found"),
        (
            "/docker/v1.99/networks",
            400,
            "client version 1.99 is too new. Maximum supported API version is 1.51",
        ),
    ],
)
async def test_a_refusal_is_a_message(
    client: httpx.AsyncClient, path: str, status: int, message: str
) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()) == (status, {"message": message})
    assert answer.headers["Api-Version"] == "1.51"


async def test_an_ancient_client_is_refused_in_plain_text(client: httpx.AsyncClient) -> None:
    answer = await client.get("/docker/v1.23/networks")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text == (
        "client version 1.23 is too old. Minimum supported API version is 1.24, "
        "please upgrade your client to a newer version\n"
    )


async def test_a_method_that_a_path_does_not_have_is_no_page(client: httpx.AsyncClient) -> None:
    answer = await client.put("/docker/v1.51/networks")
    assert (answer.status_code, answer.json()) == (404, {"message": "page not found"})


async def test_an_unknown_host_is_refused_in_dockers_shape(client: httpx.AsyncClient) -> None:
    answer = await client.get("/hosts/nobody/docker/networks")
    assert answer.status_code == 404
    assert answer.json()["message"].startswith("no host named 'nobody'")


async def test_each_host_has_a_daemon_of_its_own(client: httpx.AsyncClient) -> None:
    await client.put("/emulator/hosts/second", json={})
    ids = [
        (await client.get(f"{prefix}/docker/info")).json()["ID"] for prefix in ("", "/hosts/second")
    ]
    assert len(set(ids)) == 2


@pytest.mark.parametrize(
    ("release", "server", "api"),
    [("ws2016", "20.10.27", "1.41"), ("ws1803", "20.10.27", "1.41"), ("ws2019", "28.5.2", "1.51")],
)
async def test_a_host_runs_the_last_daemon_of_its_release(
    client: httpx.AsyncClient, release: str, server: str, api: str
) -> None:
    await client.put("/emulator/hosts/old", json={"release": release})
    answer = await client.get("/hosts/old/docker/version")
    assert (answer.json()["Version"], answer.headers["Api-Version"]) == (server, api)
    assert answer.json()["MinAPIVersion"] == "1.24"


async def test_a_host_that_nobody_drives_by_docker_has_no_network_of_dockers(
    client: httpx.AsyncClient,
) -> None:
    (before,) = (await client.get("/v2/networks")).json()
    await client.delete(f"/v2/networks/{before['ID']}")
    await client.get("/docker/_ping")
    await client.get("/docker/version")
    assert (await client.get("/v2/networks")).json() == []


async def test_the_first_call_starts_the_daemon_which_adopts_nat(
    client: httpx.AsyncClient,
) -> None:
    (of_hns,) = (await client.get("/v1/networks")).json()["Output"]
    networks = (await client.get("/docker/networks")).json()
    assert [(network["Name"], network["Driver"]) for network in networks] == [
        ("none", "null"),
        ("nat", "nat"),
    ]
    assert networks[1]["Options"] == {
        "com.docker.network.windowsshim.hnsid": of_hns["ID"],
        "com.docker.network.windowsshim.hnsowned": "true",
        "com.docker.network.windowsshim.networkname": "nat",
    }
    assert (await client.get("/docker/networks")).json() == networks


async def test_the_daemon_makes_nat_where_hns_has_none(client: httpx.AsyncClient) -> None:
    (network,) = (await client.get("/v2/networks")).json()
    await client.delete(f"/v2/networks/{network['ID']}")
    options = (await client.get("/docker/networks/nat")).json()["Options"]
    (of_hns,) = (await client.get("/v1/networks")).json()["Output"]
    assert (of_hns["Name"], of_hns["Type"]) == ("nat", "nat")
    assert options == {
        "com.docker.network.windowsshim.hnsid": of_hns["ID"],
        "com.docker.network.windowsshim.networkname": "nat",
    }


async def test_a_reset_takes_dockers_networks_away(client: httpx.AsyncClient) -> None:
    before = (await client.get("/docker/networks/none")).json()["Id"]
    await client.post("/emulator/hosts/default/reset")
    assert (await client.get("/docker/networks/none")).json()["Id"] != before


async def test_a_change_of_the_journal_before_a_call_is_no_failure(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    await client.get("/docker/_ping")
    for calls, path in enumerate(("/docker/_ping", "/docker/nope", "/v2/nope"), 10):
        changed = await client.put("/emulator/hosts/default/journal", json={"calls": calls})
        assert changed.status_code == 200
        await client.get(path)
    assert [entry.getMessage() for entry in caplog.records if entry.levelname == "ERROR"] == []
