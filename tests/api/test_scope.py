"""`/hosts/{name}` is the whole service for that host."""

from urllib.parse import quote, unquote

import httpx
import pytest
from starlette.types import Scope

from hnsemu.api.examples import NETWORK, REQUESTS
from hnsemu.api.scope import address, host_of, path_of, segments_of
from hnsemu.schema.v2.networks import HostComputeNetwork

NODE = "/hosts/node-1"


@pytest.fixture
async def node(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a service with a second host."""
    created = await client.put("/emulator/hosts/node-1", json={})
    assert created.status_code == 201
    return client


async def test_hosts_do_not_share_objects(node: httpx.AsyncClient) -> None:
    created = await node.post(f"{NODE}/v2/networks", json=REQUESTS[HostComputeNetwork])
    assert created.status_code == 201
    assert created.headers["Location"] == f"{NODE}/v2/networks/{NETWORK}"
    assert (await node.get(created.headers["Location"])).status_code == 200
    assert (await node.get(f"/v2/networks/{NETWORK}")).status_code == 404


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/v2/networks", "default"),
        ("/hosts/default/v2/networks", "default"),
        (f"{NODE}/v1/networks/", "node-1"),
        (f"http://localhost/{NODE}/v1/networks/", "node-1"),
        (f"{NODE}/host", "node-1"),
        (f"{NODE}/emulator/hosts/default", "node-1"),
    ],
)
async def test_the_answer_names_the_host(node: httpx.AsyncClient, path: str, host: str) -> None:
    answer = await node.get(path)
    assert answer.status_code == 200
    assert answer.headers["Hns-Host"] == host


@pytest.mark.parametrize("api", ["/v2/networks", "/v2/endpoints", "/v1/networks/", "/host"])
@pytest.mark.parametrize("name", ["nobody", "No Body", "%0d%0aSet-Cookie: x=y", "%00", "ö"])
async def test_an_unknown_host_is_refused_by_name(
    lasting_client: httpx.AsyncClient, api: str, name: str
) -> None:
    answer = await lasting_client.get(f"/hosts/{name}{api}")
    assert answer.status_code == 404, answer.text
    assert "no host named" in answer.json()["Detail"]
    assert "set-cookie" not in answer.headers


async def test_a_refusal_of_an_unknown_host_names_some_that_exist(
    client: httpx.AsyncClient,
) -> None:
    for name in ("a", "b", "c"):
        await client.put(f"/emulator/hosts/{name}", json={})
    few = (await client.get("/hosts/nobody/v2/networks")).json()["Detail"]
    assert "no host named 'nobody', there are a, b, c" in few
    await client.delete("/emulator/hosts/a")
    assert ", there are b, c" in (await client.get("/hosts/nobody/v1/networks")).json()["Detail"]


@pytest.mark.parametrize("path", ["/hosts", "/hosts/", "/hosts/node-1", "/hosts//v2/networks"])
async def test_a_prefix_alone_is_no_path(node: httpx.AsyncClient, path: str) -> None:
    assert (await node.get(path)).status_code == 404


async def test_a_prefix_is_removed_once(node: httpx.AsyncClient) -> None:
    refused = await node.get(f"{NODE}{NODE}/v2/networks")
    assert refused.status_code == 404
    assert "take the address of the service" in refused.json()["Detail"]


async def test_a_link_is_no_other_address_behind_an_address_with_a_slash(
    node: httpx.AsyncClient,
) -> None:
    created = await node.post(
        f"http://localhost/{NODE}/v2/networks", json=REQUESTS[HostComputeNetwork]
    )
    assert created.headers["Location"] == f"{NODE}/v2/networks/{NETWORK}"


async def test_pages_of_a_host_stay_on_it(node: httpx.AsyncClient) -> None:
    created = await node.post(f"{NODE}/v2/networks", json=REQUESTS[HostComputeNetwork])
    assert created.status_code == 201
    page = await node.get(f"{NODE}/v2/networks", params={"limit": 1, "view": "ids"})
    following = await node.get(page.links["next"]["url"])
    assert page.json() != following.json() == [NETWORK]
    assert "next" not in following.links


@pytest.mark.parametrize(
    ("raw", "name", "path", "segments"),
    [
        ("/v2/networks/x", "default", "/v2/networks/x", ["v2", "networks", "x"]),
        ("/v2/networks/x%2fy", "default", "/v2/networks/x%2Fy", ["v2", "networks", "x/y"]),
        ("/hosts/a%2Fb/v2/x/", "a/b", "/v2/x", ["v2", "x"]),
        ("/hosts%2Fa/v2/x", "default", "/hosts%2Fa/v2/x", ["hosts/a", "v2", "x"]),
        ("/v2/x%252fy", "default", "/v2/x%2fy", ["v2", "x%2fy"]),
        # as Docker's daemon reads it
        ("/docker/images/a%2fb", "default", "/docker/images/a/b", ["docker", "images", "a", "b"]),
        ("/hosts/n/docker/a%2fb", "n", "/docker/a/b", ["docker", "a", "b"]),
    ],
)
def test_a_slash_that_is_escaped_belongs_to_its_segment(
    raw: str, name: str, path: str, segments: list[str]
) -> None:
    scope: Scope = {"path": unquote(raw), "raw_path": raw.encode()}
    assert address(scope) == quote(name).encode()
    assert (host_of(scope), path_of(scope), segments_of(scope)) == (name, path, segments)
