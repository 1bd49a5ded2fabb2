"""A PostgreSQL of a test's own that can be killed and started again."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
_OWNER = "postgres"  # PostgreSQL refuses to run as root


class Cluster:
    """A database cluster in a folder, listening on loopback."""

    def __init__(self, folder: Path) -> None:
        """Make the cluster; `start` runs it."""
        self._folder = folder
        self._port = _free_port()
        self.url = f"postgresql+psycopg://hnsemu@127.0.0.1:{self._port}/postgres"
        if os.geteuid() == 0:
            shutil.chown(folder, _OWNER)
        self._run("initdb", "-U", "hnsemu", "-A", "trust", "-E", "UTF8", "--locale=C")

    def start(self) -> None:
        """Run the server and wait until it answers."""
        options = f"-h 127.0.0.1 -p {self._port} -k {self._folder} -c max_connections=60"
        self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def kill(self) -> None:
        """End the server as a power cut would: no checkpoint, connections just break."""
        self._run("pg_ctl", "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(_PROGRAMS[-1] / program), "-D", str(self._folder / "data"), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", _OWNER, "--", *command]
        subprocess.run(command, cwd=self._folder, check=True, timeout=60, stdout=subprocess.DEVNULL)


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Start a cluster of its own below `folder`, which the server's user must be able to enter."""
    made = Cluster(folder)
    made.start()
    try:
        yield made
    finally:
        made.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
