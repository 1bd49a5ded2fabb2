"""Streams end when what they are about does, and a slow reader harms nobody but itself."""

import json
import socket
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from urllib.parse import urlencode

import httpx
import pytest

from hnsemu.docker.storage import events
from tests.e2e.servers import Server, serving
from tests.waiting import PATIENCE

STREAMS = {
    "events": ("GET", "/events"),
    "logs": ("GET", "/containers/web/logs?follow=1&stdout=1"),
    "stats": ("GET", "/containers/web/stats"),
    "attach": ("POST", "/containers/web/attach?stream=1&stdout=1"),
    "wait": ("POST", "/containers/web/wait?condition=next-exit"),
}


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    """Return threads that read streams."""
    with ThreadPoolExecutor(16) as threads:
        yield threads


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    """Return a server on either database; its pulse is too slow to end a stream in time."""
    with serving(database_url, HNSEMU_KEEP_ALIVE="3600") as running:
        yield running


class Node:
    """A host of its own, where the container `web` runs."""

    def __init__(self, server: Server, client: httpx.Client) -> None:
        """Make the host, and run the container."""
        self.name = f"node-{uuid.uuid4().hex[:12]}"
        self.client = client
        self.url = f"{server.url}/hosts/{self.name}/docker"
        self.control = f"/emulator/hosts/{self.name}"
        self.start_over()

    def start_over(self) -> None:
        """Make the host as it was at first."""
        self.client.delete(self.control)
        assert self.client.put(self.control).status_code == 201
        self.post("/images/create?fromImage=iis")
        self.run("web")

    def post(self, path: str, document: object = None) -> httpx.Response:
        """Post to the door."""
        answer = self.client.post(f"{self.url}{path}", json=document)
        assert answer.status_code < 400, answer.text
        return answer

    def run(self, name: str, **host_config: object) -> None:
        """Run a container that reads what is typed."""
        wanted = {"Image": "iis", "Cmd": ["cmd"], "OpenStdin": True, "HostConfig": host_config}
        self.post(f"/containers/create?name={name}", wanted)
        self.post(f"/containers/{name}/start")

    def read(self, stream: str, started: Future[None]) -> bytes:
        """Return all that a stream says until it ends."""
        method, path = STREAMS[stream]
        with httpx.stream(method, f"{self.url}{path}", timeout=PATIENCE) as answer:
            started.set_result(None)
            return b"".join(answer.iter_raw())


@pytest.fixture
def node(server: Server) -> Iterator[Node]:
    """Return a fresh host with a container."""
    with server.client() as client:
        yield Node(server, client)


End = Callable[[Node], httpx.Response]
ENDS: dict[str, End] = {
    "the host is deleted": lambda node: node.client.delete(node.control),
    "the host is reset": lambda node: node.client.post(f"{node.control}/reset"),
    "the daemon restarts": lambda node: node.client.post(f"{node.control}/docker/restart"),
}


def broken(node: Node, pool: ThreadPoolExecutor, streams: list[str], end: End) -> dict[str, str]:
    """Read streams while something ends them; return those that do not end well, and why.

    What `wait` says is checked by the one who knows it: it is in the same dictionary.
    """
    started: dict[str, Future[None]] = {stream: Future() for stream in streams}
    reading = {stream: pool.submit(node.read, stream, started[stream]) for stream in streams}
    for beginning in started.values():
        beginning.result(PATIENCE)
    assert end(node).status_code < 400
    errors = {stream: work.exception(PATIENCE) for stream, work in reading.items()}
    found = {stream: repr(error) for stream, error in errors.items() if error is not None}
    return found or {"wait": reading["wait"].result().decode()}


def test_streams_end_with_their_daemon(node: Node, pool: ThreadPoolExecutor) -> None:
    for end in ENDS.values():
        assert broken(node, pool, list(STREAMS), end) == {"wait": ""}
        node.start_over()


def test_streams_of_a_container_end_with_it(node: Node, pool: ThreadPoolExecutor) -> None:
    def replaced(node: Node) -> httpx.Response:
        removed = node.client.delete(f"{node.url}/containers/web?force=1")
        node.run("web")  # another one, which nobody follows
        return removed

    streams = [stream for stream in STREAMS if stream != "events"]
    said = broken(node, pool, streams, replaced)
    assert json.loads(said["wait"]) == {"StatusCode": 0x40010004}


def test_no_event_of_many_at_once_is_missed(node: Node, pool: ThreadPoolExecutor) -> None:
    many = [f"c{number}" for number in range(events.KEPT + 10)]
    for name in many:
        node.post(f"/containers/create?name={name}", {"Image": "iis"})
    following: Future[None] = Future()

    def destroyed() -> list[str]:
        filters = urlencode({"filters": json.dumps({"event": ["destroy"]})})
        with httpx.stream("GET", f"{node.url}/events?{filters}", timeout=PATIENCE) as answer:
            following.set_result(None)
            lines = islice(answer.iter_lines(), len(many))
            return [json.loads(line)["Actor"]["Attributes"]["name"] for line in lines]

    wait = f"{node.url}/containers/{many[-1]}/wait?condition=removed"
    with httpx.stream("POST", wait, timeout=PATIENCE) as waiting:
        reading = pool.submit(destroyed)
        following.result(PATIENCE)
        node.post("/containers/prune")
        assert json.loads(waiting.read()) == {"StatusCode": 0}
        assert sorted(reading.result(PATIENCE)) == sorted(many)


@contextmanager
def unread(node: Node, stream: str) -> Iterator[socket.socket]:
    """Ask for a stream, and read nothing of it."""
    method, path = STREAMS[stream]
    url = httpx.URL(f"{node.url}{path}")
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(PATIENCE)
    with connection:
        connection.connect((url.host, url.port))
        head = f"{method} {url.raw_path.decode()} HTTP/1.1\r\nHost: {url.host}\r\n\r\n"
        connection.sendall(head.encode())
        yield connection


def test_readers_that_read_nothing_hold_nobody_up(server: Server, node: Node) -> None:
    node.post("/containers/web/exec", {"Cmd": ["hostname"]})
    with (
        unread(node, "events"),
        unread(node, "logs"),
        unread(node, "attach"),
        unread(node, "stats"),
    ):
        for _ in range(300):
            node.post("/containers/web/rename?name=shop")
            node.post("/containers/shop/rename?name=web")
        assert node.client.get(f"{node.url}/containers/json", timeout=PATIENCE).status_code == 200
        assert server.stop() == 0


def test_a_container_that_goes_when_its_start_fails_ends_those_who_wait(
    node: Node, pool: ThreadPoolExecutor
) -> None:
    wanted = {"Image": "iis", "HostConfig": {"AutoRemove": True, "NetworkMode": "host"}}
    node.post("/containers/create?name=lost", wanted)
    started: Future[None] = Future()

    def read() -> bytes:
        url = f"{node.url}/containers/lost/wait?condition=removed"
        with httpx.stream("POST", url, timeout=PATIENCE) as answer:
            started.set_result(None)
            return b"".join(answer.iter_raw())

    waiting = pool.submit(read)
    started.result(PATIENCE)
    assert node.client.post(f"{node.url}/containers/lost/start").status_code == 404
    assert json.loads(waiting.result(PATIENCE)) == {"StatusCode": 128}
    assert node.client.get(f"{node.url}/containers/lost/json").status_code == 404


def test_a_health_is_told_while_nothing_else_happens(node: Node) -> None:
    query = urlencode({"filters": json.dumps({"event": ["health_status"]})})
    with httpx.stream("GET", f"{node.url}/events?{query}", timeout=PATIENCE) as answer:
        check = {"Test": ["CMD", "hostname"], "Interval": 1_000_000}  # nanoseconds
        node.post("/containers/create?name=db", {"Image": "iis", "Healthcheck": check})
        node.post("/containers/db/start")
        told = json.loads(next(answer.iter_lines()))
    assert (told["Action"], told["Actor"]["Attributes"]["name"]) == ("health_status: healthy", "db")
