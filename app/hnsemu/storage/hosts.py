"""Rows of emulated hosts."""

import json

from sqlalchemy import Connection, Row, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hnsemu.domain.hosts import Host
from hnsemu.domain.releases import RELEASES
from hnsemu.storage import notifications
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import hosts, metadata

_FIND = select(hosts).where(hosts.c.name == bindparam("name"))
_BY_NAME = Prepared(_FIND)
_BY_NAME_LOCKED = Prepared(_FIND.with_for_update())
_TAKE_NAT_MAPPING = Prepared(
    update(hosts)
    .where(hosts.c.key == bindparam("b_key"))
    .values(next_nat_mapping=hosts.c.next_nat_mapping + 1)
    .returning(hosts.c.next_nat_mapping)
)


def find(connection: Connection, name: str, *, lock: bool = False) -> Host | None:
    """Return the host called `name`, its row locked until the transaction ends if asked."""
    row = (_BY_NAME_LOCKED if lock else _BY_NAME).row(connection, {"name": name})
    return None if row is None else _host(row)


def all_of(connection: Connection, limit: int | None = None, after: str = "") -> list[Host]:
    """Return the hosts by name, at most `limit`, from the one after `after` on."""
    query = select(hosts).where(hosts.c.name > after).order_by(hosts.c.name).limit(limit)
    return [_host(row) for row in connection.execute(query)]


def numbers(connection: Connection) -> list[int]:
    """Return the numbers that are taken, ascending."""
    return list(connection.execute(select(hosts.c.number).order_by(hosts.c.number)).scalars())


def insert(connection: Connection, host: Host) -> bool:
    """Insert `host` and return True, or change nothing if its name or number is taken."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(hosts).values(
        name=host.name,
        number=host.number,
        last_notification=notifications.FIRST_NUMBER,
        **_settings(host),
    )
    inserted = statement.on_conflict_do_nothing().returning(hosts.c.key)
    return connection.execute(inserted).first() is not None


def replace(connection: Connection, host_key: int, host: Host) -> None:
    """Give the row `host_key` the settings of `host`; its name and number stay.

    A number of notifications is left out: who has read all of those before is not up to date.
    """
    connection.execute(
        update(hosts)
        .where(hosts.c.key == host_key)
        .values(
            next_compartment=2,
            next_nat_mapping=0,
            last_notification=hosts.c.last_notification + 1,
            **_settings(host),
        )
    )


def delete_with_everything(connection: Connection, host_key: int) -> None:
    """Delete the host; everything on it goes with it."""
    notifications.note_removal(connection, host_key)
    connection.execute(delete(hosts).where(hosts.c.key == host_key))


def clear(connection: Connection, host_key: int) -> None:
    """Delete everything on the host; its own row stays."""
    for table in reversed(metadata.sorted_tables):
        if "host_key" in table.c:
            connection.execute(delete(table).where(table.c.host_key == host_key))


def start(connection: Connection, host_key: int, now: int) -> None:
    """Note that HNS started at `now`."""
    connection.execute(update(hosts).where(hosts.c.key == host_key).values(started=now))


def _host(row: Row[tuple[object, ...]]) -> Host:
    return Host(
        key=row.key,
        name=row.name,
        release=RELEASES[row.release],
        number=row.number,
        azure_vm=bool(row.azure_vm),
        dns_servers=tuple(json.loads(row.dns_servers)),
        dns_suffix=row.dns_suffix,
        management_ip_delay=row.management_ip_delay,
        created=row.created,
        started=row.started,
        asked=row.asked,
    )


def _settings(host: Host) -> dict[str, object]:
    """Return the columns that a definition decides."""
    return {
        "release": host.release.name,
        "azure_vm": host.azure_vm,
        "dns_servers": json.dumps(host.dns_servers),
        "dns_suffix": host.dns_suffix,
        "management_ip_delay": host.management_ip_delay,
        "created": host.created,
        "started": host.started,
        "asked": host.asked,
    }


def take_compartment(connection: Connection, host_key: int) -> int:
    """Return the host's next compartment id; ids count upwards and are never given twice."""
    taken = connection.execute(
        update(hosts)
        .where(hosts.c.key == host_key)
        .values(next_compartment=hosts.c.next_compartment + 1)
        .returning(hosts.c.next_compartment)
    ).scalar_one()
    return int(taken) - 1


def take_nat_mapping(connection: Connection, host_key: int) -> int:
    """Return the host's next StaticMappingID; ids count upwards from 0."""
    return int(_TAKE_NAT_MAPPING.scalar(connection, {"b_key": host_key})) - 1
