"""Nothing happens behind an answer: what its client asks next finds all that the call has done.

A look is taken when the end of an answer is sent, and again when the service is done with the
request. A slow or busy machine lets a client's next call come in between.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import Counter
from starlette.types import Message, Receive, Scope, Send

from hnsemu.api import entrance, recorder
from hnsemu.api.deps import Service
from hnsemu.metrics import REQUESTS
from tests.api.calls import AFTER, REFUSED, WORKING, WORLD, Call
from tests.conftest import DATABASES

pytestmark = pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)

DOOR = "/docker"
_FOR_A_LONG_TIME = 3600

# What a client of Docker does with a container, from its image to its end.
DOCKER = (
    Call("POST", f"{DOOR}/images/create?fromImage=iis", 200),
    Call("POST", f"{DOOR}/networks/create", 201, {"Name": "front", "Driver": "nat"}),
    Call("POST", f"{DOOR}/volumes/create", 201, {"Name": "data"}),
    Call("POST", f"{DOOR}/containers/create?name=web", 201, {"Image": "iis", "OpenStdin": True}),
    Call("POST", f"{DOOR}/containers/web/start", 204),
    Call("GET", f"{DOOR}/containers/web/json", 200),
    Call("GET", f"{DOOR}/containers/web/logs?stdout=1", 200),
    Call("GET", f"{DOOR}/containers/web/stats?stream=0", 200),
    Call("POST", f"{DOOR}/containers/web/rename?name=shop", 204),
    Call("POST", f"{DOOR}/networks/front/connect", 200, {"Container": "shop"}),
    Call("POST", f"{DOOR}/networks/front/disconnect", 200, {"Container": "shop"}),
    Call("POST", f"{DOOR}/containers/shop/restart", 204),
    Call("POST", f"{DOOR}/containers/shop/stop", 204),
    Call("POST", f"{DOOR}/containers/shop/wait", 200),
    Call("DELETE", f"{DOOR}/containers/shop", 204),
    Call("DELETE", f"{DOOR}/networks/front", 204),
    Call("GET", f"{DOOR}/events?since=1&until=2", 200),
)


class Watched:
    """The application, and what it did behind the answers."""

    def __init__(self, app: FastAPI, path: str) -> None:
        """Look at the database in the file at `path`."""
        self._app = app
        self._file = sqlite3.connect(path)
        self._counted = 0
        self.late: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        seen = None
        tasks = asyncio.all_tasks()

        async def looked(message: Message) -> None:
            nonlocal seen
            if seen is not None and not _is_last(message) and await self._look() != seen:
                self._note(scope, "behind the head")
            seen = await self._look() if _is_last(message) or _comes_alone(message) else None
            await send(message)

        await self._app(scope, receive, looked)
        await asyncio.sleep(0)  # what was begun shows itself
        if await self._look() != seen or asyncio.all_tasks() - tasks:
            self._note(scope, "behind the end")

    def count(self, *labels: str | int) -> Counter:
        """Count a request, in place of what /metrics shows."""
        self._counted += 1
        return REQUESTS.labels(*labels)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _note(self, scope: Scope, where: str) -> None:
        self.late.append(f"{where} of {scope['method']} {scope['path']}")

    async def _look(self) -> tuple[int, int]:
        """Return what readers can know: the version of the database, and the requests counted."""
        service: Service = self._app.state.service
        await service.recorder.flush()  # as every reader of a journal does
        (version,) = self._file.execute("PRAGMA data_version").fetchone()
        return version, self._counted


def _is_last(message: Message) -> bool:
    return message["type"] == "http.response.body" and not message.get("more_body", False)


def _comes_alone(message: Message) -> bool:
    """Tell whether a head goes out before the rest of its answer is known."""
    if message["type"] != "http.response.start" or message["status"] == 204:
        return False
    return b"content-length" not in {name.lower() for name, _ in message["headers"]}


@pytest.fixture
def watched(
    service: FastAPI, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watched]:
    """The application; its recorder does nothing by itself."""
    monkeypatch.setattr(recorder, "_QUIET", _FOR_A_LONG_TIME)
    app = Watched(service, database_url.removeprefix("sqlite:///"))
    monkeypatch.setattr(entrance, "_counter", app.count)
    yield app
    app.close()


@pytest.fixture
async def caller(watched: Watched) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application that is watched."""
    async with _client_of(watched) as http:
        yield http


@pytest.fixture
async def nobody(service: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client whose calls are not looked at."""
    async with _client_of(service) as http:
        yield http


def _client_of(app: FastAPI | Watched) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


async def _begin_again(nobody: httpx.AsyncClient) -> None:
    """Make every object again, on hosts with a journal and with a fault that each call arms."""
    for host in ("node-1", "node-2", "real"):
        await nobody.delete(f"/emulator/hosts/{host}")
    await nobody.put("/emulator/hosts/default")
    await nobody.post("/emulator/reset")
    for call in WORLD:
        assert (await call.send(nobody)).status_code == call.status
    fault = {"match": {"operation": "HcnCloseNetwork", "follows": "*"}, "then": {"status": 500}}
    for host in ("default", "node-1"):
        assert (await nobody.put(f"/emulator/hosts/{host}/journal", json={})).status_code == 200
        await nobody.delete(f"/emulator/hosts/{host}/faults")
        added = await nobody.post(f"/emulator/hosts/{host}/faults", json=fault)
        assert added.status_code == 201


async def test_nothing_happens_behind_the_answer_of_an_operation(
    watched: Watched, caller: httpx.AsyncClient, nobody: httpx.AsyncClient
) -> None:
    is_whole = False
    for name, call in WORKING.items():
        controls = call.path.startswith("/emulator") and call.method != "GET"
        removes = call.method == "DELETE" or controls
        if not is_whole or removes:
            await _begin_again(nobody)
        assert (await call.send(caller)).status_code == call.status, name
        is_whole = not removes
    assert watched.late == []


async def test_nothing_happens_behind_a_refusal(
    watched: Watched, caller: httpx.AsyncClient, nobody: httpx.AsyncClient
) -> None:
    await _begin_again(nobody)
    for name, call in REFUSED.items():
        assert (await call.send(caller)).status_code == call.status, name
    assert watched.late == []


async def test_nothing_happens_behind_an_answer_that_follows_another_or_ends_a_stream(
    watched: Watched, caller: httpx.AsyncClient, nobody: httpx.AsyncClient
) -> None:
    for name, calls in AFTER.items():
        if name == "removeFault":  # it needs a host that never had one
            continue
        await _begin_again(nobody)
        for call in calls:
            assert (await call.send(caller)).status_code == call.status, name
    assert watched.late == []


async def test_nothing_happens_behind_an_answer_at_the_door_of_docker(
    watched: Watched, caller: httpx.AsyncClient, nobody: httpx.AsyncClient
) -> None:
    await _begin_again(nobody)
    for call in DOCKER:
        assert (await call.send(caller)).status_code == call.status, call
    assert watched.late == []
