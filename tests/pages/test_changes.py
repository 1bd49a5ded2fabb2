"""The stream by which open pages are told that their host was written to."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from hnsemu.pages.changes import Changes
from hnsemu.pages.polls import PollBudget
from hnsemu.storage.database import Database
from tests.pages.test_polls import tag_of
from tests.waiting import PATIENCE


@pytest.fixture
def database(service: FastAPI) -> Database:
    """Return the database of the service."""
    held: Database = service.state.service.database
    return held


async def test_a_write_is_told_to_every_stream(
    client: httpx.AsyncClient, database: Database
) -> None:
    await client.put("/emulator/hosts/other")
    changes = Changes(database)
    async with changes.listening() as one, changes.listening() as another:
        await client.post("/hosts/other/v2/networks", json={"Name": "new", "Type": "Private"})
        told = [await listener.next(PATIENCE) for listener in (one, another)]
    assert told == [b'event: changed\ndata: ["other"]\n\n'] * 2


async def test_silence_is_a_comment(database: Database) -> None:
    async with Changes(database).listening() as listener:
        assert await listener.next(0.01) == b": keep-alive\n\n"


async def test_a_burst_is_told_as_one(client: httpx.AsyncClient, database: Database) -> None:
    async with Changes(database).listening() as listener:
        for name in ("one", "other"):
            await client.put(f"/emulator/hosts/{name}")
            listener.tell(frozenset({name}))
        assert b"changed" in await listener.next(PATIENCE)


async def test_the_end_of_the_service_ends_the_wait(database: Database) -> None:
    async with Changes(database).listening() as listener:
        waiting = asyncio.ensure_future(listener.next(PATIENCE))
        await asyncio.sleep(0)
        database.wakes.stop()
        assert b"changed" in await waiting


async def test_nobody_looks_when_the_last_stream_has_gone(database: Database) -> None:
    changes = Changes(database)
    async with changes.listening():
        assert changes._following is not None
    assert changes._following is None


@pytest.mark.parametrize(
    ("path", "hosts"),
    [
        ("/ui/networks", "[&#34;default&#34;]"),
        ("/ui/requests", "[&#34;&#34;, &#34;default&#34;]"),
        ("/ui/topology?hosts=default", "[&#34;default&#34;]"),
        ("/ui/matrix", "null"),
    ],
)
async def test_a_page_names_the_hosts_that_it_shows(
    client: httpx.AsyncClient, path: str, hosts: str
) -> None:
    assert f'data-hosts="{hosts}"' in (await client.get(path)).text


async def test_a_page_that_is_read_later_says_when_to_look_again(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = await tag_of(client, "/ui/networks")
    await client.post("/v2/networks", json={"Name": "new", "Type": "Private"})
    monkeypatch.setattr(PollBudget, "allows", lambda _budget: False)
    answer = await client.get("/ui/networks", headers=known)
    assert (answer.status_code, answer.headers["Retry-After"]) == (304, "5")
    assert answer.headers["ETag"] == known["If-None-Match"]
