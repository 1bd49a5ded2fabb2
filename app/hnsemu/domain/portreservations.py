"""Ports that guest network services reserve on the host.

Source: HcnReserveGuestNetworkServicePort and its kin of Microsoft's HCN reference [D]; which
reservations exclude each other follows from the names of the access modes [I].
"""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import IntEnum, IntFlag
from typing import TypeVar

from hnsemu.domain.filetime import TICKS
from hnsemu.domain.policies.portmapping import CHOSEN_PORTS, TCP, UDP
from hnsemu.domain.source import Source
from hnsemu.errors import HnsError, Hr

_LARGEST_PORT = 0xFFFF


class PortProtocol(IntFlag):
    """HCN_PORT_PROTOCOL; BOTH claims both."""

    TCP = 1
    UDP = 2
    BOTH = 3


IP_PROTOCOLS = {TCP: PortProtocol.TCP, UDP: PortProtocol.UDP}
"""By the number of the IP protocol, as published ports have it."""


class PortAccess(IntEnum):
    """HCN_PORT_ACCESS."""

    EXCLUSIVE = 1
    SHARED = 2


E = TypeVar("E", PortProtocol, PortAccess)


@dataclass(frozen=True, slots=True)
class PortReservation:
    """Ports `start` to `end`, both included.

    lease:   seconds that a renewal is good for, 0 for ever.
    expires: FILETIME at which it counts as released, 0 for never.
    """

    key: int
    id: str
    service_id: str
    protocol: PortProtocol
    access: PortAccess
    start: int
    end: int
    lease: int = 0
    expires: int = 0


@dataclass(frozen=True, slots=True)
class PortRequest:
    """One port, or a number of ports in a row that HNS chooses.

    id: "" for a new one. protocol: the name of a PortProtocol. access: the name of a PortAccess.
    lease: seconds until the reservation counts as released, 0 for ever.
    """

    id: str = ""
    port: int | None = None
    count: int | None = None
    protocol: str = "Both"
    access: str = "Exclusive"
    lease: int = 0


@dataclass(frozen=True, slots=True)
class PortFacts:
    """Which ports of the host are taken at FILETIME `now`.

    reservations: those that have not expired, in order.
    published:    ports that endpoints publish, by the number of the IP protocol.
    """

    now: int
    reservations: Sequence[PortReservation] = ()
    published: Mapping[int, AbstractSet[int]] = field(default_factory=dict)


def new_reservation(
    service_id: str, request: PortRequest, facts: PortFacts, source: Source
) -> PortReservation:
    """Return what a guest network service gets.

    Raises: E_INVALIDARG, HCN_E_PORT_ALREADY_EXISTS when somebody has the port,
            HCN_E_PORT_NOT_FOUND when no range is left, E_OBJECT_ALREADY_EXISTS for the id.
    """
    if (request.port is None) == (request.count is None):
        raise HnsError(Hr.E_INVALIDARG, "name either a Port or a PortCount")
    reservation = PortReservation(
        key=0,
        id=request.id or source.guid(),
        service_id=service_id,
        protocol=_named(PortProtocol, request.protocol),
        access=_named(PortAccess, request.access),
        start=0,
        end=0,
        lease=request.lease,
        expires=expiry(facts.now, request.lease),
    )
    if request.port is not None:
        check_port(request.port)
        reservation = replace(reservation, start=request.port, end=request.port)
        _check_free(reservation, facts)
    else:
        count = request.count or 0
        start = choose_range(count, _taken(reservation, facts))
        reservation = replace(reservation, start=start, end=start + count - 1)
    if any(held.id == reservation.id for held in facts.reservations):
        raise HnsError(
            Hr.E_OBJECT_ALREADY_EXISTS,
            f"ID {reservation.id} is taken; leave it out to get a new one",
        )
    return reservation


def renewed(reservation: PortReservation, lease: int | None, now: int) -> PortReservation:
    """Return the reservation with a lease of so many seconds from `now` on; 0 for ever.

    Raises: E_INVALIDARG when no lease is given.
    """
    if lease is None:
        raise HnsError(
            Hr.E_INVALIDARG, "LeaseSeconds is missing; write how long it lasts, 0 for ever"
        )
    return replace(reservation, lease=lease, expires=expiry(now, lease))


def expiry(now: int, lease: int) -> int:
    """Return the FILETIME until which a lease of so many seconds lasts; 0 for none."""
    return now + lease * TICKS if lease else 0


def excludes(held: PortReservation, new: PortReservation) -> bool:
    """Tell whether a held reservation leaves no room for a new one: shared ones share."""
    return (
        bool(held.protocol & new.protocol)
        and held.start <= new.end
        and new.start <= held.end
        and PortAccess.EXCLUSIVE in {held.access, new.access}
    )


def check_port(port: int) -> None:
    """Refuse what is no port.

    Raises: E_INVALIDARG.
    """
    if not 0 < port <= _LARGEST_PORT:
        raise HnsError(Hr.E_INVALIDARG, f"Port: {port} is not a port; use 1 to {_LARGEST_PORT}")


def choose_range(count: int, taken: Collection[range]) -> int:
    """Return the first of `count` ports in a row that nobody has.

    Raises: E_INVALIDARG for a count that never fits, HCN_E_PORT_NOT_FOUND when none is left.
    """
    if not 0 < count <= len(CHOSEN_PORTS):
        raise HnsError(
            Hr.E_INVALIDARG, f"PortCount: {count} does not fit; use 1 to {len(CHOSEN_PORTS)}"
        )
    first = CHOSEN_PORTS.start
    for held in sorted(taken, key=lambda ports: ports.start):
        if first + count <= held.start:
            break
        first = max(first, held.stop)
    if first + count > CHOSEN_PORTS.stop:
        raise HnsError(
            Hr.HCN_E_PORT_NOT_FOUND,
            f"no {count} ports in a row are free in {CHOSEN_PORTS.start} to "
            f"{CHOSEN_PORTS.stop - 1}; release some, or reserve fewer",
        )
    return first


def _named(enum: type[E], name: str) -> E:
    try:
        return enum[name.upper()]
    except KeyError:
        known = ", ".join(member.title() for member in enum.__members__)
        raise HnsError(Hr.E_INVALIDARG, f"{name} is unknown; use one of {known}") from None


def _check_free(new: PortReservation, facts: PortFacts) -> None:
    """Refuse the one port of a reservation if somebody has it.

    Raises: HCN_E_PORT_ALREADY_EXISTS.
    """
    for held in facts.reservations:
        if excludes(held, new):
            raise HnsError(
                Hr.HCN_E_PORT_ALREADY_EXISTS,
                f"port {new.start} is in reservation {held.id} ({held.start} to {held.end}); "
                "release it or take another port",
            )
    if new.start in _published(new.protocol, facts):
        raise HnsError(
            Hr.HCN_E_PORT_ALREADY_EXISTS,
            f"port {new.start} is published by an endpoint; take another port",
        )


def _taken(new: PortReservation, facts: PortFacts) -> list[range]:
    """Return the ports that a range of this kind cannot have."""
    everywhere = replace(new, start=0, end=_LARGEST_PORT)
    reserved = [
        range(held.start, held.end + 1) for held in facts.reservations if excludes(held, everywhere)
    ]
    return reserved + [range(port, port + 1) for port in _published(new.protocol, facts)]


def _published(protocol: PortProtocol, facts: PortFacts) -> set[int]:
    """Return the ports that endpoints publish; they are the host's too [I]."""
    numbers = (number for number, bit in IP_PROTOCOLS.items() if protocol & bit)
    return {port for number in numbers for port in facts.published.get(number, ())}
