"""Journals and faults of running services: one for all processes, and never a wrong no."""

import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from tests.conftest import DATABASES
from tests.e2e.servers import Server, serving
from tests.waiting import PATIENCE, until

HOST = "/emulator/hosts/node"


@contextmanager
def started(database_url: str) -> Iterator[list[Server]]:
    """Start one service on SQLite, two replicas on PostgreSQL."""
    with ExitStack() as stack:
        count = 1 if database_url.startswith("sqlite") else 2
        yield [stack.enter_context(serving(database_url)) for _ in range(count)]


@pytest.fixture(scope="module")
def lasting_servers(lasting_database_url: str) -> Iterator[list[Server]]:
    with started(lasting_database_url) as running:
        yield running


@pytest.fixture
def servers(lasting_servers: list[Server]) -> Iterator[list[Server]]:
    """Return the services that these tests share, with a host `node` for this test alone."""
    put(lasting_servers[0], HOST, {"journal": True})
    yield lasting_servers
    removed = httpx.delete(f"{lasting_servers[0].url}{HOST}", timeout=PATIENCE)
    assert removed.is_success, removed.text


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
        waiting = pool.submit(servers[0].get, f"{HOST}/requests?wait=300s&min=1")
        time.sleep(0.5)  # it has begun by then, on most machines
        servers[-1].get("/hosts/node/v2/networks")
        assert len(waiting.result(PATIENCE).json()["requests"]) == 1  # it ends before its time


def test_calls_are_streamed_and_a_stream_goes_on_behind_a_number(servers: list[Server]) -> None:
    url = f"{servers[0].url}{HOST}/requests/events"
    seen = []
    with httpx.stream("GET", url, timeout=PATIENCE) as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": connected"
        for path in ("networks", "endpoints"):
            servers[-1].get(f"/hosts/node/v2/{path}")
            data = next(line for line in lines if line.startswith("data: "))
            seen.append(json.loads(data.removeprefix("data: "))["operation"])
    assert seen == ["HcnEnumerateNetworks", "HcnEnumerateEndpoints"]
    headers = {"Last-Event-ID": "1"}
    with httpx.stream("GET", url, headers=headers, timeout=PATIENCE) as stream:
        found = next(line for line in stream.iter_lines() if line.startswith("id: 2"))
    assert found
    refused = httpx.get(url, headers={"Last-Event-ID": "9"}, timeout=PATIENCE)
    assert refused.status_code == 410


def test_a_dropped_connection_has_no_answer_and_is_recorded(servers: list[Server]) -> None:
    post(servers[0], f"{HOST}/faults", {"then": {"drop": True}, "times": 1})
    with pytest.raises(httpx.RemoteProtocolError, match="disconnected without sending"):
        servers[-1].get("/hosts/node/v2/networks")
    assert servers[-1].get("/hosts/node/v2/networks").status_code == 200
    calls = servers[0].get(f"{HOST}/requests").json()["requests"]
    assert [call["status"] for call in calls] == [0, 200]


def test_a_hanging_call_holds_nothing_and_ends_with_its_client(servers: list[Server]) -> None:
    post(servers[0], f"{HOST}/faults", {"preset": "hang", "match": {"path": "/v2/networks"}})
    hanging = []
    for _ in range(60):  # more than there are threads or connections
        parts = urlsplit(servers[-1].url)
        client = socket.create_connection((parts.hostname, parts.port))
        client.sendall(b"GET /hosts/node/v2/networks HTTP/1.1\r\nHost: localhost\r\n\r\n")
        hanging.append(client)
    path = f"{HOST}/requests?wait=60s&min=60"
    calls = servers[0].get(path).json()["requests"]
    assert [call["running"] for call in calls] == [True] * 60
    assert servers[-1].get("/hosts/node/v2/endpoints").status_code == 200
    for client in hanging:
        client.close()
    until(
        lambda: not any(call["running"] for call in servers[0].get(path).json()["requests"]),
        "calls of clients that have gone still run",
    )


def test_a_hanging_call_ends_when_the_service_stops(database_url: str) -> None:
    with started(database_url) as servers:
        put(servers[0], HOST, {"journal": True})
        post(servers[0], f"{HOST}/faults", {"preset": "hang"})
        ended = threading.Event()

        def hang() -> None:
            with pytest.raises(httpx.RemoteProtocolError):
                servers[0].get("/hosts/node/v2/networks")
            ended.set()

        threading.Thread(target=hang, daemon=True).start()
        assert servers[-1].get(f"{HOST}/requests?wait=60s").json()["requests"][0]["running"]
        assert servers[0].stop() == 0
        assert ended.wait(PATIENCE)


@pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)
def test_a_killed_service_never_says_a_wrong_no(database_url: str) -> None:
    never = {"never": True}
    with serving(database_url) as server:
        put(server, HOST, {"journal": True})
        for _ in range(10):
            server.get("/hosts/node/v2/networks")
        server.stop(signal.SIGKILL)
    with serving(database_url) as server:
        journal = server.get(f"{HOST}/journal").json()
        found = len(server.get(f"{HOST}/requests").json()["requests"])
        assert found == 10 or journal["lost"] > 0
        verified = post(server, f"{HOST}/requests/verify", {**never, "match": {"name": "x"}})
        assert verified.status_code == (200 if found == 10 else 410)
        assert httpx.delete(f"{server.url}{HOST}/requests", timeout=PATIENCE).status_code == 204
        server.get("/hosts/node/v2/networks")
        assert post(server, f"{HOST}/requests/verify", {"count": 1}).json()["verified"]
        assert server.stop() == 0
    with serving(database_url) as server:  # a service that was stopped has lost nothing
        assert server.get(f"{HOST}/journal").json()["lost"] == 0
        assert post(server, f"{HOST}/requests/verify", {"count": 1}).json()["verified"]
