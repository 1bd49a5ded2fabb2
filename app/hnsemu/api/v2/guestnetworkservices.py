"""/v2/guestnetworkservices: HcnCreateGuestNetworkService, HcnModifyGuestNetworkService, …."""

from fastapi import APIRouter, Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import body, call, is_strict, object_id
from hnsemu.api.openapi import ID, LIST, QUERY, operation
from hnsemu.api.v2.rendering import show, show_list, show_queried
from hnsemu.schema.base import parse
from hnsemu.schema.v2.guest.services import GuestNetworkService
from hnsemu.schema.v2.modify import ModifyGuestNetworkServiceSettingRequest
from hnsemu.services import guestnetworkservices

router = APIRouter(prefix="/guestnetworkservices", tags=["guestnetworkservices"])


@router.get("", **operation(gives=GuestNetworkService, many=True, parameters=LIST))
async def list_guest_network_services(request: Request) -> Response:
    """HcnEnumerateGuestNetworkServices, with a query on each."""
    return await show_list(request, guestnetworkservices.list_guest_network_services)


@router.post("", **operation(takes=GuestNetworkService, gives=GuestNetworkService, status=201))
async def create_guest_network_service(request: Request) -> Response:
    """HcnCreateGuestNetworkService."""
    asked = parse(GuestNetworkService, await body(request), strict=is_strict(request))
    made, answer = await show(request, guestnetworkservices.create_guest_network_service, asked)
    return answers.created(request, answer, "guestnetworkservices", made.id)


@router.get("/{id}", **operation(gives=GuestNetworkService, parameters=[ID, QUERY]))
async def get_guest_network_service(request: Request) -> Response:
    """HcnOpenGuestNetworkService and its query; a Filter is ignored."""
    get = guestnetworkservices.get_guest_network_service
    return await show_queried(request, get, object_id(request))


@router.patch(
    "/{id}",
    **operation(
        takes=ModifyGuestNetworkServiceSettingRequest,
        gives=GuestNetworkService,
        parameters=[ID],
    ),
)
async def modify_guest_network_service(request: Request) -> Response:
    """HcnModifyGuestNetworkService: an Update of the State; answers the service after it."""
    document = await body(request)
    asked = parse(ModifyGuestNetworkServiceSettingRequest, document, strict=is_strict(request))
    modify = guestnetworkservices.modify_guest_network_service
    return (await show(request, modify, object_id(request), asked))[1]


@router.delete("/{id}", **operation(status=204, parameters=[ID]))
async def delete_guest_network_service(request: Request) -> Response:
    """HcnDeleteGuestNetworkService; the ports it reserved are free again."""
    delete = guestnetworkservices.delete_guest_network_service
    await call(request, delete, object_id(request))
    return answers.nothing()
