"""Rows of port reservations; nobody reads one that has expired."""

from sqlalchemy import Row, Select, bindparam, delete, or_, select, update

from hnsemu.domain.host_ports import ReservedPorts
from hnsemu.domain.portreservations import (
    IP_PROTOCOLS,
    PortAccess,
    PortFacts,
    PortProtocol,
    PortReservation,
)
from hnsemu.storage import nat_rules
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import guest_network_services, port_reservations
from hnsemu.storage.transaction import Transaction

_SELECT = (
    select(port_reservations, guest_network_services.c.id.label("service_id"))
    .join(guest_network_services, guest_network_services.c.key == port_reservations.c.service_key)
    .order_by(port_reservations.c.key)
)

_RESERVED = Prepared(
    select(
        port_reservations.c.id,
        port_reservations.c.protocol,
        port_reservations.c.start_port,
        port_reservations.c.end_port,
    ).where(
        port_reservations.c.host_key == bindparam("host_key"),
        or_(port_reservations.c.expires == 0, port_reservations.c.expires > bindparam("now")),
    )
)
_RESERVER = Prepared(
    select(port_reservations.c.id)
    .where(
        port_reservations.c.host_key == bindparam("host_key"),
        port_reservations.c.start_port <= bindparam("port"),
        port_reservations.c.end_port >= bindparam("port"),
        port_reservations.c.protocol.bitwise_and(bindparam("bit")) != 0,
        or_(port_reservations.c.expires == 0, port_reservations.c.expires > bindparam("now")),
    )
    .limit(1)
)


def all_of(tx: Transaction, now: int, service_id: str | None = None) -> list[PortReservation]:
    """Return what is reserved on the host at `now`, or by one service of it, in order."""
    query = _at(tx.host.key, now)
    if service_id is not None:
        query = query.where(guest_network_services.c.id == service_id)
    return [_reservation(row) for row in tx.connection.execute(query)]


def find(tx: Transaction, now: int, reservation_id: str) -> PortReservation | None:
    """Return the reservation unless it has expired."""
    query = _at(tx.host.key, now).where(port_reservations.c.id == reservation_id)
    row = tx.connection.execute(query).first()
    return None if row is None else _reservation(row)


def reserved(tx: Transaction, now: int) -> list[ReservedPorts]:
    """Return the ports that are reserved on the host at `now`."""
    rows = _RESERVED.rows(tx.connection, {"host_key": tx.host.key, "now": now})
    return [
        ReservedPorts(row.id, PortProtocol(row.protocol), row.start_port, row.end_port)
        for row in rows
    ]


def reserver(tx: Transaction, now: int, bit: int, port: int) -> str | None:
    """Return the id of a reservation that has the port for a PortProtocol."""
    found: str | None = _RESERVER.scalar(
        tx.connection, {"host_key": tx.host.key, "now": now, "bit": bit, "port": port}
    )
    return found


def facts(tx: Transaction) -> PortFacts:
    """Return which ports of the host are taken."""
    published = {number: nat_rules.taken_ports(tx, number) for number in IP_PROTOCOLS}
    return PortFacts(tx.now, all_of(tx, tx.now), published)


def reserve(tx: Transaction, service_key: int, reservation: PortReservation) -> None:
    """Write a reservation, and forget those that expired."""
    tx.note_created("portreservation", reservation.id)
    tx.connection.execute(
        delete(port_reservations).where(
            port_reservations.c.host_key == tx.host.key,
            port_reservations.c.expires > 0,
            port_reservations.c.expires <= tx.now,
        )
    )
    tx.connection.execute(
        port_reservations.insert().values(
            host_key=tx.host.key,
            id=reservation.id,
            service_key=service_key,
            protocol=int(reservation.protocol),
            access=int(reservation.access),
            start_port=reservation.start,
            end_port=reservation.end,
            lease=reservation.lease,
            expires=reservation.expires,
        )
    )


def renew(tx: Transaction, reservation: PortReservation) -> None:
    """Write how long the reservation lasts."""
    tx.connection.execute(
        update(port_reservations)
        .where(port_reservations.c.key == reservation.key)
        .values(lease=reservation.lease, expires=reservation.expires)
    )


def remove(tx: Transaction, reservation: PortReservation) -> None:
    """Release a reservation."""
    tx.note_removed("portreservation", reservation.id)
    tx.connection.execute(
        delete(port_reservations).where(port_reservations.c.key == reservation.key)
    )


def remove_all(tx: Transaction) -> None:
    """Release every reservation of the host."""
    tx.connection.execute(
        delete(port_reservations).where(port_reservations.c.host_key == tx.host.key)
    )


def _at(host_key: int, now: int) -> Select[tuple[object, ...]]:
    return _SELECT.where(
        port_reservations.c.host_key == host_key,
        or_(port_reservations.c.expires == 0, port_reservations.c.expires > now),
    )


def _reservation(row: Row[tuple[object, ...]]) -> PortReservation:
    return PortReservation(
        key=row.key,
        id=row.id,
        service_id=row.service_id,
        protocol=PortProtocol(row.protocol),
        access=PortAccess(row.access),
        start=row.start_port,
        end=row.end_port,
        lease=row.lease,
        expires=row.expires,
    )
