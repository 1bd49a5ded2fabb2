"""`hnsemu serve` as a user meets it: its line, its end, and what survives its death."""

import re
import signal
import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hnsemu.cli.app import cli
from hnsemu.storage.versions import HEAD
from tests.conftest import DATABASES
from tests.e2e.load import (
    ENDPOINT,
    Load,
    check_nothing_is_lost_or_half_there,
    first_network,
)
from tests.e2e.servers import COMMAND, is_there, serving
from tests.waiting import PATIENCE, until


def test_one_line_says_where_itis_there(database_url: str) -> None:
    with serving(database_url) as server:
        assert re.fullmatch(r"hnsemu ready on http://127\.0\.0\.1:\d+", server.ready)
        assert server.get("/readyz").status_code == 200
        assert server.stop() == 0
        assert server.process.stdout is not None
        assert server.process.stdout.read() == ""


def test_objects_are_there_after_a_restart(database_url: str) -> None:
    with serving(database_url) as server, server.client() as client:
        path = f"/v2/networks/{first_network(server.url)}/endpoints"
        endpoint = client.post(path, content=ENDPOINT).json()
        server.stop()
    with serving(database_url) as server:
        assert server.get(f"/v2/endpoints/{endpoint['ID']}").json() == endpoint


def test_killed_in_mid_load_it_loses_no_acknowledged_write(database_url: str) -> None:
    with serving(database_url) as server, Load(server.url) as load:
        assert load.wait_for_more(200)
        server.stop(signal.SIGKILL)
    with serving(database_url) as server:
        check_nothing_is_lost_or_half_there(server.url, load.acknowledged)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--workers", "2", "--database-url", "sqlite:///x.db"), "PostgreSQL"),
        (("--release", "ws3000"), "ws3000"),
        (("--ephemeral", "--schema", "east"), "only PostgreSQL has schemas"),
        (("--schema", "East; DROP"), "HNSEMU_SCHEMA"),
        (("--ephemeral", "--tls-certificate", "server.pem"), "HNSEMU_TLS_KEY"),
    ],
)
def test_settings_that_cannot_work_are_refused(options: tuple[str, ...], reason: str) -> None:
    refused = CliRunner().invoke(cli, ["serve", "--port", "0", *options], catch_exceptions=False)
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert reason in refused.stderr


@pytest.mark.parametrize(("option", "said"), [("--listen", ""), ("--host", "write --listen")])
def test_the_old_option_of_the_address_is_still_taken(option: str, said: str) -> None:
    refused = CliRunner().invoke(cli, ["healthcheck", option, "127.0.0.9", "--port", "1"])
    assert refused.exit_code == 1
    assert "no service is ready on 127.0.0.9 port 1" in refused.stderr
    assert said in refused.stderr
    assert ("--listen" in refused.stderr) == bool(said)


def test_a_read_only_database_is_refused(tmp_path: Path, sqlite_template: Path) -> None:
    file = tmp_path / "hnsemu.db"
    file.write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///file:{file}?mode=ro&uri=true"
    refused = CliRunner().invoke(
        cli, ["serve", "--port", "0", "--database-url", url], catch_exceptions=False
    )
    assert refused.exit_code == 1
    assert "the database is read-only" in refused.stderr


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path, sqlite_template: Path) -> None:
    """On PostgreSQL one was sent to `hnsemu migrate`, which cannot help."""
    file = tmp_path / "hnsemu.db"
    file.write_bytes(sqlite_template.read_bytes())
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    refused = CliRunner().invoke(
        cli, ["serve", "--port", "0", "--database-url", f"sqlite:///{file}"], catch_exceptions=False
    )
    assert refused.exit_code == 1
    assert f"revision 9999, this version knows {HEAD} and older" in refused.stderr
    assert "migrate" not in refused.stderr


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
def test_several_workers_share_one_state(database_url: str) -> None:
    with serving(database_url, "--workers", "2") as server:
        ids: list[str] = []

        def create() -> None:
            with server.client() as client:
                path = f"/v2/networks/{first_network(server.url)}/endpoints"
                ids.extend(client.post(path, content=ENDPOINT).json()["ID"] for _ in range(10))

        threads = [threading.Thread(target=create) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        endpoints = server.get("/v2/endpoints").json()
        assert {endpoint["ID"] for endpoint in endpoints} == set(ids)
        addresses = {endpoint["IpConfigurations"][0]["IpAddress"] for endpoint in endpoints}
        assert len(addresses) == 80
        assert server.stop() == 0


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
def test_every_worker_shows_the_metrics_of_all(database_url: str) -> None:
    with serving(database_url, "--workers", "2") as server:
        for _ in range(30):  # each over a connection of its own, which either worker may take
            server.get("/v2/networks").raise_for_status()
        for _ in range(6):
            shown = server.get("/metrics").text
            total = 'hnsemu_requests_total{method="GET",path="/v2/networks",status="200"} 30'
            assert total in shown
        assert server.stop() == 0


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
def test_workers_end_when_their_parent_is_killed(database_url: str) -> None:
    with serving(database_url, "--workers", "2") as server:
        server.stop(signal.SIGKILL)
        until(lambda: not is_there(server.url), "a worker is still there")


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
    assert process.wait(PATIENCE) == 0
    process.stdout.close()
    assert not any(tmp_path.iterdir())


def test_an_unmigrated_sqlite_file_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "fresh.db"
    with serving(f"sqlite:///{path}") as server:
        assert server.stop() == 0
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
