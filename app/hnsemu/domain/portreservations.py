"""Ports that guest network services reserve on the host.

Source: HcnReserveGuestNetworkServicePort and its kin of Microsoft's HCN reference [D]; which
reservations exclude each other follows from the names of the access modes [I].
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum, IntFlag

from hnsemu.domain.policies.portmapping import CHOSEN_PORTS, TCP, UDP
from hnsemu.errors import HnsError, Hr

_LARGEST_PORT = 0xFFFF
_TICKS_PER_SECOND = 10_000_000


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


def expiry(now: int, lease: int) -> int:
    """Return the FILETIME until which a lease of so many seconds lasts; 0 for none."""
    return now + lease * _TICKS_PER_SECOND if lease else 0


def excludes(held: PortReservation, asked: PortReservation) -> bool:
    """Tell whether what is held leaves no room for what is asked: shared ones share."""
    return (
        bool(held.protocol & asked.protocol)
        and held.start <= asked.end
        and asked.start <= held.end
        and PortAccess.EXCLUSIVE in {held.access, asked.access}
    )


def check_port(port: int) -> None:
    """Refuse what is no port.

    Raises: E_INVALIDARG.
    """
    if not 0 < port <= _LARGEST_PORT:
        raise HnsError(Hr.E_INVALIDARG, f"Port: {port} is no port; use 1 to {_LARGEST_PORT}")


def choose_range(count: int, taken: Collection[range]) -> int:
    """Return the first of `count` ports in a row that nobody has.

    Raises: E_INVALIDARG for a count that never fits, HCN_E_PORT_NOT_FOUND when none is left.
    """
    if not 0 < count <= len(CHOSEN_PORTS):
        raise HnsError(
            Hr.E_INVALIDARG, f"PortCount: {count} does not fit; use 1 to {len(CHOSEN_PORTS)}"
        )
    first = CHOSEN_PORTS.start
    for held in sorted(taken, key=lambda each: each.start):
        if first + count <= held.start:
            break
        first = max(first, held.stop)
    if first + count > CHOSEN_PORTS.stop:
        raise HnsError(
            Hr.HCN_E_PORT_NOT_FOUND,
            f"no {count} ports in a row are free in {CHOSEN_PORTS.start} to "
            f"{CHOSEN_PORTS.stop - 1}; release some, or ask for fewer",
        )
    return first
