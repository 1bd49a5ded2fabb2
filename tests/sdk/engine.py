"""An emulated Docker daemon in place of an engine that runs the image of hnsemu.

Nothing runs in its containers, so the ports that they publish lead to the service itself, which is
what the image would start. Both are on an address of their own, where no other program listens.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx

from tests.waiting import PATIENCE

_ADDRESS = "127.77.0.1"
_PAUSE = 0.1  # seconds between looks at what is published
_DEFAULT_NETWORK = "reaper_default"
"""testcontainers-go looks for it when there is no network `bridge`, which Windows cannot have."""


class Engine:
    """Sockets that lead to a service, each served by threads of its own."""

    def __init__(self, service: str, host: str) -> None:
        """Reach the Docker daemon of `host` on the service."""
        self._door = f"/hosts/{host}/docker"
        self._service = httpx.URL(service)
        self._listeners: dict[int, socket.socket] = {}
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._follow)

    def start(self) -> str:
        """Begin; return the DOCKER_HOST."""
        listener = self._listen(0, self._door)
        self._watch.start()
        return f"tcp://{_ADDRESS}:{listener.getsockname()[1]}"

    def stop(self) -> None:
        """Close all listening sockets."""
        self._ended.set()
        self._watch.join()
        for listener in self._listeners.values():
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _follow(self) -> None:
        with httpx.Client(base_url=self._service, timeout=PATIENCE) as http:
            while not self._ended.wait(_PAUSE):
                for container in http.get(f"{self._door}/containers/json").json():
                    for port in container["Ports"]:
                        if port.get("PublicPort") not in {None, *self._listeners}:
                            self._listen(port["PublicPort"], "")

    def _listen(self, port: int, prefix: str) -> socket.socket:
        listener = socket.create_server((_ADDRESS, port))
        self._listeners[port] = listener
        threading.Thread(target=self._accept, args=(listener, prefix), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket, prefix: str) -> None:
        with suppress(OSError):  # it was closed
            while True:
                client, _ = listener.accept()
                threading.Thread(target=self._lead, args=(client, prefix), daemon=True).start()

    def _lead(self, client: socket.socket, prefix: str) -> None:
        """Lead one request to the service: the connection ends with it, as `prefix` needs."""
        address = (self._service.host, self._service.port or 80)
        with client, suppress(OSError), socket.create_connection(address) as server:
            head, rest = _head(client)
            server.sendall(_with_prefix(head, prefix) + rest)
            threading.Thread(target=_copy, args=(client, server), daemon=True).start()
            _copy(server, client)


def _head(client: socket.socket) -> tuple[bytes, bytes]:
    """Return the head of a request with its blank line, and what has come of the body."""
    read = b""
    while b"\r\n\r\n" not in read:
        part = client.recv(65536)
        if not part:
            raise ConnectionResetError
        read += part
    head, blank, rest = read.partition(b"\r\n\r\n")
    return head + blank, rest


def _with_prefix(head: bytes, prefix: str) -> bytes:
    first, *lines = head.split(b"\r\n")
    method, _, rest = first.partition(b" ")
    kept = [line for line in lines if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([method + b" " + prefix.encode() + rest, b"Connection: close", *kept])


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def engine(service: str, host: str) -> Iterator[str]:
    """Yield a DOCKER_HOST whose containers answer as the service does."""
    httpx.put(
        f"{service}/emulator/hosts/{host}", json={"docker": True}, timeout=PATIENCE
    ).raise_for_status()
    network = {"Name": _DEFAULT_NETWORK, "Driver": "nat"}
    docker = f"{service}/hosts/{host}/docker"
    httpx.post(f"{docker}/networks/create", json=network, timeout=PATIENCE).raise_for_status()
    running = Engine(service, host)
    try:
        yield running.start()
    finally:
        running.stop()
