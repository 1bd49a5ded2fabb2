"""/v2/guestnetworkservices: HcnCreateGuestNetworkService, HcnModifyGuestNetworkService, …."""

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import call
from hnsemu.api.parameters import Body, GuestNetworkServiceId, Listing, Query
from hnsemu.api.router import Router
from hnsemu.api.v2.rendering import show, show_list, show_queried
from hnsemu.schema.v2.guest.services import GuestNetworkService
from hnsemu.schema.v2.modify import ModifyGuestNetworkServiceSettingRequest
from hnsemu.services import guestnetworkservices

router = Router(prefix="/v2/guestnetworkservices", tags=["guestnetworkservices"])


@router.operation("GET", "", gives=GuestNetworkService, many=True)
async def list_guest_network_services(request: Request, listing: Listing) -> Response:
    """HcnEnumerateGuestNetworkServices, and a query for each service found."""
    return await show_list(request, guestnetworkservices.list_guest_network_services, listing)


@router.operation("POST", "", gives=GuestNetworkService, status=201)
async def create_guest_network_service(
    request: Request, document: Body[GuestNetworkService]
) -> Response:
    """HcnCreateGuestNetworkService."""
    create = guestnetworkservices.create_guest_network_service
    service, answer = await show(request, create, document)
    return answers.created(request, answer, "guestnetworkservices", service.id)


@router.operation("GET", "/{id}", gives=GuestNetworkService)
async def get_guest_network_service(
    request: Request, service_id: GuestNetworkServiceId, query: Query
) -> Response:
    """HcnOpenGuestNetworkService and its query. A Filter in the query is ignored."""
    get = guestnetworkservices.get_guest_network_service
    return await show_queried(request, query, get, service_id)


@router.operation("PATCH", "/{id}", gives=GuestNetworkService)
async def modify_guest_network_service(
    request: Request,
    change: Body[ModifyGuestNetworkServiceSettingRequest],
    service_id: GuestNetworkServiceId,
) -> Response:
    """HcnModifyGuestNetworkService: an Update of the State. The answer is the updated service."""
    modify = guestnetworkservices.modify_guest_network_service
    _, answer = await show(request, modify, service_id, change)
    return answer


@router.operation("DELETE", "/{id}", status=204)
async def delete_guest_network_service(
    request: Request, service_id: GuestNetworkServiceId
) -> Response:
    """HcnDeleteGuestNetworkService. The ports it reserved are free again."""
    await call(request, guestnetworkservices.delete_guest_network_service, service_id)
    return answers.nothing()
