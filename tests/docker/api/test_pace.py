"""What takes long at the door keeps no other request waiting."""

import threading
from collections.abc import AsyncIterator

import httpx
import pytest

from hnsemu.docker.schema import golang
from hnsemu.docker.storage import containers, networks

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The threads that read a body, all containers, or all networks."""
    seen: set[int] = set()
    for module, name in ((golang, "parse"), (containers, "listed"), (networks, "all_of")):
        work = getattr(module, name)

        def noted(*args: object, work: object = work) -> object:
            seen.add(threading.get_ident())
            assert callable(work)
            return work(*args)

        monkeypatch.setattr(module, name, noted)
    return seen


async def test_a_large_body_is_read_beside_the_event_loop(
    client: httpx.AsyncClient, threads: set[int]
) -> None:
    await client.get("/docker/info")
    threads.clear()
    body = b" " * 20_000 + b'{"Name": "web"}'
    headers = {"Content-Type": "application/json"}
    created = await client.post("/docker/networks/create", content=body, headers=headers)
    again = await client.post("/docker/networks/create", content=body, headers=headers)
    assert (created.status_code, again.status_code) == (201, 409)
    assert threading.get_ident() not in threads


async def test_a_small_body_is_read_in_the_event_loop(
    client: httpx.AsyncClient, threads: set[int]
) -> None:
    await client.get("/docker/info")
    threads.clear()
    await client.post("/docker/networks/create", json={"Name": "web"})
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("path", ["/docker/containers/json", "/docker/networks"])
async def test_a_list_is_read_beside_the_event_loop(
    client: httpx.AsyncClient, threads: set[int], path: str
) -> None:
    assert (await client.get(path)).status_code == 200
    assert threads
    assert threading.get_ident() not in threads


async def test_the_body_of_a_build_is_not_read(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        raise AssertionError
        yield b""

    answer = await client.post("/docker/build", content=endless())
    assert answer.status_code == 501
