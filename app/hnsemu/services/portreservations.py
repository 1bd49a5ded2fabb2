"""Use cases of port reservations: HcnReserveGuestNetworkServicePort and its kin."""

from hnsemu.domain.portreservations import PortReservation, new_reservation, renewed
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.guest.ports import PortLease, PortReservationRequest, port_request
from hnsemu.services.guestnetworkservices.queries import found as found_service
from hnsemu.storage import portreservations
from hnsemu.storage.transaction import Transaction, reads, writes


@writes
def reserve_ports(
    tx: Transaction, service_id: str, request: PortReservationRequest
) -> PortReservation:
    """Reserve one port, or a number of ports in a row, for a guest network service.

    Raises: E_ELEMENT_NOT_FOUND, and what `new_reservation` raises.
    """
    service = found_service(tx, service_id)
    facts = portreservations.facts(tx)
    reservation = new_reservation(service.id, port_request(request), facts, tx.source)
    portreservations.reserve(tx, service.key, reservation)
    return reservation


@reads
def list_port_reservations(tx: Transaction, service_id: str | None = None) -> list[PortReservation]:
    """Return what is reserved on the host, or by one guest network service of it.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    if service_id is not None:
        found_service(tx, service_id)
    return portreservations.all_of(tx, tx.now, service_id)


@reads
def get_port_reservation(tx: Transaction, reservation_id: str) -> PortReservation:
    """Return the reservation.

    Raises: E_ELEMENT_NOT_FOUND, also when its lease ran out.
    """
    return _found(tx, reservation_id)


@writes
def renew_port_reservation(
    tx: Transaction, reservation_id: str, request: PortLease
) -> PortReservation:
    """Let the reservation last for so many seconds from now on; 0 for ever.

    Raises: E_ELEMENT_NOT_FOUND, also when its lease ran out; E_INVALIDARG.
    """
    reservation = _found(tx, reservation_id)
    after = renewed(reservation, request.lease_seconds, tx.now)
    portreservations.renew(tx, after)
    return after


@writes
def release_port_reservation(tx: Transaction, reservation_id: str) -> None:
    """Release the ports.

    Raises: E_ELEMENT_NOT_FOUND, also when its lease ran out.
    """
    portreservations.remove(tx, _found(tx, reservation_id))


def _found(tx: Transaction, reservation_id: str) -> PortReservation:
    reservation = portreservations.find(tx, tx.now, reservation_id)
    if reservation is None:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"no port reservation has the ID {reservation_id}; it was released, or its lease ran "
            "out; reserve again",
        )
    return reservation
