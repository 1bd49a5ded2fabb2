"""Journals and faults of running services: one for all processes, and never a wrong no."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from tests.e2e.servers import PATIENCE, Server, serving

HOST = "/emulator/hosts/node"


@pytest.fixture
def servers(database_url: str) -> Iterator[list[Server]]:
    """Return one service on SQLite, two replicas on PostgreSQL, with a host `node`."""
    with ExitStack() as stack:
        count = 1 if database_url.startswith("sqlite") else 2
        running = [stack.enter_context(serving(database_url)) for _ in range(count)]
        put(running[0], HOST, {"journal": True})
        yield running


def put(server: Server, path: str, document: object) -> None:
    """Send a document that is not refused."""
    sent = httpx.put(f"{server.url}{path}", json=document, timeout=PATIENCE)
    assert sent.is_success, sent.text


def post(server: Server, path: str, document: object) -> httpx.Response:
    """Return the answer to a document."""
    return httpx.post(f"{server.url}{path}", json=document, timeout=PATIENCE)


def test_a_call_that_was_answered_is_in_every_list(servers: list[Server]) -> None:
    for number in range(20):
        assert servers[number % len(servers)].get(f"/hosts/node/v2/networks?n={number}").is_success
        reader = servers[(number + 1) % len(servers)]
        calls = reader.get(f"{HOST}/requests?since={number}").json()["requests"]
        assert [call["path"] for call in calls] == [f"/v2/networks?n={number}"]


def test_concurrent_calls_of_all_processes_are_one_list(servers: list[Server]) -> None:
    def call(number: int) -> None:
        servers[number % len(servers)].get(f"/hosts/node/v2/networks?n={number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(200)))
    listed = servers[-1].get(f"{HOST}/requests").json()["requests"]
    assert {call["path"] for call in listed} == {f"/v2/networks?n={n}" for n in range(200)}
    assert [call["number"] for call in listed] == list(range(1, 201))


def test_a_change_of_what_is_watched_holds_everywhere_at_once(servers: list[Server]) -> None:
    for round_ in range(10):
        one, other = servers[round_ % len(servers)], servers[(round_ + 1) % len(servers)]
        assert other.get("/hosts/node/v2/networks").status_code == 200
        fault = post(one, f"{HOST}/faults", {"then": {"status": 500}}).json()["id"]
        assert other.get("/hosts/node/v2/networks").status_code == 500
        assert post(other, "/hosts/node/v2/networks", []).status_code == 500  # before its refusal
        httpx.delete(f"{one.url}{HOST}/faults/{fault}", timeout=PATIENCE)
        assert other.get("/hosts/node/v2/networks").status_code == 200


def test_a_fault_counts_over_all_processes(servers: list[Server]) -> None:
    post(servers[0], f"{HOST}/faults", {"then": {"status": 500}, "times": 10, "after": 5})

    def call(number: int) -> int:
        return servers[number % len(servers)].get("/hosts/node/v2/networks").status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(call, range(40)))
    assert statuses.count(500) == 10
    (fault,) = servers[-1].get(f"{HOST}/faults").json()
    assert (fault["seen"], fault["hits"]) == (40, 10)


def test_a_wait_ends_with_a_call_of_another_process(servers: list[Server]) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(servers[0].get, f"{HOST}/requests?wait=60s&min=1")
        time.sleep(0.5)
        servers[-1].get("/hosts/node/v2/networks")
        started = time.monotonic()
        assert len(waiting.result(PATIENCE).json()["requests"]) == 1
        assert time.monotonic() - started < 20
