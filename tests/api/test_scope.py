"""`/hosts/{name}` is the whole service for that host."""

import httpx
import pytest

from hnsemu.api.examples import NETWORK, REQUESTS
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
        (f"{NODE}/host", "node-1"),
    ],
)
async def test_the_answer_names_the_host(node: httpx.AsyncClient, path: str, host: str) -> None:
    answer = await node.get(path)
    assert answer.status_code == 200
    assert answer.headers["Hns-Host"] == host


@pytest.mark.parametrize("api", ["/v2/networks", "/v2/endpoints", "/v1/networks/", "/host"])
@pytest.mark.parametrize("name", ["nobody", "No Body", "%0d%0aSet-Cookie: x=y", "%00", "ö"])
async def test_an_unknown_host_is_refused_by_name(
    client: httpx.AsyncClient, api: str, name: str
) -> None:
    answer = await client.get(f"/hosts/{name}{api}")
    assert answer.status_code == 404, answer.text
    assert "no host named" in answer.json()["Detail"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/hosts", "/hosts/", "/hosts/node-1", "/hosts//v2/networks"])
async def test_a_prefix_alone_is_no_path(node: httpx.AsyncClient, path: str) -> None:
    assert (await node.get(path)).status_code == 404


async def test_a_prefix_is_removed_once(node: httpx.AsyncClient) -> None:
    assert (await node.get(f"{NODE}{NODE}/v2/networks")).status_code == 404


async def test_pages_of_a_host_stay_on_it(node: httpx.AsyncClient) -> None:
    created = await node.post(f"{NODE}/v2/networks", json=REQUESTS[HostComputeNetwork])
    assert created.status_code == 201
    page = await node.get(f"{NODE}/v2/networks", params={"limit": 1, "view": "ids"})
    following = await node.get(page.links["next"]["url"])
    assert page.json() != following.json() == [NETWORK]
    assert "next" not in following.links
