"""A real server process on a free port, for tests that need one."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

COMMAND = [sys.executable, "-m", "hnsemu.cli", "serve", "--port", "0"]


class Server:
    """A running `hnsemu serve`."""

    def __init__(self, process: "subprocess.Popen[str]", ready: str) -> None:
        """Keep the process and the line it printed when it answered."""
        self.process = process
        self.ready = ready
        self.url = ready.rsplit(maxsplit=1)[-1]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=20)


@contextmanager
def serving(
    database_url: str, *options: str, stderr: IO[str] | None = None, **variables: str
) -> Iterator[Server]:
    """Start a server on the database; the block begins when it has said that it is ready."""
    process = subprocess.Popen(
        [*COMMAND, "--database-url", database_url, *options],
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
