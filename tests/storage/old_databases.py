"""Databases as earlier versions left them, and what is answered from them.

`revisions/` holds both. `NNNN.sql` fills what revision NNNN brought: 0001.sql was dumped from a
database of that version, later ones add rows to new tables and values to new columns. `NNNN.json`
holds what the service answers afterwards: documents by path, where they differ from those before.
"""

import json
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnClause, Engine, column, create_engine, func, inspect, select, table
from sqlalchemy.pool import NullPool

from hnsemu.storage.migrate import revisions, upgrade

REVISIONS = revisions()
_FOLDER = Path(__file__).with_name("revisions")


def fill(url: str, revision: str) -> None:
    """Fill a database without tables as a service of `revision` would have left it."""
    for step in _until(revision):
        upgrade(url, step)
        with opened(url).begin() as connection:
            for statement in _recorded(step, ".sql").split(";\n"):
                if statement.strip():
                    connection.exec_driver_sql(statement)
    if not url.startswith("sqlite"):
        _count_on(opened(url))


def empty_tables(url: str) -> list[str]:
    """Return the names of the tables without rows."""
    with opened(url).connect() as connection:
        return [
            name
            for name in inspect(connection).get_table_names()
            if not connection.execute(select(func.count()).select_from(table(name))).scalar()
        ]


def answers(revision: str) -> dict[str, Any]:
    """Return by path what the service answers from a database filled at `revision`."""
    documents: dict[str, Any] = {}
    for step in _until(revision):
        documents |= json.loads(_recorded(step, ".json") or "{}")
    return documents


def opened(url: str) -> Engine:
    """Return an engine that keeps no connections."""
    return create_engine(url, poolclass=NullPool)


def _until(revision: str) -> Iterator[str]:
    yield from takewhile(lambda step: step != revision, REVISIONS)
    yield revision


def _recorded(revision: str, suffix: str) -> str:
    path = _FOLDER / f"{revision}{suffix}"
    return path.read_text() if path.exists() else ""


def _count_on(engine: Engine) -> None:
    """Let PostgreSQL continue from the keys of the rows: a row with a key does not advance it."""
    with engine.begin() as connection:
        found = inspect(connection)
        for name in found.get_table_names():
            if any(described["name"] == "key" for described in found.get_columns(name)):
                key: ColumnClause[int] = column("key")
                sequence = func.pg_get_serial_sequence(name, "key")
                connection.execute(
                    select(func.setval(sequence, func.max(key))).select_from(table(name, key))
                )
