"""Rows of faults: rules by which calls fail, and what they have seen."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from hnsemu.domain.faults import Fault, FaultRule, read_rule, rule_text
from hnsemu.storage.tables import endpoints, faults, networks

_NAMED = {"networks": networks, "endpoints": endpoints}


def create(connection: Connection, host_key: int, rule: FaultRule, expires: int) -> Fault:
    """Keep a rule; return it with its number."""
    statement = (
        insert(faults)
        .values(host_key=host_key, rule=rule_text(rule), expires=expires)
        .returning(faults.c.key)
    )
    return Fault(int(connection.execute(statement).scalar_one()), rule, expires=expires)


def count(connection: Connection, host_key: int) -> int:
    """Return how many rules a host has."""
    query = select(func.count()).select_from(faults).where(faults.c.host_key == host_key)
    return int(connection.execute(query).scalar_one())


def all_of(connection: Connection, host_key: int) -> list[Fault]:
    """Return the faults of a host, oldest first."""
    query = select(faults).where(faults.c.host_key == host_key).order_by(faults.c.key)
    return [_fault(row) for row in connection.execute(query)]


def of_numbers(connection: Connection, numbers: Collection[int]) -> list[Fault]:
    """Return the faults with these numbers, oldest first, locked until the transaction ends."""
    query = select(faults).where(faults.c.key.in_(numbers)).order_by(faults.c.key)
    return [_fault(row) for row in connection.execute(query.with_for_update())]


def save(connection: Connection, changed: Iterable[Fault]) -> None:
    """Keep what faults have seen."""
    for fault in changed:
        connection.execute(
            update(faults)
            .where(faults.c.key == fault.number)
            .values(seen=fault.seen, hits=fault.hits, armed=fault.is_armed)
        )


def arm(connection: Connection, numbers: Collection[int]) -> None:
    """Note that a call that these faults follow has succeeded."""
    connection.execute(update(faults).where(faults.c.key.in_(numbers)).values(armed=True))


def remove(connection: Connection, host_key: int, number: int) -> bool:
    """Remove a fault of a host; return whether it was there."""
    of_host = faults.c.host_key == host_key
    return bool(connection.execute(delete(faults).where(of_host, faults.c.key == number)).rowcount)


def clear(connection: Connection, host_key: int) -> None:
    """Remove all faults of a host."""
    connection.execute(delete(faults).where(faults.c.host_key == host_key))


def name_of(connection: Connection, host_key: int, noun: str, object_id: str) -> str:
    """Return the name of a network or an endpoint, "" for what has none or is not there."""
    table = _NAMED.get(noun)
    if table is None:
        return ""
    query = select(table.c.name).where(
        table.c.host_key == host_key, table.c.id == object_id.strip("{}").lower()
    )
    return str(connection.execute(query).scalar() or "")


def _fault(row: Any) -> Fault:  # noqa: ANN401 (a row)
    return Fault(row.key, read_rule(row.rule), row.seen, row.hits, bool(row.armed), row.expires)
