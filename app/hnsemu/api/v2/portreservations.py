"""Ports of guest network services: HcnReserveGuestNetworkServicePort and its kin."""

from fastapi import APIRouter, Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import body, call, is_strict, object_id
from hnsemu.api.openapi import ID, operation
from hnsemu.schema.base import parse
from hnsemu.schema.v2.guest.ports import (
    GuestPortReservation,
    PortLease,
    PortReservationRequest,
    port_reservation_document,
)
from hnsemu.services import portreservations

router = APIRouter(tags=["guestnetworkservices"])

_OF_SERVICE = "/guestnetworkservices/{id}/portreservations"


@router.post(
    _OF_SERVICE,
    **operation(
        takes=PortReservationRequest, gives=GuestPortReservation, status=201, parameters=[ID]
    ),
)
async def reserve_ports(request: Request) -> Response:
    """HcnReserveGuestNetworkServicePort with a Port, …PortRange with a PortCount."""
    asked = parse(PortReservationRequest, await body(request), strict=is_strict(request))
    made = await call(request, portreservations.reserve_ports, object_id(request), asked)
    answer = answers.document(port_reservation_document(made))
    return answers.created(request, answer, "portreservations", made.id)


@router.get(_OF_SERVICE, **operation(gives=GuestPortReservation, many=True, parameters=[ID]))
async def list_port_reservations_of_service(request: Request) -> Response:
    """What one guest network service has reserved."""
    held = await call(request, portreservations.list_port_reservations, object_id(request))
    return answers.document([port_reservation_document(each) for each in held])


@router.get("/portreservations", **operation(gives=GuestPortReservation, many=True))
async def list_port_reservations(request: Request) -> Response:
    """HcnEnumerateGuestNetworkPortReservations."""
    held = await call(request, portreservations.list_port_reservations)
    return answers.document([port_reservation_document(each) for each in held])


@router.get("/portreservations/{id}", **operation(gives=GuestPortReservation, parameters=[ID]))
async def get_port_reservation(request: Request) -> Response:
    """One reservation."""
    held = await call(request, portreservations.get_port_reservation, object_id(request))
    return answers.document(port_reservation_document(held))


@router.patch(
    "/portreservations/{id}",
    **operation(takes=PortLease, gives=GuestPortReservation, parameters=[ID]),
)
async def renew_port_reservation(request: Request) -> Response:
    """Renew the lease; who holds a reservation does so while it lives."""
    asked = parse(PortLease, await body(request), strict=is_strict(request))
    renew = portreservations.renew_port_reservation
    kept = await call(request, renew, object_id(request), asked)
    return answers.document(port_reservation_document(kept))


@router.delete("/portreservations/{id}", **operation(status=204, parameters=[ID]))
async def delete_port_reservation(request: Request) -> Response:
    """HcnReleaseGuestNetworkServicePortReservationHandle."""
    await call(request, portreservations.release_port_reservation, object_id(request))
    return answers.nothing()
