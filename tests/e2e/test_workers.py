"""Workers on a busy machine: slow ones are left alone, a dead one is said aloud and replaced."""

import os
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import DATABASES
from tests.e2e.servers import COMMAND, serving
from tests.waiting import PATIENCE, until

_SLOWER_THAN_UVICORN_ALLOWS = 8.0

pytestmark = pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)


def workers_of(pid: int) -> set[int]:
    """Return the worker processes of a server."""
    found = set()
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with suppress(OSError):  # it may have ended since it was listed
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.add(int(child))
    return found


def wait_for_workers(pid: int, count: int, other_than: frozenset[int] = frozenset()) -> set[int]:
    """Wait until a server has that many workers, without those that are known."""

    def enough() -> set[int]:
        found = workers_of(pid) - other_than
        return found if len(found) >= count else set()

    return until(enough, "the workers do not come up")


def test_slow_workers_come_up(database_url: str) -> None:
    process = subprocess.Popen(
        [*COMMAND, "--database-url", database_url, "--workers", "2"],
        stdout=subprocess.PIPE,
        text=True,
    )
    workers = wait_for_workers(process.pid, 2)
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    time.sleep(_SLOWER_THAN_UVICORN_ALLOWS)
    for worker in workers:
        os.kill(worker, signal.SIGCONT)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("hnsemu ready on ")
    assert workers_of(process.pid) == workers
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    process.stdout.close()


def test_a_worker_that_dies_is_said_aloud_and_replaced(database_url: str) -> None:
    with (
        tempfile.TemporaryFile("w+") as log,
        serving(database_url, "--workers", "2", stderr=log) as server,
    ):
        before = wait_for_workers(server.process.pid, 2)
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        wait_for_workers(server.process.pid, 1, other_than=frozenset(before))
        assert server.get("/readyz").status_code == 200
        assert server.stop() == 0
        log.seek(0)
        assert f"worker {victim} was ended by signal 9; another one starts" in log.read()
