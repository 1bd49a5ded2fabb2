"""A part of a transaction that can go back alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from hnsemu.storage.prepared import Prepared

_BEGIN = Prepared(text("SAVEPOINT attempt"))
_KEEP = Prepared(text("RELEASE SAVEPOINT attempt"))
_GO_BACK = Prepared(text("ROLLBACK TO SAVEPOINT attempt"))


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Run a block whose changes go back when it raises; savepoints may hold others.

    On SQLite the three statements are prepared: those that SQLAlchemy builds each time take longer
    than most of what is written between them. On PostgreSQL statements may still be on their way.
    """
    if connection.dialect.name != "sqlite":
        with connection.begin_nested():
            yield
        return
    _BEGIN.run(connection, {})
    try:
        yield
    except DBAPIError:
        driver: Any = connection.connection.driver_connection
        if driver.in_transaction:  # a full disk ends all of it
            _go_back(connection)
        raise
    except BaseException:
        _go_back(connection)
        raise
    _KEEP.run(connection, {})


def _go_back(connection: Connection) -> None:
    _GO_BACK.run(connection, {})
    _KEEP.run(connection, {})
