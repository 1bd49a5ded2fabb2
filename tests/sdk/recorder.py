"""A TCP port that passes everything on to a server and keeps what clients sent."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.waiting import PATIENCE


class Recorder:
    """Its port, and the bytes that came to it."""

    def __init__(self, upstream: tuple[str, int]) -> None:
        """Listen on a free port of the loopback interface."""
        self._upstream = upstream
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.sent = b""

    def serve(self) -> None:
        """Pass connections on, one thread a direction, until the port is closed."""
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._upstream, timeout=PATIENCE)
            threading.Thread(target=self._pass_on, args=(client, server), daemon=True).start()
            threading.Thread(target=self._pass_back, args=(server, client), daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):  # the other direction ended first and closed both
            while some := client.recv(65536):
                self.sent += some
                server.sendall(some)
            server.shutdown(socket.SHUT_WR)

    def _pass_back(self, server: socket.socket, client: socket.socket) -> None:
        with server, client, suppress(OSError):  # the client went
            while some := server.recv(65536):
                client.sendall(some)


@contextmanager
def recording(url: str) -> Iterator[Recorder]:
    """Record what is sent to the server at `url` in the block."""
    host, _, port = url.removeprefix("http://").partition(":")
    recorder = Recorder((host, int(port)))
    thread = threading.Thread(target=recorder.serve, daemon=True)
    thread.start()
    try:
        yield recorder
    finally:
        recorder.close()
        thread.join(timeout=PATIENCE)
