"""A real server process on a free port, for tests that need one."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import httpx

from tests.waiting import PATIENCE

SERVE = ["serve", "--port", "0"]
COMMAND = [sys.executable, "-m", "hnsemu.cli", *SERVE]


class Server:
    """A running `hnsemu serve`."""

    def __init__(self, process: "subprocess.Popen[str]", ready: str) -> None:
        """Keep the process and the line it printed when it was ready."""
        self.process = process
        self.ready = ready
        self.url = ready.rsplit(maxsplit=1)[-1]

    def client(self) -> httpx.Client:
        """Return an HTTP client, to be closed by the caller."""
        return httpx.Client(base_url=self.url, timeout=PATIENCE)

    def get(self, path: str) -> httpx.Response:
        """Return the response to a GET over a connection of its own."""
        return httpx.get(f"{self.url}{path}", timeout=PATIENCE)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)


def is_there(url: str) -> bool:
    """Tell whether a service takes connections at an address."""
    try:
        httpx.get(f"{url}/livez", timeout=PATIENCE)
    except httpx.TransportError:
        return False
    return True


@contextmanager
def serving(
    database_url: str,
    *options: str,
    stderr: IO[str] | None = None,
    module: str = "hnsemu.cli",
    **variables: str,
) -> Iterator[Server]:
    """Start a server on a database; the block begins when the server is ready."""
    command = [sys.executable, "-m", module, *SERVE]
    process = subprocess.Popen(
        [*command, "--database-url", database_url, *options],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        env={**os.environ, **variables},
    )
    try:
        assert process.stdout is not None
        yield Server(process, process.stdout.readline().rstrip("\n"))
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
