"""What a test with a host of its own costs the service: transactions, and threads."""

import threading
from collections.abc import Sequence

import httpx
import pytest
from fastapi import FastAPI

from hnsemu.api import recorder
from hnsemu.domain.journal import verify
from hnsemu.services import journal
from tests.conftest import DATABASES
from tests.statements import sent_to
from tests.waiting import PATIENCE

HOST = "/emulator/hosts/node"
NETWORKS = "/hosts/node/v2/networks"
NETWORK = {"Name": "pods", "Type": "L2Bridge", "SchemaVersion": {"Major": 2, "Minor": 0}}

pytestmark = pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no call come so late that the ones before it are stored without it."""
    monkeypatch.setattr(recorder, "_QUIET", PATIENCE)


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Sequence[int]:
    """Return the threads in which journals are verified, as it goes on."""
    seen: list[int] = []

    def noted(*given: object) -> object:
        seen.append(threading.get_ident())
        return verify(*given)  # type: ignore[arg-type]  # as they were given

    monkeypatch.setattr(journal, "verify", noted)
    return seen


async def prove_listing(client: httpx.AsyncClient) -> None:
    """Ask whether programs listed networks."""
    asked = {"match": {"operation": "HcnEnumerateNetworks"}}
    answer = await client.post(f"{HOST}/requests/verify", json=asked)
    assert answer.json()["verified"] is True


async def test_a_test_takes_a_transaction_for_each_change_and_one_for_its_journal(
    client: httpx.AsyncClient, service: FastAPI
) -> None:
    with sent_to(service.state.service.database) as statements:
        await client.put(HOST, json={"journal": True})
        await client.post(NETWORKS, json=NETWORK)
        await client.get(NETWORKS)
        await prove_listing(client)
        await client.post(f"{HOST}/remove")
    assert statements.count("BEGIN IMMEDIATE") == 4  # the host, the network, the calls, the end


async def test_a_short_journal_is_verified_in_the_event_loop(
    client: httpx.AsyncClient, threads: Sequence[int]
) -> None:
    await client.put(HOST, json={"journal": True})
    await client.get(NETWORKS)
    await prove_listing(client)
    assert threads == [threading.get_ident()]


async def test_a_longer_journal_is_verified_beside_the_event_loop(
    client: httpx.AsyncClient, threads: Sequence[int]
) -> None:
    await client.put(HOST, json={"journal": True})
    for _ in range(65):
        await client.get(NETWORKS)
    await prove_listing(client)
    assert threading.get_ident() not in threads
