"""Hosts are restored, reset, replaced, removed and made again under programs that use them.

A program that comes too late is told that the host or the object is not there. Nothing fails, and
what a host shows at the end agrees with itself.
"""

import json
import threading
from collections.abc import Callable
from http import HTTPStatus

import httpx

from tests.e2e.invariants import check
from tests.e2e.random_client import RandomClient
from tests.e2e.servers import Server, serving
from tests.waiting import PATIENCE

HOST = "/emulator/hosts/node"
ROUNDS = 2
OPERATIONS = 20

Call = tuple[str, str, bytes]


def changes(client: httpx.Client) -> list[Call]:
    """Return what takes the ground from under programs, in an order that ends with a host."""
    state = client.get(f"{HOST}/state").content
    dump = json.dumps({"ID": "404947ac-fc8f-4229-a4b5-595b9161f3a8", "Name": "real", "Type": "NAT",
                       "Subnets": [{"AddressPrefix": "10.9.0.0/16"}]}).encode()  # fmt: skip
    return [
        ("POST", f"{HOST}/snapshots/before/restore", b""),
        ("POST", f"{HOST}/reset", b""),
        ("PUT", f"{HOST}/state", state),
        ("POST", f"{HOST}/restart", b""),
        ("DELETE", HOST, b""),
        ("POST", f"{HOST}/import", dump),
        ("PUT", f"{HOST}/snapshots/before", b""),
        ("POST", f"{HOST}/reboot", b""),
    ]


def watch(server: Server, path: str, failures: list[str], may_end: threading.Event) -> None:
    """Ask for something again and again."""
    with server.client() as client:
        while not may_end.wait(0.05):
            answer = client.get(path)
            if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                failures.append(f"GET {path}: {answer.text}")


def follow(server: Server, path: str, failures: list[str], may_end: threading.Event) -> None:
    """Read a stream, and again when it ends."""
    with server.client() as client:
        while not may_end.is_set():
            with client.stream("GET", path) as answer:
                if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    failures.append(f"GET {path}: {answer.status_code}")
                for _ in answer.iter_lines():
                    if may_end.is_set():
                        return


def test_hosts_change_under_programs(database_url: str) -> None:
    with serving(database_url) as server, server.client() as client:
        assert client.put(HOST, json={"release": "ws2022", "journal": True}).status_code == 201
        assert client.put(f"{HOST}/snapshots/before").status_code == 201
        failures: list[str] = []
        may_end = threading.Event()
        programs = [RandomClient(server.url, ["node"], number, set()) for number in range(3)]
        beside: list[tuple[Callable[..., None], str]] = [
            (watch, f"{HOST}/requests?wait=200ms&min=1000000"),
            (watch, "/hosts/node/ui/topology"),
            (watch, "/hosts/node/host/reachability"),
            (follow, f"{HOST}/requests/events"),
            (follow, "/hosts/node/v2/notifications"),
        ]
        readers = [
            threading.Thread(target=work, args=(server, path, failures, may_end))
            for work, path in beside
        ]
        writers = [
            threading.Thread(target=program.run, args=(OPERATIONS,), kwargs={"restarts": True})
            for program in programs
        ]
        for thread in [*readers, *writers]:
            thread.start()
        for _ in range(ROUNDS):
            for method, path, body in changes(client):
                answer = client.request(method, path, content=body, timeout=PATIENCE)
                if not answer.is_success:
                    failures.append(f"{method} {path}: {answer.text}")
        for thread in writers:
            thread.join()
        may_end.set()
        client.post(f"{HOST}/restart")  # wakes the streams
        client.post("/hosts/node/v2/networks", json={"Name": "last", "Type": "Private"})
        for thread in readers:
            thread.join()
        failures += [failure for program in programs for failure in program.failures]
        assert failures == []
        check(client, "node")
