"""Rows of emulated hosts."""

import json

from sqlalchemy import Connection, Row, bindparam, select, update

from app.domain.hosts import Host
from app.domain.releases import RELEASES
from app.storage.tables import hosts

_BY_NAME = select(hosts).where(hosts.c.name == bindparam("name"))
_BY_NAME_LOCKED = _BY_NAME.with_for_update()


def find(connection: Connection, name: str, *, lock: bool = False) -> Host | None:
    """Return the host called `name`, its row locked until the transaction ends if asked."""
    row = connection.execute(_BY_NAME_LOCKED if lock else _BY_NAME, {"name": name}).first()
    return None if row is None else _host(row)


def _host(row: Row[tuple[object, ...]]) -> Host:
    return Host(
        key=row.key,
        name=row.name,
        release=RELEASES[row.release],
        azure_vm=row.azure_vm,
        dns_servers=tuple(json.loads(row.dns_servers)),
        dns_suffix=row.dns_suffix,
        management_ip_delay=row.management_ip_delay,
        created=row.created,
        started=row.started,
        asked=row.asked,
    )


def take_compartment(connection: Connection, host_key: int) -> int:
    """Return the host's next compartment id; ids count upwards and are never given twice."""
    taken = connection.execute(
        update(hosts)
        .where(hosts.c.key == host_key)
        .values(next_compartment=hosts.c.next_compartment + 1)
        .returning(hosts.c.next_compartment)
    ).scalar_one()
    return int(taken) - 1
