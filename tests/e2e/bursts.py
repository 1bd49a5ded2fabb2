"""Bursts of clients: connections at once, watches that are cut, requests that stay half."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpx

from tests.api.calls import WORKING, WORLD, Call
from tests.waiting import PATIENCE

CLIENTS = int(os.environ.get("HNSEMU_TEST_CLIENTS", "16"))
"""How many clients of a burst connect at once."""

HALVES = (
    b"",
    b"GET /v2/netw",
    b"POST /v2/networks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\n{",
    b"POST /v2/networks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
)
WATCHES = (
    "/v2/notifications?after=0",
    "/emulator/hosts/default/requests/events?after=0",
    "/emulator/hosts/default/requests?wait=300s&min=1000000",
    "/docker/events",
)
_FRESH = ("/emulator/hosts/node-1", "/emulator/hosts/node-2", "/emulator/hosts/real")
_ALL_HOSTS = {"resetHosts", "putServiceState", "changeClock"}
_BIG = json.dumps({"SchemaVersion": {"Major": 2, "Minor": 0}, "Name": "x" * 20_000}).encode()


@dataclass(frozen=True)
class Bursts:
    """What many clients do to a service, again and again; each burst leaves nothing behind."""

    url: str

    def play(self, number: int) -> list[str]:
        """Play one burst; return the answers that no client may get."""
        with ExitStack() as stack:
            for path in WATCHES:
                stack.enter_context(self._cut_at_the_end(watch(path)))
            for half in HALVES:
                stack.enter_context(self._cut_at_the_end(half))
                self._leave(half)
            return [*self._every_operation(number), *self._at_once()]

    def _at_once(self) -> list[str]:
        """Let many clients, each with a connection of its own, create and delete together."""
        failures = list[str]()
        together = threading.Barrier(CLIENTS)

        def work(_: int) -> None:
            with httpx.Client(base_url=self.url, timeout=PATIENCE) as client:
                together.wait(PATIENCE)
                answer = client.post("/v2/namespaces", content=_BIG)
                if not answer.is_success:
                    failures.append(answer.text)
                    return
                client.get("/host/topology")
                client.get("/v2/endpoints?limit=0")  # refused
                client.delete(f"/v2/namespaces/{answer.json()['ID']}").raise_for_status()

        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(work, range(CLIENTS)))
        return failures

    def _every_operation(self, number: int) -> list[str]:
        """Send each operation to hosts of this burst, and remove them."""
        failures = list[str]()
        host = f"burst-{number}"
        with httpx.Client(base_url=self.url, timeout=PATIENCE) as client:
            client.put(f"/emulator/hosts/{host}", json={"journal": True}).raise_for_status()
            for call in [*WORLD, *(WORKING[name] for name in WORKING if name not in _ALL_HOSTS)]:
                answer = client.request(call.method, _on(host, call), json=call.json)
                if answer.status_code >= 500:
                    failures.append(f"{call.method} {call.path}: {answer.text}")
            for path in (*_FRESH, f"/emulator/hosts/{host}"):
                client.delete(path)
        return failures

    def _leave(self, data: bytes) -> None:
        with self._connection() as connection:
            connection.sendall(data)

    @contextmanager
    def _cut_at_the_end(self, data: bytes) -> Iterator[None]:
        with self._connection() as connection:
            connection.sendall(data)
            yield

    def _connection(self) -> socket.socket:
        host, _, port = self.url.removeprefix("http://").partition(":")
        return socket.create_connection((host, int(port)), timeout=PATIENCE)


def watch(path: str) -> bytes:
    """Return the request that opens a watch."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def _on(host: str, call: Call) -> str:
    is_shared = call.path.startswith(("/emulator", "/livez", "/readyz", "/healthz"))
    return call.path if is_shared else f"/hosts/{host}{call.path}"
