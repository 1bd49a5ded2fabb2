"""`hnsemu serve` as a user meets it: its line, its end, and what survives its death."""

import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from hnsemu.storage.versions import HEAD
from tests.conftest import DATABASES
from tests.e2e.load import (
    ENDPOINT,
    Load,
    check_nothing_is_lost_or_half_there,
    first_network,
)
from tests.e2e.servers import COMMAND, serving


def test_one_line_says_where_it_answers(database_url: str) -> None:
    with serving(database_url) as server:
        assert re.fullmatch(r"hnsemu ready on http://127\.0\.0\.1:\d+", server.ready)
        assert httpx.get(f"{server.url}/readyz").status_code == 200
        assert server.stop() == 0
        assert server.process.stdout is not None
        assert server.process.stdout.read() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_gracefully(database_url: str, number: signal.Signals) -> None:
    with serving(database_url) as server:
        assert server.stop(number) == 0


def test_what_was_made_is_there_after_a_restart(database_url: str) -> None:
    with serving(database_url) as server, httpx.Client(base_url=server.url) as client:
        path = f"/v2/networks/{first_network(server.url)}/endpoints"
        made = client.post(path, content=ENDPOINT).json()
        server.stop()
    with serving(database_url) as server, httpx.Client(base_url=server.url) as client:
        assert client.get(f"/v2/endpoints/{made['ID']}").json() == made


def test_killed_in_mid_load_it_loses_no_acknowledged_write(database_url: str) -> None:
    with serving(database_url) as server, Load(server.url) as load:
        assert load.wait_for_more(200)
        server.stop(signal.SIGKILL)
    with serving(database_url) as server:
        check_nothing_is_lost_or_half_there(server.url, load.acknowledged)


def test_several_workers_need_postgresql(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hnsemu.db'}"
    refused = subprocess.run(
        [*COMMAND, "--database-url", url, "--workers", "2"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert refused.returncode != 0
    assert refused.stdout == ""
    assert "PostgreSQL" in refused.stderr


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
def test_several_workers_share_one_state(database_url: str) -> None:
    with serving(database_url, "--workers", "2") as server:
        ids: list[str] = []

        def create() -> None:
            with httpx.Client(base_url=server.url) as client:
                path = f"/v2/networks/{first_network(server.url)}/endpoints"
                ids.extend(client.post(path, content=ENDPOINT).json()["ID"] for _ in range(10))

        clients = [threading.Thread(target=create) for _ in range(8)]
        for each in clients:
            each.start()
        for each in clients:
            each.join()
        listed = httpx.get(f"{server.url}/v2/endpoints").json()
        assert {each["ID"] for each in listed} == set(ids)
        assert len({each["IpConfigurations"][0]["IpAddress"] for each in listed}) == 80
        assert server.stop() == 0


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
def test_every_worker_tells_the_metrics_of_all(database_url: str) -> None:
    with serving(database_url, "--workers", "2") as server:
        for _ in range(30):  # each over a connection of its own, which either worker may take
            httpx.get(f"{server.url}/v2/networks").raise_for_status()
        for _ in range(6):
            told = httpx.get(f"{server.url}/metrics").text
            assert 'hnsemu_requests_total{method="GET",path="/v2/networks",status="200"} 30' in told
        assert server.stop() == 0


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
def test_workers_end_when_their_parent_is_killed(database_url: str) -> None:
    with serving(database_url, "--workers", "2") as server:
        server.stop(signal.SIGKILL)
        end = time.monotonic() + 30
        while _answers(server.url):
            assert time.monotonic() < end, "a worker is still there"
            time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        httpx.get(f"{url}/livez")
    except httpx.TransportError:
        return False
    return True


def test_an_ephemeral_database_leaves_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "--ephemeral"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
        env={"TMPDIR": str(tmp_path), "PATH": ""},
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("hnsemu ready on ")
    assert any(tmp_path.iterdir())
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    process.stdout.close()
    assert not any(tmp_path.iterdir())


def test_an_unmigrated_sqlite_file_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "fresh.db"
    with serving(f"sqlite:///{path}") as server:
        assert server.stop() == 0
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)


def test_the_command_line_speaks_plainly() -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "hnsemu.cli", "serve", "--release", "ws3000", "--ephemeral"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert refused.returncode != 0
    assert "ws3000" in refused.stderr
    assert "Traceback" not in refused.stderr
