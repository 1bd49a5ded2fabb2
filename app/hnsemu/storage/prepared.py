"""Statements of the hot paths: compiled by SQLAlchemy once, run on the driver's cursor.

SQLAlchemy's execution costs several times what SQLite needs for the statement itself, and creating
an endpoint runs a dozen of them. The SQL is still SQLAlchemy's, for both databases; failures are
still SQLAlchemy's exceptions (docs/adr/0003).
"""

import collections
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, Select, bindparam
from sqlalchemy.engine.interfaces import DBAPIModule
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

from hnsemu.storage.chunks import chunks

_Bind = Callable[[Mapping[str, object]], Any]

_FEW = 4


class Prepared:
    """One statement; every parameter is given at each run, there are no defaults.

    On SQLite the caller has begun the transaction, or wants this statement alone.
    """

    def __init__(self, statement: ClauseElement, columns: Sequence[str] = ()) -> None:
        """Prepare `statement`; `columns` are those that an INSERT sets."""
        self._statement = statement
        self._columns = list(columns) or None
        self._compiled: dict[str, tuple[str, _Bind]] = {}
        of_select = getattr(statement, "selected_columns", ())
        of_returning = getattr(statement, "exported_columns", ())
        selected = [column.key for column in of_select or of_returning]
        self._row = _row_of(selected) if selected else None

    def rows(self, connection: Connection, parameters: Mapping[str, object]) -> list[Any]:
        """Run a statement and return its rows, columns as attributes."""
        assert self._row is not None  # noqa: S101 (only SELECT and RETURNING have rows)
        return [self._row(row) for row in self._execute(connection, parameters).fetchall()]

    def row(self, connection: Connection, parameters: Mapping[str, object]) -> Any:  # noqa: ANN401
        """Run a statement and return its first row, None without one."""
        assert self._row is not None  # noqa: S101 (only SELECT and RETURNING have rows)
        found = self._execute(connection, parameters).fetchone()
        return None if found is None else self._row(found)

    def scalar(self, connection: Connection, parameters: Mapping[str, object]) -> Any:  # noqa: ANN401
        """Run a statement and return the first column of its first row, None without one."""
        found = self._execute(connection, parameters).fetchone()
        return None if found is None else found[0]

    def run(self, connection: Connection, parameters: Mapping[str, object]) -> None:
        """Run a statement for what it does."""
        self._execute(connection, parameters)

    def _execute(self, connection: Connection, parameters: Mapping[str, object]) -> Any:  # noqa: ANN401 (a driver's cursor)
        sql, bind = self._for(connection.dialect)
        driver = connection.connection
        cursor = driver.cursor()
        try:
            cursor.execute(sql, bind(parameters))
        except connection.dialect.loaded_dbapi.Error as error:
            raise _failure(connection, error, sql, parameters) from error
        return cursor

    def _for(self, dialect: Dialect) -> tuple[str, _Bind]:
        known = self._compiled.get(dialect.name)
        if known is None:
            compiled = self._statement.compile(dialect=dialect, column_keys=self._columns)
            known = (str(compiled), _binder(compiled))
            self._compiled[dialect.name] = known
        return known


def are_few(connection: Connection, keys: Collection[int]) -> bool:
    """Tell whether keys are better looked up one by one, by a prepared statement.

    On SQLite that is true of some; on PostgreSQL each one is a round trip.
    """
    return len(keys) <= (_FEW if connection.dialect.name == "sqlite" else 1)


class PreparedByKey:
    """A SELECT of what belongs to some keys, prepared for the usual case that they are few."""

    def __init__(self, statement: Select[Any], column: ColumnElement[Any]) -> None:
        """Prepare `statement` for rows whose `column` is one of the keys."""
        self._one = Prepared(statement.where(column == bindparam("key")))
        self._many = statement.where(column.in_(bindparam("keys", expanding=True)))

    def rows(self, connection: Connection, keys: Collection[int]) -> Sequence[Any]:
        """Return the rows of each key in the order of the statement, keys ascending."""
        if not are_few(connection, keys):
            rows: list[Any] = []
            for chunk in chunks(sorted(keys)):
                rows += connection.execute(self._many, {"keys": chunk})
            return rows
        return [row for key in sorted(keys) for row in self._one.rows(connection, {"key": key})]


def together(connection: Connection) -> AbstractContextManager[None]:
    """Send the statements of the block without waiting in between: one round trip on PostgreSQL.

    A statement whose row is read waits for those before it. Run prepared statements only; what
    fails raises at the end of the block at the latest.
    """
    return _pipeline(connection) if connection.dialect.name == "postgresql" else nullcontext()


@contextmanager
def _pipeline(connection: Connection) -> Iterator[None]:
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise _failure(connection, error, "several statements", {}) from error


def _failure(
    connection: Connection,
    error: DBAPIModule.Error,
    sql: str,
    parameters: Mapping[str, object],
) -> BaseException:
    """Return a driver's error as SQLAlchemy's; a connection that broke is not used again."""
    dialect = connection.dialect
    gone = dialect.is_disconnect(error, connection.connection, None)
    if gone:
        connection.invalidate(error)
    return DBAPIError.instance(
        sql,
        parameters,
        error,
        dialect.loaded_dbapi.Error,
        connection_invalidated=gone,
        dialect=dialect,
    )


def _row_of(columns: Sequence[str]) -> Callable[[Sequence[object]], Any]:
    """Return what turns a driver's row into one whose columns are attributes."""
    row: Any = collections.namedtuple("Row", columns)  # type: ignore[misc]  # noqa: PYI024
    make: Callable[[Sequence[object]], Any] = row._make
    return make


def _binder(compiled: Any) -> _Bind:  # noqa: ANN401 (a compiled statement)
    """Return what turns named parameters into those of the driver: by place, or by name."""
    constants = {
        name: bind.value for bind, name in compiled.bind_names.items() if not bind.required
    }
    names = compiled.positiontup
    if names is None:
        return lambda given: {**constants, **given}
    if constants:
        return lambda given: [given[name] if name in given else constants[name] for name in names]
    return lambda given: [given[name] for name in names]
