"""Commits wake who waits for their host, in every process; lost connections are made again."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from hnsemu.host import SeededSource
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.services import hosts, namespaces
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from hnsemu.storage.wakes import Waiter, Wakes
from tests.conftest import DATABASES
from tests.services.listening import now
from tests.waiting import PATIENCE


@pytest.fixture
def elsewhere(database_url: str) -> Iterator[Database]:
    """Return the database as another process has it open."""
    opened = Database(database_url)
    yield opened
    opened.dispose()


async def tell(hns: Hns) -> None:
    """Commit something that is told."""
    await asyncio.to_thread(namespaces.create_namespace, hns, HostComputeNamespace())


async def listens(wakes: Wakes, waiter: Waiter) -> None:
    """Wait until the connection of the readers is there, if they need one: it wakes them."""
    assert not wakes._listens or await waiter.wait(PATIENCE)


async def test_a_commit_wakes(hns: Hns) -> None:
    with hns.database.wakes.waiting(now(hns).host_key) as waiter:
        waiter.prepare()
        await tell(hns)
        assert await waiter.wait(PATIENCE)


async def test_nobody_is_woken_by_silence_or_by_other_hosts(hns: Hns) -> None:
    other = Hns(hns.database, "other", SeededSource())
    hosts.ensure_host(other)
    with hns.database.wakes.waiting(now(other).host_key) as waiter:
        await listens(hns.database.wakes, waiter)
        waiter.prepare()
        await tell(hns)
        assert not await waiter.wait(0.2)


async def test_a_reader_that_left_is_forgotten(hns: Hns) -> None:
    wakes = hns.database.wakes
    with wakes.waiting(1):
        pass
    assert not wakes._waiters
    assert wakes._listening is None


async def test_the_end_wakes_everybody(hns: Hns) -> None:
    with hns.database.wakes.waiting(now(hns).host_key) as waiter:
        await listens(hns.database.wakes, waiter)
        waiter.prepare()
        hns.database.wakes.stop()
        assert await waiter.wait(PATIENCE)
        assert hns.database.wakes.stopped


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
async def test_a_commit_elsewhere_wakes(hns: Hns, elsewhere: Database) -> None:
    with hns.database.wakes.waiting(now(hns).host_key) as waiter:
        await listens(hns.database.wakes, waiter)
        waiter.prepare()
        await tell(Hns(elsewhere, "default", SeededSource(7)))
        assert await waiter.wait(PATIENCE)


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
async def test_a_lost_connection_is_made_again(hns: Hns, elsewhere: Database) -> None:
    with hns.database.wakes.waiting(now(hns).host_key) as waiter:
        await listens(hns.database.wakes, waiter)
        waiter.prepare()
        with elsewhere.engine.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
                )
            )
        assert await waiter.wait(PATIENCE)  # what was told meanwhile is looked for
        waiter.prepare()
        await tell(Hns(elsewhere, "default", SeededSource(7)))
        assert await waiter.wait(PATIENCE)
