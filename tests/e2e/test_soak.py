"""After each burst of clients a service is what it was: descriptors, threads, connections, rows.

HNSEMU_TEST_BURSTS says how many bursts; `make soak` plays an hour's worth, one a minute, and then
looks at the memory, too. What ends after some time ends sooner here: half requests after a second,
idle threads at once (`hurried.py`).
"""

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, NullPool, create_engine, inspect, text

from tests.e2e.bursts import Bursts
from tests.e2e.servers import Server, serving
from tests.waiting import PATIENCE

BURSTS = int(os.environ.get("HNSEMU_TEST_BURSTS", "2"))
HOUR = 60
"""Bursts after which the memory shows whether it grows."""

SPARE = {"descriptors": 48, "threads": 6, "connections": 21}
"""How much more than before the bursts there may be: a few threads with their connections on
SQLite; on PostgreSQL the pool of 20, and one that listens."""

KEPT = {"notifications": 100 + 64, "calls": 100 + 256}
"""The most rows of what is kept for a while: what the settings say, and what goes at once."""

GROWTH = 1.1


@dataclass
class Soaked:
    """A service under bursts."""

    server: Server
    engine: Engine

    def usage(self) -> dict[str, int]:
        """Return what the process holds."""
        process = Path("/proc", str(self.server.process.pid))
        return {
            "descriptors": len(list((process / "fd").iterdir())),
            "threads": len(list((process / "task").iterdir())),
            "connections": self.connections(),
        }

    def connections(self) -> int:
        """Return how many connections PostgreSQL has; those of SQLite are descriptors."""
        if self.engine.dialect.name == "sqlite":
            return 0
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        with self.engine.connect() as connection:
            return int(connection.scalar(text(query)) or 0)

    def memory(self) -> int:
        """Return the resident memory in KiB."""
        status = Path("/proc", str(self.server.process.pid), "status").read_text()
        (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
        return int(line.split()[1])

    def rows(self) -> dict[str, int]:
        """Return the number of rows of each table."""
        with self.engine.connect() as connection:
            return {
                table: int(connection.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0)  # noqa: S608 (its own tables)
                for table in inspect(connection).get_table_names()
            }

    def rest(self, most: dict[str, int]) -> dict[str, int]:
        """Return the usage once it is as low as `most`, or what it stays at."""
        end = time.monotonic() + PATIENCE
        usage = self.usage()
        while any(usage[kind] > most[kind] for kind in most) and time.monotonic() < end:
            time.sleep(0.3)
            self.server.get("/metrics")  # in a thread, which ends those that were idle
            usage = self.usage()
        return usage


@pytest.fixture
def soaked(database_url: str) -> Iterator[Soaked]:
    """Return a service that keeps little; what it logs fails the test."""
    settings = {"HNSEMU_REQUEST_TIMEOUT": "10", "HNSEMU_NOTIFICATIONS_KEPT": "100"}
    engine = create_engine(database_url, poolclass=NullPool)
    with (
        tempfile.TemporaryFile("w+") as log,
        serving(database_url, module="tests.e2e.hurried", stderr=log, **settings) as server,
    ):
        journal = f"{server.url}/emulator/hosts/default/journal"
        httpx.put(journal, json={"calls": 100}, timeout=PATIENCE).raise_for_status()
        yield Soaked(server, engine)
        log.seek(0)
        assert log.read() == ""


def test_bursts_leave_nothing_behind(soaked: Soaked) -> None:
    bursts = Bursts(soaked.server.url)
    before, memory = dict[str, int](), list[int]()
    most = {kind: soaked.usage()[kind] + spare for kind, spare in SPARE.items()}
    for number in range(BURSTS):
        assert bursts.play(number) == []
        usage = soaked.rest(most)
        assert {kind: usage[kind] for kind in most if usage[kind] > most[kind]} == {}
        rows = soaked.rows()
        assert {table: rows[table] for table in KEPT if rows[table] > KEPT[table]} == {}
        lasting = {table: rows[table] for table in rows.keys() - KEPT.keys()}
        before = before or lasting
        assert lasting == before
        memory.append(soaked.memory())
    if BURSTS >= HOUR:
        third = BURSTS // 3
        assert min(memory[-third:]) <= GROWTH * max(memory[:third]), memory
