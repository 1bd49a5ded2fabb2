"""The daemon's events of each host, from which streams read."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Row, bindparam, delete, insert, or_, select, update

from hnsemu.docker.domain.events import OUTPUT, PRINTED, Event
from hnsemu.docker.storage.tables import docker_daemons, docker_events
from hnsemu.domain.filetime import TICKS
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.transaction import Transaction

KEPT = 256
"""Past events that dockerd shows. Source: moby daemon/events eventsLimit [C]."""

PATIENCE = 60 * TICKS
"""How long the others stay: a stream that is about to read them, `wait` above all, misses none."""

MOST = 16384
"""Events that stay however many come, in PATIENCE; and all that came at once."""

PAGE = 64

_SWEEP = 64
"""Old events are looked for each time that so many have come."""

_d, _e = docker_daemons.c, docker_events.c

_COUNT = Prepared(
    update(docker_daemons)
    .where(_d.host_key == bindparam("host"))
    .values(last_event=_d.last_event + bindparam("added"))
    .returning(_d.last_event)
)
_INSERT = Prepared(
    insert(docker_events),
    ("host_key", "number", "time", "type", "action", "actor", "attributes"),
)
_oldest = (
    select(_e.number)
    .where(_e.host_key == bindparam("host"), _e.number <= bindparam("shown"))
    .order_by(_e.number)
    .limit(bindparam("few"))
)
_DROP = Prepared(
    delete(docker_events).where(
        _e.host_key == bindparam("host"),
        _e.number.in_(_oldest.scalar_subquery()),
        or_(_e.time < bindparam("old"), _e.number <= bindparam("far")),
    )
)


def append(tx: Transaction, *events: Event) -> None:
    """Keep events, drop what is too old, and wake who listens when this commits.

    They are of now unless they say a time, which is not before that of the newest one.
    """
    if not events:
        return
    last = _COUNT.scalar(tx.connection, {"host": tx.host.key, "added": len(events)})
    before = last - len(events)
    rows = [
        {
            "host_key": tx.host.key,
            "number": number,
            "time": event.time or tx.now,
            "type": event.type,
            "action": event.action,
            "actor": event.actor,
            "attributes": orjson.dumps(event.attributes).decode(),
        }
        for number, event in enumerate(events, before + 1)
    ]
    _INSERT.run_all(tx.connection, rows)
    if last // _SWEEP != before // _SWEEP:
        _drop_old(tx, before, last)
    tx.wake_listeners()


def _drop_old(tx: Transaction, before: int, last: int) -> None:
    """Drop the oldest events but those that came behind `before`, at most twice what came."""
    parameters = {
        "host": tx.host.key,
        "shown": min(before, last - KEPT),
        "few": 2 * max(_SWEEP, last - before),
        "old": tx.now - PATIENCE,
        "far": last - MOST,
    }
    _DROP.run(tx.connection, parameters)


def last_number(tx: Transaction) -> int:
    """Return the number of the newest event, 0 without one."""
    query = select(_d.last_event).where(_d.host_key == tx.host.key)
    return tx.connection.execute(query).scalar_one_or_none() or 0


def last_time(tx: Transaction) -> int:
    """Return the time of the newest event, 0 without one."""
    query = select(_e.time).where(_e.host_key == tx.host.key).order_by(_e.number.desc()).limit(1)
    return tx.connection.execute(query).scalar_one_or_none() or 0


def last_number_hidden(tx: Transaction) -> int:
    """Return the number of the newest event that dockerd does not show any more, 0 without one."""
    query = (
        select(_e.number)
        .where(_e.host_key == tx.host.key, _e.type != OUTPUT)
        .order_by(_e.number.desc())
        .offset(KEPT)
        .limit(1)
    )
    return tx.connection.execute(query).scalar_one_or_none() or 0


def after(tx: Transaction, host_key: int, number: int) -> Sequence[Event]:
    """Return the next events of a host behind `number`, oldest first, at most `PAGE`."""
    query = (
        select(docker_events)
        .where(_e.host_key == host_key, _e.number > number)
        .order_by(_e.number)
        .limit(PAGE)
    )
    return [_event(row) for row in tx.connection.execute(query)]


def printed_after(tx: Transaction, host_key: int, number: int, container_id: str) -> list[Event]:
    """Return what a container printed behind `number`, oldest first, at most `PAGE` times."""
    query = (
        select(docker_events)
        .where(_e.host_key == host_key, _e.number > number)
        .where(_e.type == OUTPUT, _e.action == PRINTED, _e.actor == container_id)
        .order_by(_e.number)
        .limit(PAGE)
    )
    return [_event(row) for row in tx.connection.execute(query)]


def _event(row: Row[Any]) -> Event:
    attributes = orjson.loads(row.attributes)
    return Event(row.type, row.action, row.actor, attributes, row.time, row.number)
