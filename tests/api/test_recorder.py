"""What a reader of a journal waits for."""

import asyncio
from collections.abc import Callable

import pytest

from hnsemu.api.recorder import Recorder, _Block
from hnsemu.domain.journal import Call
from hnsemu.host import SeededSource
from hnsemu.storage.database import Database


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
