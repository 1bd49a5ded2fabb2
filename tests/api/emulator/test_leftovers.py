"""What programs left on a host: listed, and said when the host is removed."""

from typing import Any

import httpx
import pytest

HOST = "/emulator/hosts/node"
KINDS: dict[str, tuple[str, str, dict[str, object]]] = {
    "network": ("pods", "/v2/networks", {"Name": "pods", "Type": "Private"}),
    "namespace": ("", "/v2/namespaces", {}),
    "container": ("web", "/docker/containers/create?name=web", {"Image": "nanoserver"}),
    "docker network": ("blue", "/docker/networks/create", {"Name": "blue", "Driver": "nat"}),
}
"""The name of an object of a kind, where a program makes it, and of what."""


@pytest.fixture
async def program(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host with a journal."""
    created = await client.put(HOST, json={"journal": True})
    assert created.status_code == 201
    return client


async def make(program: httpx.AsyncClient, kind: str) -> None:
    """Let a program make an object."""
    if kind == "container":
        await program.post("/hosts/node/docker/images/create?fromImage=nanoserver&tag=latest")
    _, path, document = KINDS[kind]
    made = await program.post(f"/hosts/node{path}", json=document)
    assert made.status_code == 201


async def left(program: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Return what is listed."""
    found: list[dict[str, Any]] = (await program.get(f"{HOST}/leftovers")).json()["leftovers"]
    return found


@pytest.mark.parametrize("kind", KINDS)
async def test_an_object_that_nobody_removed_is_listed(
    program: httpx.AsyncClient, kind: str
) -> None:
    await make(program, kind)
    name, *_ = KINDS[kind]
    assert (kind, name) in {(found["kind"], found["name"]) for found in await left(program)}


async def test_what_the_daemon_has_by_itself_is_not_listed(program: httpx.AsyncClient) -> None:
    assert len((await program.get("/hosts/node/docker/networks")).json()) == 2
    assert await left(program) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_an_object_that_a_reset_removed_is_not_listed(
    program: httpx.AsyncClient, kind: str
) -> None:
    before = await program.put(f"{HOST}/snapshots/before")
    assert before.status_code == 201
    await make(program, kind)
    restored = await program.post(f"{HOST}/snapshots/before/restore")
    assert restored.status_code == 200
    assert kind not in {leftover["kind"] for leftover in await left(program)}


async def test_a_host_is_removed_and_its_leftovers_are_said(program: httpx.AsyncClient) -> None:
    await make(program, "network")
    listed = await left(program)
    removed = await program.post(f"{HOST}/remove")
    assert removed.json() == {"leftovers": listed}
    assert (await program.get(HOST)).status_code == 404


async def test_a_host_without_a_journal_tells_of_none(client: httpx.AsyncClient) -> None:
    await client.put(HOST)
    await make(client, "network")
    assert (await client.post(f"{HOST}/remove")).json() == {"leftovers": []}
