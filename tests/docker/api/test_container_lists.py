"""A list without filters shows what is stored of containers, one with filters what is rendered."""

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from hnsemu.docker.storage.tables import docker_containers
from hnsemu.storage.transaction import Hns, Transaction, writes

ALL = json.dumps({"is-task": ["false"]})  # a filter that lets every container pass

WEB = {
    "Image": "web",
    "ExposedPorts": {"80/tcp": {}, "81/tcp": {}},
    "Labels": {"tier": "front"},
    "HostConfig": {"PortBindings": {"80/tcp": [{"HostPort": "8080"}]}},
}
LAN = {"Name": "lan", "Driver": "nat", "IPAM": {"Config": [{"Subnet": "10.9.0.0/24"}]}}
STEPS = (
    ("POST", "/containers/c1/start"),
    ("POST", "/networks/lan/connect"),
    ("POST", "/containers/c1/rename?name=c2"),
    ("POST", "/networks/nat/disconnect"),
    ("POST", "/containers/c2/update"),
    ("POST", "/containers/c2/restart"),
    ("POST", "/containers/c2/kill"),
    ("POST", "/containers/c2/start"),
    ("POST", "/containers/c2/stop"),
)
BODIES: dict[str, dict[str, Any]] = {
    "/networks/lan/connect": {"Container": "c1"},
    "/networks/nat/disconnect": {"Container": "c2"},
    "/containers/c2/update": {"RestartPolicy": {"Name": "always"}},
}


@writes
def forget_summaries(tx: Transaction) -> None:
    of_host = docker_containers.c.host_key == tx.host.key
    tx.connection.execute(update(docker_containers).where(of_host).values(summary=""))


async def _send(client: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, f"/docker{path}", json=BODIES.get(path))
    assert answer.status_code < 300, answer.text


async def _listed(client: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    answer = await client.get("/docker/containers/json", params=query)
    listed: list[dict[str, Any]] = answer.json()
    return [{**container, "Status": container["Status"].split()[0]} for container in listed]


@pytest.fixture
async def host(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A host with a container c1 and a network lan."""
    await _send(client, "POST", "/images/create?fromImage=web&tag=latest")
    answer = await client.post("/docker/networks/create", json=LAN)
    assert answer.status_code == 201, answer.text
    answer = await client.post("/docker/containers/create?name=c1", json=WEB)
    assert answer.status_code == 201, answer.text
    return client


async def test_what_is_stored_of_a_container_is_what_it_is(host: httpx.AsyncClient) -> None:
    for method, path in (*STEPS, ("DELETE", "/containers/c2")):
        stored = await _listed(host, all="1")
        assert stored == await _listed(host, all="1", filters=ALL), path
        await _send(host, method, path)
    assert await _listed(host, all="1") == []


async def test_a_container_of_an_older_version_is_rendered(
    host: httpx.AsyncClient, hns: Hns
) -> None:
    stored = await _listed(host, all="1")
    forget_summaries(hns)
    assert await _listed(host, all="1") == stored


@pytest.mark.parametrize("query", [{}, {"filters": ALL}])
async def test_an_image_that_lost_its_name_is_shown_by_its_id(
    host: httpx.AsyncClient, query: dict[str, str]
) -> None:
    [before] = await _listed(host, all="1", **query)
    assert before["Image"] == "web"
    await _send(host, "POST", "/images/web/tag?repo=kept")
    await _send(host, "DELETE", "/images/web")
    [after] = await _listed(host, all="1", **query)
    assert after == {**before, "Image": before["ImageID"]}
    shown = (await host.get("/docker/containers/c1/json")).json()
    assert shown["Config"]["Image"] == "web"


async def test_a_list_without_filters_shows_those_that_run_or_the_newest(
    host: httpx.AsyncClient,
) -> None:
    for name in ("c3", "c4"):
        await host.post(f"/docker/containers/create?name={name}", json={"Image": "web"})
    await _send(host, "POST", "/containers/c3/start")

    async def names(**query: str) -> list[str]:
        return [name for container in await _listed(host, **query) for name in container["Names"]]

    assert await names() == ["/c3"]
    assert await names(limit="2") == ["/c4", "/c3"]
    assert await names(all="1") == ["/c4", "/c3", "/c1"]
