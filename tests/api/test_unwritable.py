"""A database that cannot be written is said to be so, and nothing is lost."""

import shutil
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """Return the URL of a SQLite file: what is tested here concerns files."""
    (tmp_path / "hnsemu.db").write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{tmp_path}/hnsemu.db"


async def test_a_change_of_a_read_only_database_is_refused_with_the_reason(
    client: httpx.AsyncClient, service: FastAPI
) -> None:
    with service.state.service.database.writing() as connection:
        connection.exec_driver_sql("PRAGMA query_only = 1")
    refused = await client.put("/emulator/hosts/other")
    assert refused.status_code == 503
    assert "the database is read-only" in refused.json()["Detail"]
    assert (await client.get("/v2/networks")).status_code == 200


@pytest.mark.parametrize("is_replaced", [False, True])
async def test_a_file_that_was_moved_away_is_not_written_on(
    *, is_replaced: bool, client: httpx.AsyncClient, tmp_path: Path, sqlite_template: Path
) -> None:
    file = tmp_path / "hnsemu.db"
    moved = file.rename(tmp_path / "moved.db")
    if is_replaced:
        shutil.copyfile(sqlite_template, file)
    refused = await client.put("/emulator/hosts/other")
    assert refused.status_code == 503
    assert "was moved, deleted or replaced" in refused.json()["Detail"]
    for path in ("/v2/networks", "/v2/networks?limit=1", "/readyz", "/hosts/default/host"):
        assert (await client.get(path)).status_code == 503
    assert (await client.get("/livez")).status_code == 200
    assert file.exists() == is_replaced
    moved.rename(file)
    assert (await client.get("/readyz")).status_code == 200
    assert (await client.put("/emulator/hosts/other")).status_code == 201
