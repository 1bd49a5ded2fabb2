"""A backup holds everything that is committed, and touches nothing else."""

import sqlite3
from pathlib import Path

import pytest

from hnsemu.storage.backup import copy_sqlite


@pytest.fixture
def database_file(tmp_path: Path, sqlite_template: Path) -> Path:
    """Return a database whose name has to be quoted in a URL."""
    file = tmp_path / "my #1?.db"
    file.write_bytes(sqlite_template.read_bytes())
    return file


def names(file: Path) -> list[str]:
    connection = sqlite3.connect(file)
    found = [name for (name,) in connection.execute("SELECT name FROM added")]
    connection.close()
    return found


def test_what_is_committed_is_copied_while_a_writer_goes_on(
    database_file: Path, tmp_path: Path
) -> None:
    writer = sqlite3.connect(database_file, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE added (name TEXT)")
    writer.execute("INSERT INTO added VALUES ('committed')")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO added VALUES ('pending')")
    copy = tmp_path / "copy.db"
    copy_sqlite(database_file, copy)
    writer.execute("COMMIT")
    writer.close()
    assert names(copy) == ["committed"]
    assert names(database_file) == ["committed", "pending"]
    assert sorted(path.name for path in tmp_path.glob("*copy*")) == ["copy.db"]


def test_a_backup_overwrites_nothing(database_file: Path, tmp_path: Path) -> None:
    for existing in (database_file, tmp_path / "other"):
        existing.touch()
        before = existing.read_bytes()
        with pytest.raises(FileExistsError, match="overwrites nothing"):
            copy_sqlite(database_file, existing)
        assert existing.read_bytes() == before


def test_a_failed_backup_leaves_no_file(tmp_path: Path) -> None:
    source = tmp_path / "no.db"
    with pytest.raises(FileNotFoundError, match=r"no\.db"):
        copy_sqlite(source, tmp_path / "copy.db")
    source.write_text("this is no database " * 1000)
    with pytest.raises(sqlite3.DatabaseError):
        copy_sqlite(source, tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == [source]
