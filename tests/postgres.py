"""Databases of PostgreSQL for tests: emptied and used again, as a new one is the dearer.

A new database is 10 MB of files; to delete what a test stored takes a few milliseconds.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.waiting import PATIENCE

POSTGRES_URL = os.environ.get("HNSEMU_TEST_POSTGRES_URL", "")

_MOST_USES = 100
"""Tests after which a database is dropped: what they deleted stays in its files."""

_OTHERS_GONE = """
    SELECT coalesce(bool_and(pg_terminate_backend(pid, %s)), true) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

_TABLES = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
    AND relkind = 'r' AND relname <> 'alembic_version'
"""

_FROM_ONE = """
    SELECT setval(oid::regclass, 1, false) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
"""

# A copy has the numbers of its template's objects; a table that was analysed counts its rows.
_SCHEMA = """
    SELECT (SELECT version_num FROM alembic_version),
        (SELECT array_agg((oid, nspname) ORDER BY oid)::text FROM pg_namespace
         WHERE nspname NOT LIKE 'pg\\_%'),
        (SELECT array_agg((oid, relname, reltuples, relchecks) ORDER BY oid)::text FROM pg_class
         WHERE relnamespace = 'public'::regnamespace),
        (SELECT array_agg((attrelid, attname, atttypid, attnotnull, atthasdef)
                          ORDER BY attrelid, attnum)::text
         FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
         WHERE relnamespace = 'public'::regnamespace),
        (SELECT array_agg((oid, tgname, tgenabled) ORDER BY oid)::text FROM pg_trigger),
        (SELECT array_agg((oid, conname) ORDER BY oid)::text FROM pg_constraint),
        (SELECT array_agg(oid ORDER BY oid)::text FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace),
        (SELECT count(*) FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase
         WHERE datname = current_database())
"""


def url_of(name: str) -> str:
    """Return the URL of a database."""
    return make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)


@contextmanager
def new_database(template: str = "template0") -> Iterator[str]:
    """Create a database, as a copy of `template` if given, and drop it afterwards."""
    name = _create(template)
    try:
        yield name
    finally:
        _drop(name)


class Databases:
    """Empty databases with the tables of a template, each for one test at a time."""

    def __init__(self, template: str) -> None:
        """Take the name of the template."""
        self._template = template
        with _connected(template) as connection:
            self._schema = connection.execute(_SCHEMA).fetchone()
        self._free: list[tuple[str, int]] = []

    @contextmanager
    def one(self) -> Iterator[str]:
        """Lend an empty database; what is in it afterwards is deleted."""
        name, uses = self._free.pop() if self._free else (_create(self._template), 0)
        try:
            yield name
        finally:
            if uses + 1 < _MOST_USES and self._has_emptied(name):
                self._free.append((name, uses + 1))
            else:
                _drop(name)

    def close(self) -> None:
        """Drop the databases."""
        for name, _ in self._free:
            _drop(name)

    def _has_emptied(self, name: str) -> bool:
        """Delete all rows and number from 1 again, unless the tables are no more as they were."""
        with _connected(name) as connection, connection.transaction():
            if connection.execute(_OTHERS_GONE, [int(PATIENCE * 1000)]).fetchone() != (True,):
                return False
            if connection.execute(_SCHEMA).fetchone() != self._schema:
                return False
            tables = [table for (table,) in connection.execute(_TABLES).fetchall()]
            empty = sql.SQL("; ").join(
                sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in tables
            )
            connection.execute("SET LOCAL session_replication_role = replica")  # in any order
            connection.execute(empty)
            connection.execute(_FROM_ONE)
        return True


def _create(template: str) -> str:
    name = f"hnsemu_{uuid.uuid4().hex}"
    _administer("CREATE DATABASE {} TEMPLATE {}", name, template)
    return name


def _drop(name: str) -> None:
    _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _administer(statement: str, *names: str) -> None:
    with _connected(make_url(POSTGRES_URL).database or "postgres") as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _connected(name: str) -> psycopg.Connection:
    url = make_url(POSTGRES_URL).set(drivername="postgresql", database=name)
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)
