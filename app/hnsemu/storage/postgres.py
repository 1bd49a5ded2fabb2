"""PostgreSQL: statements that wait for each other's answers only where somebody reads them.

A connection keeps what is only to be done until something is read, or until the commit, and sends
it along in one round trip (libpq's pipeline).
"""

import functools
import itertools
from collections.abc import Generator, Sequence
from typing import Any

import psycopg
from psycopg import errors
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.waiting import Ready, Wait
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL

_DONE = {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK, ExecStatus.EMPTY_QUERY}


class Reply:
    """The rows of a statement that was sent, or will be when somebody reads them."""

    __slots__ = ("_connection", "result")

    def __init__(self, connection: "Connection") -> None:
        """Expect the result of a statement on `connection`."""
        self._connection = connection
        self.result: Any = None

    def rows(self) -> list[tuple[Any, ...]]:
        """Return the rows.

        Raises: psycopg.Error, that of the first statement that failed.
        """
        if self.result is None:
            self._connection.flush()
        return self._connection.loaded(self.result)


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """A connection of psycopg with statements that wait to be sent.

    What psycopg itself runs on it finds them sent before.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (psycopg's)
        """Begin with nothing to send, as psycopg calls it."""
        super().__init__(*args, **kwargs)
        self._unsent: list[tuple[str, Sequence[object], Reply]] = []
        self._names: dict[str, bytes] = {}
        self._numbers = itertools.count(1)
        self._transformer = Transformer(self)

    def send(self, sql: str, values: Sequence[object]) -> Reply:
        """Send a statement along with the next one that is read, or with the commit.

        values: of its parameters `$1`, `$2`, ….
        """
        reply = Reply(self)
        self._unsent.append((sql, values, reply))
        return reply

    def loaded(self, result: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 (of libpq)
        """Return the rows of a result as values of Python."""
        self._transformer.set_pgresult(result)
        return self._transformer.load_rows(0, result.ntuples, tuple)

    def flush(self) -> None:
        """Send what waits.

        Raises: psycopg.Error, that of the first statement that failed.
        """
        if self._unsent:
            self._exchange()

    def cursor(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (psycopg's)
        """Return a cursor; what waits was done before what it does."""
        self.flush()
        return super().cursor(*args, **kwargs)

    def commit(self) -> None:
        """Commit, in the same round trip as what waits to be sent."""
        if not self._unsent:
            super().commit()
            return
        self.send("COMMIT", ())
        self._exchange()

    def rollback(self) -> None:
        """Roll back; what was not sent never is."""
        self._unsent.clear()
        if self.pgconn.transaction_status != TransactionStatus.IDLE:
            super().rollback()
            self.forget()

    def forget(self) -> None:
        """Prepare statements again from now on; call it behind each rollback to a savepoint.

        psycopg lets the server forget everything that was prepared then, as with every rollback.
        """
        self._names.clear()

    def _exchange(self) -> None:
        """Send what waits as one pipeline, and give each statement its result."""
        calls, self._unsent = self._unsent, []
        if self.pgconn.transaction_status == TransactionStatus.IDLE and not self.autocommit:
            calls.insert(0, (_begin(self.isolation_level), (), Reply(self)))
        self.pgconn.enter_pipeline_mode()
        prepared: dict[str, bytes] = {}
        replies: list[Reply] = []
        try:
            for sql, values, reply in calls:
                name = self._names.get(sql) or prepared.get(sql)
                if name is None:  # the server prepares what comes for the first time
                    name = prepared[sql] = b"hns_%d" % next(self._numbers)
                    self.pgconn.send_prepare(name, sql.encode())
                    replies.append(Reply(self))
                self.pgconn.send_query_prepared(name, [_text(value) for value in values])
                replies.append(reply)
            self.pgconn.pipeline_sync()
            results = self.wait(_results(self.pgconn))
        finally:
            if self.pgconn.status == ConnStatus.OK:
                self.pgconn.exit_pipeline_mode()
        for reply, result in zip(replies, results, strict=True):
            if result.status not in _DONE:
                raise errors.error_from_result(result, encoding=self.info.encoding)
            reply.result = result
        self._names.update(prepared)


def engine(url: URL, pool_size: int) -> Engine:
    """Return an engine whose connections are those above."""
    created = create_engine(url, pool_size=pool_size, max_overflow=0, pool_timeout=30)

    @event.listens_for(created, "do_connect")
    def _connect(_dialect: object, _record: object, arguments: Any, options: Any) -> Connection:  # noqa: ANN401
        return Connection.connect(*arguments, **options)

    return created


@functools.cache
def _begin(level: psycopg.IsolationLevel | None) -> str:
    return f"BEGIN ISOLATION LEVEL {level.name.replace('_', ' ')}" if level else "BEGIN"


def _text(value: object) -> bytes | None:
    """Return a value as PostgreSQL reads it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return b"t" if value else b"f"
    if isinstance(value, int):
        return b"%d" % value
    return b"\\x" + value.hex().encode() if isinstance(value, bytes) else str(value).encode()


def _results(pgconn: Any) -> Generator[Wait, Ready | int, list[Any]]:  # noqa: ANN401 (a connection of libpq)
    """Send a pipeline and return the result of each statement, up to its end."""
    while pgconn.flush():
        if (yield Wait.RW) & Ready.R:
            pgconn.consume_input()
    results: list[Any] = []
    while True:
        while pgconn.is_busy():
            yield Wait.R
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:  # the end of one statement
            continue
        if result.status == ExecStatus.PIPELINE_SYNC:
            return results
        results.append(result)
