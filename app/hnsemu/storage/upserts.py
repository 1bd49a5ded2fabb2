"""INSERT that says what happens where its row is there already; databases have their own forms."""

from typing import TYPE_CHECKING

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def insert_into(table: Table, dialect: str) -> "sqlite.Insert | postgresql.Insert":
    """Return an INSERT with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 (a service on SQLite loads none)

    return postgresql.insert(table)
