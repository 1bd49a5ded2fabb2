"""Rows of emulated hosts: which there are.

They are read by connection: a transaction looks up its own host here.
"""

import functools
import json
from bisect import bisect_right
from dataclasses import asdict, replace

from sqlalchemy import Connection, Row, bindparam, select

from hnsemu.domain.facts import InstalledExtension
from hnsemu.domain.hosts import Host, natural_order
from hnsemu.domain.releases import RELEASES, Release
from hnsemu.storage import clock, notifications
from hnsemu.storage.chunks import chunks
from hnsemu.storage.prepared import Answer, Prepared, PreparedInsert
from hnsemu.storage.tables import hosts

_FIND = select(hosts).where(hosts.c.name == bindparam("name"))
_ON_SQLITE = Prepared(_FIND.add_columns(clock.VERSIONS["sqlite"]))
_ON_POSTGRESQL = _FIND.add_columns(clock.VERSIONS["postgresql"])
_BY_NAME = Prepared(_ON_POSTGRESQL)
_BY_NAME_LOCKED = Prepared(_ON_POSTGRESQL.with_for_update())
_NAMES = select(hosts.c.name)
_INSERT = PreparedInsert(hosts)
_NUMBERS = Prepared(select(hosts.c.number).order_by(hosts.c.number))


def find(connection: Connection, name: str, *, lock: bool = False) -> Host | None:
    """Return the host called `name`; see `ask`."""
    return answered(ask(connection, name, lock=lock))


def ask(connection: Connection, name: str, *, lock: bool = False) -> Answer:
    """Ask for the host called `name`, with `lock` its row locked until the transaction ends."""
    if connection.dialect.name == "sqlite":
        return _ON_SQLITE.ask(connection, {"name": name})
    return (_BY_NAME_LOCKED if lock else _BY_NAME).ask(connection, {"name": name})


def answered(answer: Answer) -> Host | None:
    """Return the host that was asked for, None when there is none."""
    row = answer.row()
    return None if row is None else _host(row, row.clock)


def all_of(connection: Connection, limit: int | None = None, after: str = "") -> list[Host]:
    """Return the hosts by name, numbers by value, at most `limit`, from after `after` on.

    A database sorts names as texts, each by its own rules; their order is ours.
    """
    names = sorted(connection.execute(_NAMES).scalars(), key=natural_order)
    if after:
        names = names[bisect_right(names, natural_order(after), key=natural_order) :]
    names = names[:limit]
    found = {
        row.name: _host(row)
        for chunk in chunks(names)
        for row in connection.execute(select(hosts).where(hosts.c.name.in_(chunk)))
    }
    return [found[name] for name in names if name in found]


def numbers(connection: Connection) -> list[int]:
    """Return the numbers that are taken, ascending."""
    return [row.number for row in _NUMBERS.rows(connection, {})]


def insert(connection: Connection, host: Host) -> Host | None:
    """Insert `host` and return it with its key, or None if its name or number is taken."""
    row = {
        "name": host.name,
        "number": host.number,
        "watched": host.watched,
        "last_notification": notifications.first_number(connection),
        **columns_of(host),
    }
    key = _INSERT.key_unless_taken(connection, row)
    return None if key is None else replace(host, key=key)


def _host(row: Row[tuple[object, ...]], clock_version: int = 0) -> Host:
    return Host(
        key=row.key,
        name=row.name,
        release=_release(row.release, row.versions),
        number=row.number,
        azure_vm=bool(row.azure_vm),
        extensions=_extensions(row.extensions),
        dns_servers=_texts(row.dns_servers),
        dns_suffix=row.dns_suffix,
        management_ip_delay=row.management_ip_delay,
        created=row.created,
        started=row.started,
        watched=row.watched,
        clock=clock_version,
        definition=row.asked,
    )


@functools.lru_cache(maxsize=1024)
def _extensions(text: str) -> tuple[InstalledExtension, ...]:
    return tuple(InstalledExtension(**extension) for extension in json.loads(text))


@functools.lru_cache(maxsize=1024)
def _texts(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


@functools.lru_cache(maxsize=1024)
def _release(name: str, versions: str) -> Release:
    release = RELEASES[name]
    own = json.loads(versions)
    if not own:
        return release
    of_two = {name: tuple(own[name]) for name in ("hns", "schema") if name in own}
    return replace(release, **own | of_two)


def _versions(release: Release) -> dict[str, object]:
    """Return what differs from the release of that name."""
    known = RELEASES[release.name]
    names = ("hns", "schema", "build")
    return {
        name: getattr(release, name)
        for name in names
        if getattr(release, name) != getattr(known, name)
    }


def columns_of(host: Host) -> dict[str, object]:
    """Return the columns that a definition decides."""
    return {
        "release": host.release.name,
        "versions": json.dumps(_versions(host.release)),
        "extensions": json.dumps([asdict(extension) for extension in host.extensions]),
        "azure_vm": host.azure_vm,
        "dns_servers": json.dumps(host.dns_servers),
        "dns_suffix": host.dns_suffix,
        "management_ip_delay": host.management_ip_delay,
        "created": host.created,
        "started": host.started,
        "asked": host.definition,
    }
