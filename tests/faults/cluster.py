"""A PostgreSQL of a test's own that can be killed and started again."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port
from tests.waiting import PATIENCE

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
OWNER = "postgres"
"""The user that runs PostgreSQL, which refuses to run as root."""


class Cluster:
    """A database cluster in a folder, listening on loopback."""

    def __init__(self, folder: Path, primary: "Cluster | None" = None) -> None:
        """Make the cluster; `start` runs it.

        primary: the server that it follows, if it is a replica.
        """
        self._folder = folder
        self.port = free_port()
        self.url = f"postgresql+psycopg://hnsemu@127.0.0.1:{self.port}/postgres"
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER)
        if primary is None:
            self._run("initdb", "-U", "hnsemu", "-A", "trust", "-E", "UTF8", "--locale=C")
        else:
            source = f"host=127.0.0.1 port={primary.port} user=hnsemu"
            self._run("pg_basebackup", "-d", source, "-R", "-c", "fast")

    def start(self) -> None:
        """Run the server and wait until it answers."""
        options = f"-h 127.0.0.1 -p {self.port} -k {self._folder} -c max_connections=60"
        self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def kill(self) -> None:
        """End the server as a power cut would: no checkpoint, connections just break."""
        self._run("pg_ctl", "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(PROGRAMS[-1] / program), "-D", str(self._folder / "data"), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", OWNER, "--", *command]
        subprocess.run(
            command, cwd=self._folder, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL
        )


@contextmanager
def cluster(folder: Path, primary: Cluster | None = None) -> Iterator[Cluster]:
    """Start a cluster of its own below `folder`, which the server's user must be able to enter.

    primary: the server that it follows, if it is a replica.
    """
    made = Cluster(folder, primary)
    made.start()
    try:
        yield made
    finally:
        made.kill()
