"""Port reservations as documents of hnsemu; HCN passes them as parameters."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from hnsemu.domain.portreservations import PortRequest, PortReservation
from hnsemu.schema.base import Document, Guid, Uint16, Uint32
from hnsemu.schema.enums import accepts


class PortProtocolName(StrEnum):
    """HCN_PORT_PROTOCOL by name."""

    NONE = "None"
    TCP = "TCP"
    UDP = "UDP"
    Both = "Both"


class PortAccessName(StrEnum):
    """HCN_PORT_ACCESS by name."""

    NONE = "None"
    Exclusive = "Exclusive"
    Shared = "Shared"


class PortLease(Document):
    """The lease of a reservation."""

    lease_seconds: Uint32 | None = Field(
        default=None,
        description="Seconds until the reservation ends unless it is renewed; 0: it does not end.",
    )


class PortReservationRequest(PortLease):
    """One port, or a number of consecutive ports that the service chooses."""

    id: Guid | None = Field(default=None, alias="ID")
    protocol: Annotated[PortProtocolName, accepts(PortProtocolName)] | None = None
    access: Annotated[PortAccessName, accepts(PortAccessName)] | None = None
    port: Uint16 | None = None
    port_count: Uint16 | None = None


class GuestPortReservation(PortLease):
    """A reservation, from the starting port to the ending port."""

    id: Guid | None = Field(default=None, alias="ID")
    guest_network_service: Guid | None = None
    protocol: Annotated[PortProtocolName, accepts(PortProtocolName)] | None = None
    access: Annotated[PortAccessName, accepts(PortAccessName)] | None = None
    starting_port: Uint16 | None = None
    ending_port: Uint16 | None = None


def port_request(document: PortReservationRequest) -> PortRequest:
    """Return the ports that a document asks for; no protocol means both, no access exclusive."""
    return PortRequest(
        id=document.id or "",
        port=document.port,
        count=document.port_count,
        protocol=document.protocol or "Both",
        access=document.access or "Exclusive",
        lease=document.lease_seconds or 0,
    )


_PROTOCOLS = list(PortProtocolName)
_ACCESSES = list(PortAccessName)


def port_reservation_document(reservation: PortReservation) -> dict[str, object]:
    """Return the document of a reservation."""
    document: dict[str, object] = {
        "ID": reservation.id,
        "GuestNetworkService": reservation.service_id,
        "Protocol": str(_PROTOCOLS[reservation.protocol]),
        "Access": str(_ACCESSES[reservation.access]),
        "StartingPort": reservation.start,
        "EndingPort": reservation.end,
    }
    if reservation.lease:
        document["LeaseSeconds"] = reservation.lease
    return document
