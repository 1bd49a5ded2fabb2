"""What a reader of a journal waits for."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from anyio import CancelScope
from sqlalchemy import text

from hnsemu.api.recorder import Recorder, _Block
from hnsemu.domain.hosts import HostDefinition
from hnsemu.domain.journal import Call, CallMatch, JournalSettings, body_of
from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource
from hnsemu.services import hosts, journal
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.conftest import DATABASES
from tests.statements import sent_to

CALL = Call("HcnCreateEndpoint", "POST", "/v2/endpoints")


async def test_a_reader_waits_for_calls_that_are_being_stored(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder, stored = Recorder(database, SeededSource()), asyncio.Event()

    async def slowly(_: Callable[[], object]) -> tuple[int, bool]:
        await stored.wait()
        return 1, False

    monkeypatch.setattr(recorder, "run", slowly)
    adding = asyncio.create_task(
        recorder.add(1, Call("HcnCreateEndpoint", "POST", "/v2/endpoints"))
    )
    await asyncio.sleep(0)
    reading = asyncio.create_task(recorder.flush())
    await asyncio.sleep(0)
    assert not reading.done()
    stored.set()
    await asyncio.gather(adding, reading)
    await recorder.close()


async def test_a_block_that_was_replaced_leaves_the_new_one_to_readers(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(database, SeededSource())
    stored: list[object] = []

    async def run(work: Callable[[], object]) -> tuple[int, bool]:
        stored.append(work)
        return 1, False

    monkeypatch.setattr(recorder, "run", run)
    call = Call("HcnCreateEndpoint", "POST", "/v2/endpoints")
    new = recorder._blocks[1] = _Block(calls=[call], is_open=True)
    await recorder._store(1, _Block(is_open=True), keep_open=False)
    await recorder.flush()
    assert (len(stored), new.calls) == (2, [])
    await recorder.close()


async def test_what_a_replica_could_not_record_is_known_to_be_missing(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = Recorder(database, SeededSource())

    async def refused(_: Callable[[], object]) -> tuple[int, bool]:
        raise HnsError(Hr.E_RPC_SERVER_UNAVAILABLE, "the database is read-only")

    monkeypatch.setattr(recorder, "run", refused)
    for _ in range(2):
        await recorder.add(1, Call("HcnEnumerateNetworks", "GET", "/v2/networks"))
    assert (recorder.missed(1), recorder.missed(2)) == (2, 0)
    assert len(caplog.messages) == 1
    await recorder.close()


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
async def test_a_process_says_of_its_calls_that_they_last(database: Database, hns: Hns) -> None:
    journal.set_journal(hns, JournalSettings())
    host_key = journal.begin_reading(hns)[0]
    recorder = Recorder(database, SeededSource())
    call = Call("docker wait", "POST", "/", is_running=True)
    begun = [await recorder.begin(host_key, call) for _ in range(2)]
    await recorder.finish(host_key, replace(begun[0], is_running=False))
    journal.store_calls(hns, host_key, [call], 0, 0)  # by another process
    with database.writing() as connection:
        connection.execute(text("UPDATE calls SET sure_until = 0"))
    await recorder.renew()
    _, calls = journal.find_calls(hns, CallMatch())
    assert [(call.number, call.is_lost) for call in calls] == [(1, False), (2, False), (3, True)]
    await recorder.close()


async def test_a_reader_that_leaves_takes_no_call_along(hns: Hns) -> None:
    journal.set_journal(hns, JournalSettings())
    host_key, _ = journal.begin_reading(hns)
    recorder = Recorder(hns.database, SeededSource())
    call = Call("HcnCreateEndpoint", "POST", "/v2/endpoints")
    recorder._blocks[host_key] = _Block(calls=[call])
    hns.database.loop_thread = threading.get_ident()
    hns.database._lock.acquire()  # another thread writes: the call is stored in a thread, too
    asyncio.get_running_loop().call_soon(hns.database._lock.release)
    with CancelScope() as leaving:
        leaving.cancel()
        await recorder.flush()
    _, calls = journal.find_calls(hns, CallMatch(), 0)
    assert [found.path for found in calls] == ["/v2/endpoints"]
    await recorder.close()


@pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)
async def test_the_first_calls_of_a_new_host_are_stored_together(database: Database) -> None:
    own, recorder = Hns(database, "own", SeededSource()), Recorder(database, SeededSource())
    machine, _ = hosts.define_host(own, HostDefinition(journal=True), recorder.reserve)
    recorder.begin_journal(machine.host.key)
    with sent_to(database) as statements:
        for _ in range(3):
            await recorder.add(machine.host.key, CALL)
    assert statements == []
    await recorder.flush()
    _, calls = journal.find_calls(own, CallMatch())
    assert [call.number for call in calls] == [1, 2, 3]
    await recorder.close()


async def test_nothing_more_is_stored_of_a_host_that_is_gone(database: Database) -> None:
    own, recorder = Hns(database, "own", SeededSource()), Recorder(database, SeededSource())
    machine, _ = hosts.define_host(own, HostDefinition(journal=True), recorder.reserve)
    recorder.begin_journal(machine.host.key)
    await recorder.add(machine.host.key, CALL)
    hosts.delete_host(own)
    recorder.forget(machine.host.key)
    with sent_to(database) as statements:
        await recorder.flush()
        await recorder.close()
    assert statements == []


async def test_a_journal_is_short_while_it_has_few_and_small_calls(database: Database) -> None:
    own, recorder = Hns(database, "own", SeededSource()), Recorder(database, SeededSource())
    machine, _ = hosts.define_host(own, HostDefinition(journal=True), recorder.reserve)
    key = machine.host.key
    assert not recorder.is_short(key)  # it may have calls that others have stored
    recorder.begin_journal(key)
    assert recorder.is_short(key) is database.is_sqlite
    large = replace(CALL, answer=body_of(b"x" * 70_000, 100_000))
    begun = await recorder.begin(key, replace(large, is_running=True))
    assert not recorder.is_short(key)
    await recorder.finish(key, replace(begun, is_running=False))
    assert not recorder.is_short(key)
    await recorder.close()
