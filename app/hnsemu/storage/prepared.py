"""Statements of the hot paths: compiled by SQLAlchemy once, run by the driver itself.

SQLAlchemy's execution costs several times what SQLite needs for the statement itself, and creating
an endpoint runs a dozen of them. The SQL is still SQLAlchemy's, for both databases; failures are
still SQLAlchemy's exceptions (docs/adr/0003).
"""

import collections
import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, Select, Table, bindparam, insert
from sqlalchemy.engine.interfaces import DBAPIModule
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

from hnsemu.storage.chunks import chunks
from hnsemu.storage.upserts import insert_into

_Bind = Callable[[Mapping[str, object]], Any]
_Read = Callable[[], list[Any]]
_MakeRow = Callable[[Sequence[object]], Any]

_FEW = 4


class Prepared:
    """One statement; every parameter is given at each run, there are no defaults.

    On SQLite the caller has begun the transaction, or wants this statement alone.
    """

    def __init__(self, statement: ClauseElement, columns: Sequence[str] = ()) -> None:
        """Prepare `statement`; `columns` are those that an INSERT sets."""
        self._statement = statement
        self._columns = list(columns) or None
        self._compiled: dict[str, tuple[str, _Bind, _MakeRow | None]] = {}

    def rows(self, connection: Connection, parameters: Mapping[str, object]) -> list[Any]:
        """Run a statement and return its rows, columns as attributes."""
        return self.ask(connection, parameters).rows()

    def row(self, connection: Connection, parameters: Mapping[str, object]) -> Any:  # noqa: ANN401
        """Run a statement and return its first row, None without one."""
        return self.ask(connection, parameters).row()

    def scalar(self, connection: Connection, parameters: Mapping[str, object]) -> Any:  # noqa: ANN401
        """Run a statement and return the first column of its first row, None without one."""
        return self.ask(connection, parameters).scalar()

    def run(self, connection: Connection, parameters: Mapping[str, object]) -> None:
        """Run a statement for what it does, see `ask`: nothing may decide on its failure."""
        self.ask(connection, parameters)

    def run_all(self, connection: Connection, parameters: Sequence[Mapping[str, object]]) -> None:
        """Run a statement once for each of these, as `run` does."""
        if connection.dialect.name != "sqlite":
            for given in parameters:
                self.run(connection, given)
            return
        sql, bind, _ = self._for(connection.dialect)
        driver: Any = connection.connection.driver_connection
        try:
            driver.executemany(sql, map(bind, parameters))
        except connection.dialect.loaded_dbapi.Error as error:
            raise _failure(connection, error, sql, parameters[0]) from error

    def ask(self, connection: Connection, parameters: Mapping[str, object]) -> "Answer":
        """Run a statement whose answer is read later.

        On SQLite it runs at once, as nothing is won by waiting. On PostgreSQL it is sent with the
        next answer that is read, or with the commit; what fails raises then.
        """
        driver: Any = connection.connection.dbapi_connection  # an attribute, at every statement
        dialect = connection.dialect.name
        sql, bind, make_row = self._compiled.get(dialect) or self._for(connection.dialect)
        values = bind(parameters)
        if dialect != "sqlite":
            return Answer(connection, driver.send(sql, values).rows, make_row)
        try:
            cursor = driver.execute(sql, values)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _failure(connection, error, sql, parameters) from error
        return Answer(connection, cursor.fetchall, make_row)

    def sql(self, dialect: Dialect) -> str:
        """Return the text of the statement."""
        return self._for(dialect)[0]

    def _for(self, dialect: Dialect) -> tuple[str, _Bind, _MakeRow | None]:
        """Return the text, what binds parameters, and what makes rows, None for no rows."""
        known = self._compiled.get(dialect.name)
        if known is None:
            kind: Callable[..., Dialect] = type(dialect)
            by_place = dialect if dialect.positional else kind(paramstyle="numeric_dollar")
            compiled = self._statement.compile(dialect=by_place, column_keys=self._columns)
            of_select = getattr(self._statement, "selected_columns", ())
            of_returning = getattr(self._statement, "exported_columns", ())
            selected = [column.key for column in of_select or of_returning]
            make_row = _row_of(selected) if selected else None
            known = (str(compiled), _binder(compiled), make_row)
            self._compiled[dialect.name] = known
        return known


class Answer:
    """The rows of a statement, read once."""

    __slots__ = ("_connection", "_make_row", "_read")

    def __init__(self, connection: Connection, read: _Read, make_row: _MakeRow | None) -> None:
        """Return the rows of `read` by `make_row`, columns as attributes."""
        self._connection = connection
        self._read = read
        self._make_row = make_row

    def rows(self) -> list[Any]:
        """Return the rows of a SELECT."""
        assert self._make_row is not None  # noqa: S101 (only SELECT and RETURNING have rows)
        return [self._make_row(row) for row in self._fetched()]

    def row(self) -> Any:  # noqa: ANN401
        """Return the first row of a SELECT, None without one."""
        assert self._make_row is not None  # noqa: S101 (only SELECT and RETURNING have rows)
        found = self._fetched()
        return self._make_row(found[0]) if found else None

    def scalar(self) -> Any:  # noqa: ANN401
        """Return the first column of the first row, None without one."""
        found = self._fetched()
        return found[0][0] if found else None

    def _fetched(self) -> list[Any]:
        try:
            return self._read()
        except self._connection.dialect.loaded_dbapi.Error as error:
            raise _failure(self._connection, error, "several statements", {}) from error


def are_few(connection: Connection, keys: Collection[object]) -> bool:
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


class PreparedInsert:
    """An INSERT of one row of a table whose key the database chooses."""

    def __init__(self, table: Table) -> None:
        """Prepare it; columns that a row leaves out get their defaults."""
        columns = [column for column in table.columns if column.name != "key"]
        names = [column.name for column in columns]
        self._statement = Prepared(insert(table).returning(table.c.key), names)
        self._table = table
        self._names = names
        self._unless_taken: dict[str, Prepared] = {}
        self._defaults = {
            column.name: None if column.default is None else column.default.arg  # type: ignore[attr-defined]  # scalars only
            for column in columns
        }

    def key(self, connection: Connection, row: Mapping[str, object]) -> int:
        """Insert a row and return its key."""
        return int(self._statement.scalar(connection, {**self._defaults, **row}))

    def key_unless_taken(self, connection: Connection, row: Mapping[str, object]) -> int | None:
        """Insert a row and return its key; None if another has a value that must be unique."""
        statement = self._unless_taken_in(connection.dialect.name)
        key: int | None = statement.scalar(connection, {**self._defaults, **row})
        return key

    def _unless_taken_in(self, dialect: str) -> Prepared:
        known = self._unless_taken.get(dialect)
        if known is None:
            statement = insert_into(self._table, dialect).on_conflict_do_nothing()
            known = Prepared(statement.returning(self._table.c.key), self._names)
            self._unless_taken[dialect] = known
        return known


def send_all(connection: Connection) -> None:
    """Run on PostgreSQL what waits to be sent: what fails raises now."""
    if connection.dialect.name == "sqlite":
        return
    driver: Any = connection.connection.driver_connection
    try:
        driver.flush()
    except connection.dialect.loaded_dbapi.Error as error:
        raise _failure(connection, error, "several statements", {}) from error


def forget_all(connection: Connection) -> None:
    """Prepare statements again on PostgreSQL: a rollback to a savepoint undid that."""
    if connection.dialect.name != "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.forget()


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


def _row_of(columns: Sequence[str]) -> _MakeRow:
    """Return what turns a driver's row into one whose columns are attributes."""
    row: Any = collections.namedtuple("Row", columns)  # type: ignore[misc]  # noqa: PYI024
    make: _MakeRow = row._make
    return make


def _binder(compiled: Any) -> _Bind:  # noqa: ANN401 (a compiled statement)
    """Return what turns named parameters into those of the driver, by place."""
    constants = {
        name: bind.value for bind, name in compiled.bind_names.items() if not bind.required
    }
    names = compiled.positiontup
    if constants:
        return lambda given: [given[name] if name in given else constants[name] for name in names]
    if len(names) > 1:
        return operator.itemgetter(*names)  # for one name it would not return a sequence
    return lambda given: [given[name] for name in names]
