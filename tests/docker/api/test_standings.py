"""A call goes by what is believed of its daemon, and begins again where that is not so."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from sqlalchemy import Connection

from hnsemu.storage.database import Database

NODE = "/hosts/node/docker"


@pytest.fixture
async def node(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client; there is a host whose daemon has answered once."""
    await client.put("/emulator/hosts/node")
    assert (await client.get(f"{NODE}/containers/json")).status_code == 200
    assert (await client.get(f"{NODE}/containers/json")).status_code == 200
    return client


async def test_a_call_of_a_known_daemon_is_one_transaction(
    node: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    def counted(kind: str) -> None:
        begin = getattr(Database, kind)

        @contextmanager
        def counting(database: Database, *args: object, **kwargs: object) -> Iterator[Connection]:
            begun.append(kind)
            with begin(database, *args, **kwargs) as connection:
                yield connection

        monkeypatch.setattr(Database, kind, counting)

    for kind in ("reading", "writing"):
        counted(kind)
    await node.post(f"{NODE}/images/create?fromImage=app")
    await node.post(f"{NODE}/containers/create?name=web", json={"Image": "app"})
    await node.post(f"{NODE}/containers/web/start")
    assert (await node.get(f"{NODE}/containers/web/json")).json()["State"]["Running"]
    assert begun == ["writing", "writing", "writing", "reading"]


async def test_a_host_that_is_gone_has_no_daemon(node: httpx.AsyncClient) -> None:
    await node.delete("/emulator/hosts/node")
    for path in ("_ping", "info", "containers/json", "v1.99/info"):
        answer = await node.get(f"{NODE}/{path}")
        assert answer.status_code == 404, path
        assert answer.json()["message"].startswith("no host named 'node'")


@pytest.mark.parametrize("path", ["containers/json", "_ping", "v1.44/containers/json"])
async def test_a_host_made_anew_has_another_daemon(node: httpx.AsyncClient, path: str) -> None:
    await node.delete("/emulator/hosts/node")
    await node.put("/emulator/hosts/node", json={"release": "ws2016"})
    answer = await node.get(f"{NODE}/{path}")
    assert answer.headers["Api-Version"] == "1.41"
    assert answer.status_code == (400 if path.startswith("v1.44") else 200)


async def test_a_host_that_is_reset_has_a_daemon_that_has_started(node: httpx.AsyncClient) -> None:
    await node.post("/emulator/hosts/node/reset")
    listed = (await node.get(f"{NODE}/networks")).json()
    assert sorted(network["Name"] for network in listed) == ["nat", "none"]
