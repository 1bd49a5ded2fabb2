"""Rows of journals and their calls. The journal's row counts the calls and keeps them in order.

A call that is stored takes the lock of the journal's row, not that of the host: it waits for no use
case. Calls are removed by several at once, so a journal may hold some more than it shows.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Connection,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from hnsemu.domain.journal import Body, Call, Caller, Change, Journal, JournalSettings
from hnsemu.domain.leftovers import Maker
from hnsemu.storage import notifications
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import calls, hosts, journals
from hnsemu.storage.upserts import insert_into

_SURE = 60  # seconds that a call which lasts is taken to last, after its process said so
_SPARE = 256  # calls beyond the bound before some are removed
_FILL = 0.9  # how full a journal is after calls were removed for their bytes

_j, _c = journals.c, calls.c

_BUMP = Prepared(
    update(hosts)
    .where(hosts.c.key == bindparam("b_key"))
    .values(watched=hosts.c.watched + 1)
    .returning(hosts.c.watched)
)
_COUNT = Prepared(
    update(journals)
    .where(_j.key == bindparam("b_key"))
    .values(
        last_number=_j.last_number + bindparam("b_count"),
        reserved=_j.last_number + bindparam("b_reserved"),
        bytes=_j.bytes + bindparam("b_bytes"),
    )
    .returning(*(column for column in journals.columns))
)
_BEGIN = Prepared(insert(journals), [column.name for column in journals.columns])
_EMPTY = {column.name: 0 for column in journals.columns}
_INSERT = Prepared(insert(calls), [column.name for column in calls.columns])
_FINISH = Prepared(
    update(calls)
    .where(_c.journal_key == bindparam("b_key"), _c.number == bindparam("b_number"))
    .values(
        {
            column.name: bindparam(f"new_{column.name}", type_=column.type)
            for column in calls.columns
            if column.name not in {"journal_key", "number", "sure_until"}
        }
    ),
)
_SECONDS = cast(func.extract("epoch", func.now()), BigInteger)
_IS_LOST = {
    "sqlite": (_c.running & _c.sure_until.is_not(None)).label("is_lost"),
    "postgresql": (_c.running & (_c.sure_until < _SECONDS)).label("is_lost"),
}
_BEHIND = {
    dialect: Prepared(
        select(calls, is_lost)
        .where(_c.journal_key == bindparam("journal_key"), _c.number > bindparam("number"))
        .order_by(_c.number)
    )
    for dialect, is_lost in _IS_LOST.items()
}
_MAKERS = Prepared(
    select(_c.number, _c.operation, _c.changes)
    .where(_c.journal_key == bindparam("journal_key"), _c.changes != "[]")
    .order_by(_c.number)
)
_STATE = Prepared(select(journals).where(_j.key == bindparam("key")))


def bump(connection: Connection, host_key: int) -> int:
    """Give what is watched of the host a new version; every process notices at its next call."""
    return int(_BUMP.scalar(connection, {"b_key": host_key}))


def turn_on(connection: Connection, host_key: int, settings: JournalSettings) -> None:
    """Begin a journal, or change the bounds of one that is on."""
    bounds = {
        "enabled": True,
        "most_calls": settings.calls,
        "most_bytes": settings.bytes,
        "most_body": settings.body,
    }
    known = state(connection, host_key)
    if known is not None and not known.is_on:
        clear(connection, host_key)
    statement = insert_into(journals, connection.dialect.name).values(key=host_key, **bounds)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=bounds))


def begin(connection: Connection, host_key: int, settings: JournalSettings, reserve: int) -> None:
    """Begin the journal of a host that never had one. reserve: see `append`."""
    bounds = {
        "reserved": reserve,
        "most_calls": settings.calls,
        "most_bytes": settings.bytes,
        "most_body": settings.body,
    }
    _BEGIN.run(connection, {**_EMPTY, **bounds, "key": host_key, "enabled": True})


def turn_off(connection: Connection, host_key: int) -> None:
    """Stop recording; what was recorded stays."""
    connection.execute(update(journals).where(_j.key == host_key).values(enabled=False))


def state(connection: Connection, host_key: int) -> Journal | None:
    """Return the journal of a host, None for one that never had one."""
    row = _STATE.row(connection, {"key": host_key})
    return None if row is None else _journal(row)


def append(
    connection: Connection, host_key: int, new: Sequence[Call], *, lost: int = 0, reserve: int = 0
) -> tuple[int, int] | None:
    """Store calls; return the number of the first, and until when (FILETIME) calls are waited for.

    lost:    how many calls before them could not be stored.
    reserve: how many numbers beyond theirs the process may give before it stores again.
    Returns None when the host has no journal any more.
    """
    size = sum(call.size for call in new)
    count = len(new) + lost
    row = _counted(connection, host_key, count, reserve, size)
    if row is None:
        return None
    first = row.last_number - len(new) + 1
    _INSERT.run_all(
        connection,
        [
            {"journal_key": host_key, "number": number, "sure_until": None, **columns_of(call)}
            for number, call in enumerate(new, first)
        ],
    )
    if lost:
        _lose(connection, host_key, first - 1)
    _prune(connection, row)
    return first, int(row.waited_until)


def finish(connection: Connection, host_key: int, call: Call) -> int:
    """Complete a call that is there already; return until when calls are waited for."""
    new = {f"new_{name}": value for name, value in columns_of(call).items()}
    _FINISH.run(connection, {"b_key": host_key, "b_number": call.number, **new})
    row = _counted(connection, host_key, 0, 0, len(call.answer.text))
    if row is None:
        return 0
    _prune(connection, row)
    return int(row.waited_until)


def behind(connection: Connection, host_key: int, number: int) -> list[Call]:
    """Return the calls behind a number, oldest first."""
    statement = _BEHIND[connection.dialect.name]
    rows = statement.rows(connection, {"journal_key": host_key, "number": number})
    return [_call(row) for row in rows]


def makers(connection: Connection, host_key: int) -> list[Maker]:
    """Return the calls that created or removed objects, oldest first."""
    return [
        Maker(row.number, row.operation, _changes(row.changes))
        for row in _MAKERS.rows(connection, {"journal_key": host_key})
    ]


def clear(connection: Connection, host_key: int) -> None:
    """Remove all calls; their numbers are not given again."""
    connection.execute(delete(calls).where(_c.journal_key == host_key))
    connection.execute(
        update(journals).where(_j.key == host_key).values(cleared=_j.last_number, bytes=0)
    )


def wait(connection: Connection, host_key: int, until: int) -> None:
    """Note that somebody waits for calls until the FILETIME `until`."""
    connection.execute(
        update(journals)
        .where(_j.key == host_key, _j.waited_until < until)
        .values(waited_until=until)
    )


def wake_at_commit(connection: Connection, host_key: int) -> None:
    """Let PostgreSQL wake those that wait for calls, in every process, when this commits."""
    notifications.wake_at_commit(connection, host_key)


def recover(connection: Connection) -> None:
    """Note what the last process lost: numbers that it may have given, answers that lasted."""
    connection.execute(
        update(journals)
        .where(_j.reserved > _j.last_number)
        .values(lost=_j.reserved, last_number=_j.reserved)
    )
    connection.execute(update(calls).where(_c.running.is_(True)).values(sure_until=0))


def renew(connection: Connection, lasting: Iterable[tuple[int, int]]) -> None:
    """Note that calls of this process still last: their hosts' keys and numbers. On PostgreSQL."""
    those = [and_(_c.journal_key == key, _c.number == number) for key, number in lasting]
    later = update(calls).where(or_(*those), _c.running.is_(True))
    connection.execute(later.values(sure_until=_SECONDS + _SURE))


def columns_of(call: Call) -> dict[str, object]:
    """Return the columns of a call besides its key."""
    return {
        "running": call.is_running,
        "started": call.started,
        "microseconds": call.microseconds,
        "operation": call.operation,
        "method": call.method,
        "path": call.path,
        "status": call.status,
        "hresult": call.hresult,
        "request": call.request.text,
        "request_size": call.request.size,
        "request_cut": call.request.is_cut,
        "answer": call.answer.text,
        "answer_size": call.answer.size,
        "answer_cut": call.answer.is_cut,
        "changes": orjson.dumps(call.changes).decode() if call.changes else "[]",
        "client": _caller_text(call.caller),
        "fault": call.fault,
        "bytes": call.size,
    }


@lru_cache(maxsize=256)
def _caller_text(caller: Caller) -> str:
    return orjson.dumps(caller).decode()


def _counted(connection: Connection, host_key: int, count: int, reserve: int, size: int) -> Any:  # noqa: ANN401 (a row)
    return _COUNT.row(
        connection,
        {
            "b_key": host_key,
            "b_count": count,
            "b_reserved": count + reserve,
            "b_bytes": size,
        },
    )


def _lose(connection: Connection, host_key: int, number: int) -> None:
    lost = update(journals).where(_j.key == host_key, _j.lost < number).values(lost=number)
    connection.execute(lost)


def _prune(connection: Connection, row: Any) -> None:  # noqa: ANN401 (a row)
    """Remove the oldest calls of a journal that has grown too large."""
    oldest = max(row.cleared, row.lost)
    cut = oldest
    if row.last_number - oldest > row.most_calls + _SPARE:
        cut = row.last_number - row.most_calls
    if row.bytes > row.most_bytes:
        cut = max(cut, _cut_for_bytes(connection, row))
    if cut == oldest:
        return
    of_cut = (_c.journal_key == row.key, _c.number <= cut)
    freed = connection.execute(select(func.sum(_c.bytes)).where(*of_cut)).scalar() or 0
    connection.execute(delete(calls).where(*of_cut))
    connection.execute(
        update(journals).where(_j.key == row.key).values(bytes=_j.bytes - int(freed), lost=cut)
    )


def _cut_for_bytes(connection: Connection, row: Any) -> int:  # noqa: ANN401 (a row)
    """Return the number up to which calls go so that the rest has room; the newest one stays."""
    excess = row.bytes - _FILL * row.most_bytes
    query = (
        select(_c.number, _c.bytes)
        .where(_c.journal_key == row.key, _c.number < row.last_number)
        .order_by(_c.number)
    )
    cut = 0
    for number, size in connection.execute(query):
        if excess <= 0:
            break
        cut, excess = number, excess - size
    return cut


def _journal(row: Any) -> Journal:  # noqa: ANN401 (a row)
    return Journal(
        JournalSettings(row.most_calls, row.most_bytes, row.most_body),
        bool(row.enabled),
        row.last_number,
        row.cleared,
        max(row.lost, row.last_number - row.most_calls),
    )


def _call(row: Any) -> Call:  # noqa: ANN401 (a row)
    return Call(
        operation=row.operation,
        method=row.method,
        path=row.path,
        started=row.started,
        number=row.number,
        microseconds=row.microseconds,
        status=row.status,
        hresult=row.hresult,
        request=Body(row.request, row.request_size, bool(row.request_cut)),
        answer=Body(row.answer, row.answer_size, bool(row.answer_cut)),
        changes=_changes(row.changes),
        caller=_caller(row.client),
        fault=row.fault,
        is_running=bool(row.running) and not row.is_lost,
        is_lost=bool(row.is_lost),
    )


def _changes(text: str) -> tuple[Change, ...]:
    return tuple(Change(**change) for change in orjson.loads(text)) if text != "[]" else ()


@lru_cache(maxsize=256)
def _caller(text: str) -> Caller:
    return Caller(**orjson.loads(text))
