"""Parts of a transaction that go back alone, on both databases."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from hnsemu.storage.database import Database
from hnsemu.storage.savepoints import savepoint
from hnsemu.storage.transaction import Hns
from tests.work import calls


def names(connection: Connection) -> list[str]:
    return list(connection.scalars(text("SELECT name FROM hosts ORDER BY name")))


def rename(connection: Connection, name: str) -> None:
    connection.execute(text("UPDATE hosts SET name = :name"), {"name": name})


def attempt(connection: Connection, name: str, *, fails: bool, inner: str = "") -> None:
    with savepoint(connection):
        rename(connection, name)
        if inner:
            with pytest.raises(ValueError, match=inner):
                attempt(connection, inner, fails=True)
            assert names(connection) == [name]
        if fails:
            raise ValueError(name)


@pytest.fixture
def database(hns: Hns) -> Database:
    """Return a database with the host `default`."""
    return hns.database


def test_what_raises_goes_back_and_what_was_before_stays(database: Database) -> None:
    with database.writing() as connection:
        rename(connection, "before")
        with pytest.raises(ValueError, match="failed"):
            attempt(connection, "failed", fails=True)
        assert names(connection) == ["before"]


def test_what_ends_well_stays_without_what_failed_inside(database: Database) -> None:
    with database.writing() as connection:
        attempt(connection, "outer", fails=False, inner="inner")
    with database.reading() as connection:
        assert names(connection) == ["outer"]


def test_an_outer_part_takes_the_inner_one_back(database: Database) -> None:
    with database.writing() as connection:
        with pytest.raises(ValueError, match="outer"):
            attempt(connection, "outer", fails=True, inner="inner")
        assert names(connection) == ["default"]


def test_savepoints_are_not_built_each_time(database: Database) -> None:
    with database.writing() as connection:

        def prepared() -> None:
            with savepoint(connection):
                pass

        def built() -> None:
            with connection.begin_nested():
                pass

        prepared()
        built()
        if database.is_sqlite:
            assert calls(prepared) * 3 < calls(built)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_savepoint_makes_no_file(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE large (value)"))
        rows = [{"value": f"{number:03000}"} for number in range(100)]  # SQLite keeps 64 KiB itself
        connection.execute(text("INSERT INTO large VALUES (:value)"), rows)
        with savepoint(connection):
            connection.execute(text("UPDATE large SET value = lower(value) || 'x'"))
            opened = [str(entry.resolve()) for entry in Path("/proc/self/fd").iterdir()]
        assert not [path for path in opened if "etilqs" in path]
