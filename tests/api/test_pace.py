"""A request that would wait for a writer in the event loop is answered in a thread."""

import threading

import httpx
import pytest
from fastapi import FastAPI

from hnsemu.api.deps import Service

NETWORK = b'{"Name":"n","Type":"L2Bridge","SchemaVersion":{"Major":2,"Minor":0}}'


@pytest.mark.anyio
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_write_waits_for_another_one_beside_the_event_loop(
    service: FastAPI, client: httpx.AsyncClient
) -> None:
    held: Service = service.state.service
    held.database.loop_thread = threading.get_ident()
    is_writing, may_end = threading.Event(), threading.Event()

    def write() -> None:
        with held.database.writing():
            is_writing.set()
            may_end.wait(30)

    writer = threading.Thread(target=write)
    writer.start()
    is_writing.wait()
    threading.Timer(0.2, may_end.set).start()
    response = await client.post("/v2/networks", content=NETWORK)
    writer.join()
    assert response.status_code == 201


@pytest.mark.anyio
async def test_a_large_document_is_refused_and_accepted_as_a_small_one(
    client: httpx.AsyncClient,
) -> None:
    padding = b" " * 20_000
    assert (await client.post("/v2/networks", content=padding + NETWORK)).status_code == 201
    refused = await client.post("/v2/networks", content=padding + NETWORK)
    assert refused.json()["ErrorCode"] == 0x803B0010
    envelope = await client.post("/v1/networks", content=padding + b"[]")
    assert envelope.json()["Success"] is False
