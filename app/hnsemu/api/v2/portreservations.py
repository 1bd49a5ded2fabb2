"""Ports of guest network services: HcnReserveGuestNetworkServicePort and related functions."""

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import call
from hnsemu.api.pace import Pace
from hnsemu.api.parameters import Body, GuestNetworkServiceId, PortReservationId
from hnsemu.api.router import Router
from hnsemu.schema.v2.guest.ports import (
    GuestPortReservation,
    PortLease,
    PortReservationRequest,
    port_reservation_document,
)
from hnsemu.services import portreservations

router = Router(prefix="/v2", tags=["guestnetworkservices"])

_OF_SERVICE = "/guestnetworkservices/{id}/portreservations"


@router.operation("POST", _OF_SERVICE, gives=GuestPortReservation, status=201)
async def reserve_ports(
    request: Request, document: Body[PortReservationRequest], service_id: GuestNetworkServiceId
) -> Response:
    """HcnReserveGuestNetworkServicePort with a Port, …PortRange with a PortCount."""
    reservation = await call(request, portreservations.reserve_ports, service_id, document)
    answer = answers.document(port_reservation_document(reservation))
    return answers.created(request, answer, "portreservations", reservation.id)


@router.operation("GET", _OF_SERVICE, gives=GuestPortReservation, many=True, pace=Pace.LONG)
async def list_port_reservations_of_service(
    request: Request, service_id: GuestNetworkServiceId
) -> Response:
    """The reservations of one guest network service."""
    reservations = await call(request, portreservations.list_port_reservations, service_id)
    return answers.document([port_reservation_document(found) for found in reservations])


@router.operation("GET", "/portreservations", gives=GuestPortReservation, many=True, pace=Pace.LONG)
async def list_port_reservations(request: Request) -> Response:
    """HcnEnumerateGuestNetworkPortReservations."""
    reservations = await call(request, portreservations.list_port_reservations)
    return answers.document([port_reservation_document(found) for found in reservations])


@router.operation("GET", "/portreservations/{id}", gives=GuestPortReservation)
async def get_port_reservation(request: Request, reservation_id: PortReservationId) -> Response:
    """One reservation."""
    reservation = await call(request, portreservations.get_port_reservation, reservation_id)
    return answers.document(port_reservation_document(reservation))


@router.operation("PATCH", "/portreservations/{id}", gives=GuestPortReservation)
async def renew_port_reservation(
    request: Request, lease: Body[PortLease], reservation_id: PortReservationId
) -> Response:
    """Renew the lease. The holder of a reservation renews it for as long as it needs the ports."""
    renew = portreservations.renew_port_reservation
    reservation = await call(request, renew, reservation_id, lease)
    return answers.document(port_reservation_document(reservation))


@router.operation("DELETE", "/portreservations/{id}", status=204)
async def delete_port_reservation(request: Request, reservation_id: PortReservationId) -> Response:
    """HcnReleaseGuestNetworkServicePortReservationHandle."""
    await call(request, portreservations.release_port_reservation, reservation_id)
    return answers.nothing()
