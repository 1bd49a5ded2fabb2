"""What takes long at the door keeps no other request waiting."""

import threading
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

import anyio
import httpx
import pytest
from anyio.lowlevel import checkpoint

from hnsemu.docker import door
from hnsemu.docker.schema import golang
from hnsemu.docker.services.containers import plugging
from hnsemu.docker.services.containers.processes import say
from hnsemu.docker.services.containers.queries import found
from hnsemu.docker.storage import containers, logs, networks
from hnsemu.storage.transaction import Hns, Transaction, writes

T = TypeVar("T")

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


@writes
def say_often(tx: Transaction, lines: int) -> None:
    say(tx, found(tx, "web"), ["word"] * lines)


async def command(client: httpx.AsyncClient, **members: object) -> str:
    """Make an exec in the container `web`, which runs, and return its id."""
    await client.post("/docker/images/create?fromImage=iis")
    wanted = {"Image": "iis", **members}
    await client.post("/docker/containers/create?name=web", json=wanted)
    assert (await client.post("/docker/containers/web/start")).status_code == 204
    answer = await client.post("/docker/containers/web/exec", json={"Cmd": ["whoami"]})
    return str(answer.json()["Id"])


@pytest.mark.parametrize(
    ("end", "status"), [(b"1]}", 200), (b"]}", 400), (b'"x"], "Detach": 1}', 400)]
)
async def test_what_lasts_reads_a_large_body_beside_the_event_loop(
    client: httpx.AsyncClient, threads: set[int], end: bytes, status: int
) -> None:
    exec_id = await command(client)
    threads.clear()
    body = b'{"other": [' + b"1," * 20_000 + end
    headers = {"Content-Type": "application/json"}
    answer = await client.post(f"/docker/exec/{exec_id}/start", content=body, headers=headers)
    assert answer.status_code == status
    assert threads
    assert threading.get_ident() not in threads


@pytest.mark.parametrize("call", ["start", "restart"])
async def test_a_container_with_many_ports_starts_beside_the_event_loop(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    await command(client, ExposedPorts={f"{number}/tcp": {} for number in range(1, 601)})
    await client.post("/docker/containers/web/stop")
    started: list[int] = []
    plug = plugging.plug

    def noted(*args: Any, **kwargs: Any) -> Any:
        started.append(threading.get_ident())
        return plug(*args, **kwargs)

    monkeypatch.setattr(plugging, "plug", noted)
    assert (await client.post(f"/docker/containers/web/{call}")).status_code == 204
    assert started
    assert threading.get_ident() not in started


async def test_a_long_log_lets_others_have_their_turn(client: httpx.AsyncClient, hns: Hns) -> None:
    await command(client)
    say_often(hns, 20 * logs.PAGE)
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await checkpoint()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(others)
        await checkpoint()
        turns = 0
        answer = await client.get("/docker/containers/web/logs?stdout=1")
        tasks.cancel_scope.cancel()
    assert len(answer.content.splitlines()) == 20 * logs.PAGE
    assert turns >= 20


async def test_only_the_first_call_waits_for_docker_to_be_loaded(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[object] = []

    async def noted(work: Callable[..., T], *args: object) -> T:
        loaded.append(work)
        return work(*args)

    monkeypatch.setattr(door, "run_sync", noted)
    for _ in range(3):
        assert (await client.get("/docker/_ping")).status_code == 200
    assert len(loaded) == 1
