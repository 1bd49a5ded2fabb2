"""`hnsemu backup`: taken under load, restored as docs/operations.md says."""

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hnsemu.cli.app import cli
from tests.e2e.load import Load, check_nothing_is_lost_or_half_there
from tests.e2e.servers import serving

OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def back_up(url: str, file: Path) -> Result:
    """Run `hnsemu backup`."""
    return CliRunner().invoke(
        cli, ["backup", str(file), "--database-url", url], catch_exceptions=False
    )


def test_a_backup_taken_under_load_is_a_whole_database(
    tmp_path: Path, sqlite_template: Path
) -> None:
    file, copy = tmp_path / "hnsemu.db", tmp_path / "backup.db"
    file.write_bytes(sqlite_template.read_bytes())
    with serving(f"sqlite:///{file}") as server, Load(server.url) as load:
        assert load.wait_for_more(50)
        before = list(load.acknowledged)
        done = back_up(f"sqlite:///{file}", copy)
        assert (done.exit_code, done.stdout) == (0, f"{copy}\n")
        assert load.wait_for_more(50)
    with serving(f"sqlite:///{copy}") as restored:
        check_nothing_is_lost_or_half_there(restored.url, before)


def test_a_backup_takes_the_place_of_a_database_that_was_killed(
    tmp_path: Path, sqlite_template: Path
) -> None:
    file, copy = tmp_path / "hnsemu.db", tmp_path / "backup.db"
    file.write_bytes(sqlite_template.read_bytes())
    with serving(f"sqlite:///{file}") as server, server.client() as client:
        client.put("/emulator/hosts/before").raise_for_status()
        assert back_up(f"sqlite:///{file}", copy).exit_code == 0
        client.put("/emulator/hosts/after").raise_for_status()
        server.stop(signal.SIGKILL)
    assert (tmp_path / "hnsemu.db-wal").exists()
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"hnsemu.db{suffix}").unlink(missing_ok=True)
    file.write_bytes(copy.read_bytes())
    with serving(f"sqlite:///{file}") as server:
        hosts = [host["name"] for host in server.get("/emulator/hosts").json()]
    assert hosts == ["before", "default"]


def test_the_documented_lines_give_what_is_restored_to_the_user_of_the_service(
    tmp_path: Path,
) -> None:
    """The DynamicUser of systemd could not open a file of root's with mode 0600."""
    home, state = tmp_path / "home", tmp_path / "state"
    home.mkdir()
    state.mkdir()
    (home / "hnsemu-2026-11-28.db").touch(mode=0o600)
    if os.geteuid() == 0:
        os.chown(state, 10_001, 10_001)
    restore = re.search(r"## Restore.*?```sh\n(.*?)```", OPERATIONS.read_text(), re.DOTALL)
    assert restore
    lines = restore[1].replace("/var/lib/hnsemu", str(state)).splitlines()
    script = "\n".join(line for line in lines if not line.startswith("systemctl"))
    subprocess.run(["bash", "-ec", script], env={**os.environ, "HOME": str(home)}, check=True)
    owner = (state / "hnsemu.db").stat()
    assert (owner.st_uid, owner.st_gid) == (state.stat().st_uid, state.stat().st_gid)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql+psycopg://u@h/d", "pg_dump"),
        ("sqlite:///{folder}/missing.db", "missing.db"),
        ("sqlite://", "there is no file"),
        ("nonsense", "invalid database URL"),
    ],
)
def test_what_cannot_be_copied_is_said(url: str, reason: str, tmp_path: Path) -> None:
    refused = back_up(url.format(folder=tmp_path), tmp_path / "backup.db")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert reason in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())
