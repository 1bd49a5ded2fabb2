"""Port reservation use cases: HcnReserveGuestNetworkServicePort and its kin."""

from dataclasses import replace
from typing import TypeVar

from hnsemu.domain.portreservations import (
    IP_PROTOCOLS,
    PortAccess,
    PortProtocol,
    PortReservation,
    check_port,
    choose_range,
    excludes,
    expiry,
)
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.guest.ports import PortLease, PortReservationRequest
from hnsemu.services import guestnetworkservices
from hnsemu.storage import nat_rules
from hnsemu.storage import portreservations as storage
from hnsemu.storage.transaction import Transaction, reads, writes

E = TypeVar("E", PortProtocol, PortAccess)


@writes
def reserve_ports(
    tx: Transaction, service_id: str, asked: PortReservationRequest
) -> PortReservation:
    """Reserve one port, or as many in a row as asked, for a guest network service.

    Raises: E_ELEMENT_NOT_FOUND, E_INVALIDARG, HCN_E_PORT_ALREADY_EXISTS when somebody has the port,
            HCN_E_PORT_NOT_FOUND when no range is left, E_OBJECT_ALREADY_EXISTS for the id.
    """
    service = guestnetworkservices.found(tx, service_id)
    storage.remove_expired(tx, tx.now)
    held = storage.all_of(tx, tx.now)
    wanted = _wanted(tx, service.id, asked)
    if asked.port is not None:
        check_port(asked.port)
        wanted = replace(wanted, start=asked.port, end=asked.port)
        _check_free(tx, held, wanted)
    else:
        start = choose_range(asked.port_count or 0, _taken(tx, held, wanted))
        wanted = replace(wanted, start=start, end=start + (asked.port_count or 0) - 1)
    if any(each.id == wanted.id for each in held):
        raise HnsError(
            Hr.E_OBJECT_ALREADY_EXISTS, f"ID {wanted.id} is taken; leave it out to get a new one"
        )
    storage.insert(tx, service.key, wanted)
    return wanted


@reads
def list_port_reservations(tx: Transaction, service_id: str | None = None) -> list[PortReservation]:
    """Return what is reserved on the host, or by one guest network service of it.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    if service_id is not None:
        guestnetworkservices.found(tx, service_id)
    return storage.all_of(tx, tx.now, service_id)


@reads
def get_port_reservation(tx: Transaction, reservation_id: str) -> PortReservation:
    """Return the reservation.

    Raises: E_ELEMENT_NOT_FOUND, also when its lease ran out.
    """
    return _found(tx, reservation_id)


@writes
def renew_port_reservation(
    tx: Transaction, reservation_id: str, asked: PortLease
) -> PortReservation:
    """Let the reservation last for so many seconds from now on; 0 for ever.

    Raises: E_ELEMENT_NOT_FOUND, also when its lease ran out; E_INVALIDARG.
    """
    kept = _found(tx, reservation_id)
    if asked.lease_seconds is None:
        raise HnsError(Hr.E_INVALIDARG, "LeaseSeconds: say how long it shall last; 0 for ever")
    lease = asked.lease_seconds
    renewed = replace(kept, lease=lease, expires=expiry(tx.now, lease))
    storage.renew(tx, kept.key, renewed.lease, renewed.expires)
    return renewed


@writes
def release_port_reservation(tx: Transaction, reservation_id: str) -> None:
    """Release the ports.

    Raises: E_ELEMENT_NOT_FOUND, also when its lease ran out.
    """
    storage.remove(tx, _found(tx, reservation_id).key)


def _found(tx: Transaction, reservation_id: str) -> PortReservation:
    found = storage.find(tx, tx.now, reservation_id)
    if found is None:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"no port reservation has the ID {reservation_id}; it was released, or its lease ran "
            "out; reserve again",
        )
    return found


def _wanted(tx: Transaction, service_id: str, asked: PortReservationRequest) -> PortReservation:
    """Return the reservation without its ports; no protocol means both, no access exclusive."""
    if (asked.port is None) == (asked.port_count is None):
        raise HnsError(Hr.E_INVALIDARG, "name either a Port or a PortCount")
    lease = asked.lease_seconds or 0
    return PortReservation(
        key=0,
        id=asked.id or tx.source.guid(),
        service_id=service_id,
        protocol=_named(PortProtocol, asked.protocol or "Both"),
        access=_named(PortAccess, asked.access or "Exclusive"),
        start=0,
        end=0,
        lease=lease,
        expires=expiry(tx.now, lease),
    )


def _named(enum: type[E], name: str) -> E:
    try:
        return enum[name.upper()]
    except KeyError:
        known = ", ".join(each.title() for each in enum.__members__)
        raise HnsError(Hr.E_INVALIDARG, f"{name} is none of {known}") from None


def _published(tx: Transaction, protocol: PortProtocol) -> set[int]:
    """Return the ports that endpoints publish; they are the host's too [I]."""
    ports: set[int] = set()
    for number, bit in IP_PROTOCOLS.items():
        if protocol & bit:
            ports |= nat_rules.taken_ports(tx, number)
    return ports


def _taken(tx: Transaction, held: list[PortReservation], wanted: PortReservation) -> list[range]:
    """Return the ports that a range of this kind cannot have."""
    everywhere = replace(wanted, start=0, end=0xFFFF)
    reserved = [range(each.start, each.end + 1) for each in held if excludes(each, everywhere)]
    return reserved + [range(port, port + 1) for port in _published(tx, wanted.protocol)]


def _check_free(tx: Transaction, held: list[PortReservation], wanted: PortReservation) -> None:
    """Refuse the one port of a reservation if somebody has it.

    Raises: HCN_E_PORT_ALREADY_EXISTS.
    """
    for each in held:
        if excludes(each, wanted):
            raise HnsError(
                Hr.HCN_E_PORT_ALREADY_EXISTS,
                f"port {wanted.start} is in reservation {each.id} ({each.start} to {each.end}); "
                "release it or take another port",
            )
    if wanted.start in _published(tx, wanted.protocol):
        raise HnsError(
            Hr.HCN_E_PORT_ALREADY_EXISTS,
            f"port {wanted.start} is published by an endpoint; take another port",
        )
