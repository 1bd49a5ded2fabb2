"""A request that would wait for a writer in the event loop is answered in a thread."""

import gc
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from hnsemu.api.deps import Service
from tests.waiting import PATIENCE

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
            may_end.wait(PATIENCE)

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


@pytest.mark.anyio
async def test_garbage_is_not_looked_for_while_a_large_request_is_answered(
    client: httpx.AsyncClient,
) -> None:
    """A full collection holds the interpreter for as long as there are objects: 0.2 s and more."""
    (network,) = (await client.get("/v2/networks", params={"view": "ids"})).json()
    route = {"NextHop": "10.0.0.1", "DestinationPrefix": "11.0.0.0/8"}
    endpoint = {"Routes": [route] * 20_000, "SchemaVersion": {"Major": 2, "Minor": 0}}
    body = json.dumps(endpoint).encode()
    with collections_beside() as collections:
        answer = await client.post(f"/v2/networks/{network}/endpoints", content=body)
    assert answer.status_code == 201
    assert len(collections) <= 1  # one may be due when the thread starts
    assert gc.isenabled()


@pytest.mark.anyio
@pytest.mark.parametrize("is_crowded", [False, True])
async def test_garbage_is_not_looked_for_while_a_large_object_is_shown(
    service: FastAPI, client: httpx.AsyncClient, *, is_crowded: bool
) -> None:
    (network,) = (await client.get("/v2/networks", params={"view": "ids"})).json()
    settings = {"Action": "Allow", "Direction": "In", "RuleType": "Switch"}
    policies = [
        {"Type": "ACL", "Settings": {**settings, "LocalPorts": str(port)}}
        for port in range(1, 1001)
    ]
    body = {"Policies": policies, "SchemaVersion": {"Major": 2, "Minor": 0}}
    endpoint = (await client.post(f"/v2/networks/{network}/endpoints", json=body)).json()["ID"]
    await client.get("/ui")  # the first visit loads the pages
    held: Service = service.state.service
    held.is_crowded = is_crowded  # as on a slow machine, where any answer comes from a thread
    for path in (
        f"/ui/endpoints/{endpoint}",
        f"/host/vfp/ports/{endpoint}",
        "/emulator/hosts/default/state",
        "/v1/endpoints",
    ):
        with collections_beside() as collections:
            answer = await client.get(path)
        assert answer.status_code == 200, path
        assert len(collections) <= 1, path
    assert gc.isenabled()


@contextmanager
def collections_beside() -> Iterator[list[str]]:
    """Count the collections that begin in other threads than this one."""
    event_loop, found = threading.get_ident(), list[str]()

    def count(phase: str, _info: dict[str, Any]) -> None:
        if phase == "start" and threading.get_ident() != event_loop:
            found.append(phase)

    gc.callbacks.append(count)
    try:
        yield found
    finally:
        gc.callbacks.remove(count)
