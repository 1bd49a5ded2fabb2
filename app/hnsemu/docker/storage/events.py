"""The daemon's events: a ring for each host, from which streams read."""

from collections.abc import Sequence

import orjson
from sqlalchemy import bindparam, delete, insert, select, update

from hnsemu.docker.domain.events import Event
from hnsemu.docker.storage.tables import docker_daemons, docker_events
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.transaction import Transaction

KEPT = 256
"""Events that a host keeps, as dockerd does. Source: moby daemon/events eventsLimit [C]."""

PAGE = 64

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
_DROP = Prepared(
    delete(docker_events).where(_e.host_key == bindparam("host"), _e.number <= bindparam("last"))
)


def append(tx: Transaction, *events: Event) -> None:
    """Keep events of now, drop what is too old, and wake who listens when this commits."""
    if not events:
        return
    last = _COUNT.scalar(tx.connection, {"host": tx.host.key, "added": len(events)})
    for number, event in enumerate(events, last - len(events) + 1):
        row = {
            "host_key": tx.host.key,
            "number": number,
            "time": tx.now,
            "type": event.type,
            "action": event.action,
            "actor": event.actor,
            "attributes": orjson.dumps(event.attributes).decode(),
        }
        _INSERT.run(tx.connection, row)
    _DROP.run(tx.connection, {"host": tx.host.key, "last": last - KEPT})
    tx.wake_listeners()


def last_number(tx: Transaction) -> int:
    """Return the number of the newest event, 0 without one."""
    query = select(_d.last_event).where(_d.host_key == tx.host.key)
    return tx.connection.execute(query).scalar_one_or_none() or 0


def after(tx: Transaction, host_key: int, number: int) -> Sequence[Event]:
    """Return the next events of a host behind `number`, oldest first, at most `PAGE`."""
    query = (
        select(docker_events)
        .where(_e.host_key == host_key, _e.number > number)
        .order_by(_e.number)
        .limit(PAGE)
    )
    return [
        Event(row.type, row.action, row.actor, orjson.loads(row.attributes), row.time, row.number)
        for row in tx.connection.execute(query)
    ]
