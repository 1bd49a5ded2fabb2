"""Containers of one swarm that start on several hosts at once, on PostgreSQL."""

import asyncio
import threading

import httpx
import pytest
from prometheus_client import generate_latest

from hnsemu.docker.storage import swarms
from hnsemu.storage.transaction import Transaction
from tests.conftest import DATABASES
from tests.docker.swarms import begin, door, joined

HOSTS = ("one", "two")
STUCK = 60
"""Seconds after which a start that nobody meets fails the test."""


def retries() -> str:
    """Return how many transactions were tried again so far, as /metrics says it."""
    lines = generate_latest().decode().splitlines()
    (line,) = [line for line in lines if line.startswith("hnsemu_transaction_retries_total")]
    return line


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
async def test_starts_on_two_hosts_of_a_swarm_wait_for_one_another(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begin(client, "one")
    assert (await joined(client, "two", "one")).status_code == 200
    wanted = {"Name": "mesh", "Driver": "overlay", "Attachable": True}
    assert (await client.post(f"{door('one')}/networks/create", json=wanted)).status_code == 201
    for host in HOSTS:
        await client.post(f"{door(host)}/images/create?fromImage=app")
        for name in ("first", "second"):
            of_mesh = {"Image": "app", "HostConfig": {"NetworkMode": "mesh"}}
            await client.post(f"{door(host)}/containers/create?name={name}", json=of_mesh)
        assert (await client.post(f"{door(host)}/containers/first/start")).status_code == 204
    met, both = set[str](), threading.Barrier(len(HOSTS))
    lock = swarms.lock

    def lock_together(tx: Transaction, swarm_id: str) -> None:
        if tx.host_name not in met:
            met.add(tx.host_name)
            both.wait(STUCK)
        lock(tx, swarm_id)

    monkeypatch.setattr(swarms, "lock", lock_together)
    before = retries()
    answers = await asyncio.gather(
        *(client.post(f"{door(host)}/containers/second/start") for host in HOSTS)
    )
    assert [answer.status_code for answer in answers] == [204, 204]
    assert met == set(HOSTS)
    assert retries() == before
