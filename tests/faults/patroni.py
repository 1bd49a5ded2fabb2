"""Two PostgreSQL servers that Patroni keeps as one database, with etcd, on loopback.

Synchronous mode: a commit is answered when both servers have it. Either one may be killed.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.faults.cluster import OWNER, PROGRAMS
from tests.ports import free_port
from tests.waiting import PATIENCE, until

_APART = "the servers do not find together"
_LEASE = 10  # seconds until a leader that says nothing is none any more


class Node:
    """One server and the Patroni that runs it."""

    def __init__(self, folder: Path, name: str, etcd: int) -> None:
        """Write the configuration; `start` runs it."""
        self.port = free_port()
        self._rest = free_port()
        self._data = folder / name
        self._file = folder / f"{name}.yaml"
        self._log = folder / f"{name}.log"
        self._file.write_text(yaml.safe_dump(self._configuration(folder, name, etcd)))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run Patroni, which runs the server."""
        self._process = _run("patroni", str(self._file), log=self._log)

    def kill(self) -> None:
        """End Patroni, the server and everything it has started, all at once, with SIGKILL."""
        if self._process is None:
            return
        for pid in [self._process.pid, *self._server()]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def role(self) -> str:
        """Return what Patroni says the server is: "leader", "sync_standby", …; "" if it is dead."""
        with suppress(httpx.TransportError):
            members = httpx.get(f"http://127.0.0.1:{self._rest}/cluster", timeout=PATIENCE).json()[
                "members"
            ]
            for member in members:
                if member["port"] == self.port and member["state"] in ("running", "streaming"):
                    return str(member["role"])
        return ""

    def _server(self) -> list[int]:
        """Return the processes of the server, none when it does not run."""
        try:
            pid = int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
            is_it = Path(f"/proc/{pid}/cwd").readlink() == self._data
        except (OSError, ValueError):
            return []
        return [pid, *_children(pid)] if is_it else []

    def _configuration(self, folder: Path, name: str, etcd: int) -> dict[str, Any]:
        rest, server = f"127.0.0.1:{self._rest}", f"127.0.0.1:{self.port}"
        return {
            "scope": "hnsemu",
            "name": name,
            "restapi": {"listen": rest, "connect_address": rest},
            "etcd3": {"host": f"127.0.0.1:{etcd}"},
            "bootstrap": {
                "dcs": {
                    "ttl": _LEASE,
                    "loop_wait": 1,
                    "retry_timeout": 3,
                    "synchronous_mode": True,
                    "postgresql": {
                        "use_pg_rewind": True,
                        "remove_data_directory_on_diverged_timelines": True,
                        "parameters": {"max_connections": 60},
                    },
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C"}],
            },
            "postgresql": {
                "listen": server,
                "connect_address": server,
                "data_dir": str(self._data),
                "bin_dir": str(PROGRAMS[-1]),
                "pgpass": str(folder / f"{name}.pgpass"),
                "authentication": {
                    "superuser": {"username": "hnsemu"},
                    "replication": {"username": "replicator"},
                },
                "pg_hba": [
                    "host all all 127.0.0.1/32 trust",
                    "host replication all 127.0.0.1/32 trust",
                ],
                "parameters": {"unix_socket_directories": str(folder)},
            },
        }


class Pair:
    """The two servers."""

    def __init__(self, nodes: tuple[Node, Node]) -> None:
        """Start the servers and wait until both have everything."""
        self._nodes = nodes
        for node in nodes:
            node.start()
        self.wait_until_synchronous()

    def url(self, session: str) -> str:
        """Return the URL of both servers. session: "read-write", "prefer-standby", …."""
        hosts = "&".join(f"host=127.0.0.1:{node.port}" for node in self._nodes)
        return f"postgresql+psycopg://hnsemu@/postgres?{hosts}&target_session_attrs={session}"

    def leader(self) -> Node:
        """Return the server that takes writes, once there is one."""
        return until(self._leading, _APART)

    def _leading(self) -> Node | None:
        return next((node for node in self._nodes if node.role() == "leader"), None)

    def wait_until_synchronous(self) -> None:
        """Wait until what one server commits is on the other one, too."""
        until(lambda: {node.role() for node in self._nodes} == {"leader", "sync_standby"}, _APART)


@contextmanager
def pair(folder: Path) -> Iterator[Pair]:
    """Run etcd and two servers below `folder`, which PostgreSQL's user must be able to enter."""
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER)
    client, peer = free_port(), free_port()
    here, there = f"http://127.0.0.1:{client}", f"http://127.0.0.1:{peer}"
    with ExitStack() as running:
        etcd = _run(
            *("etcd", "--data-dir", str(folder / "etcd"), "--unsafe-no-fsync"),
            *("--listen-client-urls", here, "--advertise-client-urls", here),
            *("--listen-peer-urls", there, "--initial-advertise-peer-urls", there),
            *("--initial-cluster", f"default={there}"),
            log=folder / "etcd.log",
        )
        running.callback(etcd.wait)
        running.callback(etcd.kill)
        nodes = Node(folder, "one", client), Node(folder, "two", client)
        for node in nodes:
            running.callback(node.kill)
        yield Pair(nodes)


def _run(*command: str, log: Path) -> "subprocess.Popen[bytes]":
    """Start a program as the user that PostgreSQL wants."""
    user = {"user": OWNER, "group": OWNER, "extra_groups": []} if os.geteuid() == 0 else {}
    with log.open("ab") as file:
        return subprocess.Popen(command, cwd=log.parent, stdout=file, stderr=file, **user)  # type: ignore[call-overload, no-any-return]  # options by name


def _children(parent: int) -> list[int]:
    """Return the processes that a process has started itself."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            *_, fields = status.read_text().rpartition(") ")
            if int(fields.split()[1]) == parent:
                found.append(int(status.parent.name))
    return found
