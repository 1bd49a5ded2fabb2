"""Rows of any kind: how many all hosts have, and which of some ids a host has."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import BindParameter, Select, Table, bindparam, func, literal, or_, select

from hnsemu.storage.chunks import chunks
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import endpoints, hosts, namespaces, networks, policy_lists
from hnsemu.storage.transaction import Transaction

_KINDS = {
    "networks": networks,
    "endpoints": endpoints,
    "namespaces": namespaces,
    "policylists": policy_lists,
}
_FEW = 16  # ids, as many as a test makes of a kind
_PLACES = [f"id_{place}" for place in range(_FEW)]


@dataclass(frozen=True, slots=True)
class ObjectCount:
    """How many objects of a kind a host has."""

    host: str
    kind: str
    count: int


def counts(tx: Transaction) -> list[ObjectCount]:
    """Return the count of every kind that a host has any of, by kind and host.

    Endpoints are not looked at: a network knows how many it has.
    """
    found = []
    for kind, table in _KINDS.items():
        counted = networks if table is endpoints else table
        number = func.sum(networks.c.current_endpoints) if table is endpoints else func.count()
        rows = tx.connection.execute(
            select(hosts.c.name, number)
            .join(counted, counted.c.host_key == hosts.c.key)
            .group_by(hosts.c.name)
            .order_by(hosts.c.name)
        )
        found += [ObjectCount(name, kind, int(count)) for name, count in rows if count]
    return found


def hosts_with_endpoint(tx: Transaction, name: str, most: int) -> list[str]:
    """Return the names of the hosts that have an endpoint with a name or an id, at most `most`."""
    if "\x00" in name:  # nothing is called so, and PostgreSQL takes no such text
        return []
    query = (
        select(hosts.c.name)
        .join(endpoints, endpoints.c.host_key == hosts.c.key)
        .where(or_(endpoints.c.name == name, endpoints.c.id == name.lower()))
        .distinct()
        .order_by(hosts.c.name)
        .limit(most)
    )
    return list(tx.connection.execute(query).scalars())


def names(tx: Transaction, kind: str, ids: Iterable[str]) -> dict[str, str]:
    """Return the names of those objects of the host that have these ids, by their ids.

    kind: "networks", "endpoints" or "policylists".
    """
    return names_in(tx, _KINDS[kind], ids)


def existing(tx: Transaction, kind: str, ids: Iterable[str]) -> set[str]:
    """Return those of the ids that objects of the kind on this host have."""
    return set(names_in(tx, _KINDS[kind], ids))


def names_in(tx: Transaction, table: Table, ids: Iterable[str]) -> dict[str, str]:
    """Return the names of those objects of this host in a table that have these ids, by their ids.

    Objects of a table without names are called "".
    """
    wanted = list(ids)
    if 0 < len(wanted) <= _FEW:
        places = wanted + wanted[:1] * (_FEW - len(wanted))
        few = dict(zip(_PLACES, places, strict=True))
        rows = _few_of_host(table).rows(tx.connection, {"host_key": tx.host.key, **few})
        return {row.id: row.name for row in rows}
    found: dict[str, str] = {}
    for chunk in chunks(wanted):
        of_host = _named(table).where(table.c.host_key == tx.host.key, table.c.id.in_(chunk))
        found.update((row.id, row.name) for row in tx.connection.execute(of_host))
    return found


def _named(table: Table) -> Select[tuple[str, str]]:
    name = table.c.name if "name" in table.c else literal("").label("name")
    return select(table.c.id, name)


@functools.cache
def _few_of_host(table: Table) -> Prepared:
    """Return the statement that asks for a few ids; one stands in the places that are left."""
    wanted: list[BindParameter[str]] = [bindparam(place) for place in _PLACES]
    return Prepared(
        _named(table).where(table.c.host_key == bindparam("host_key"), table.c.id.in_(wanted))
    )
