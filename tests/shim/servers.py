"""Services that misbehave: each listens on loopback and treats every connection alike."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.waiting import PATIENCE

Treat = Callable[[socket.socket, bytes], None]
"""What is done with a connection and the request that came over it."""


@contextmanager
def misbehaving(treat: Treat) -> Iterator[str]:
    """Accept connections and let `treat` have each with its request; yield the URL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threads: list[threading.Thread] = []

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    accepted, _ = listening.accept()
                    threads.append(threading.Thread(target=handle, args=(accepted,)))
                    threads[-1].start()

        def handle(accepted: socket.socket) -> None:
            with accepted, contextlib.suppress(OSError):
                accepted.settimeout(PATIENCE)
                treat(accepted, accepted.recv(65536))

        accepting = threading.Thread(target=serve)
        accepting.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for thread in threads:
                thread.join()
