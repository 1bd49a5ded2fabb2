"""…/notifications: HcnRegisterServiceCallback and its kin, as streams."""

from fastapi import APIRouter, Request, Response

from hnsemu.api.deps import object_id
from hnsemu.api.events import PARAMETERS, stream
from hnsemu.api.openapi import ID, operation
from hnsemu.domain.notifications import Handle
from hnsemu.schema.v2.notifications import HcnNotificationEvent

router = APIRouter(tags=["notifications"])


@router.get("/notifications", **operation(streams=HcnNotificationEvent, parameters=PARAMETERS))
async def stream_notifications(request: Request) -> Response:
    """HcnRegisterServiceCallback: networks, namespaces and guest network services come and go."""
    return await stream(request, Handle.SERVICE)


@router.get(
    "/networks/{id}/notifications",
    **operation(streams=HcnNotificationEvent, parameters=[ID, *PARAMETERS]),
)
async def stream_network_notifications(request: Request) -> Response:
    """What is heard on the handle of a network: endpoints are plugged in and out."""
    return await stream(request, Handle.NETWORK, object_id(request))


@router.get(
    "/guestnetworkservices/{id}/notifications",
    **operation(streams=HcnNotificationEvent, parameters=[ID, *PARAMETERS]),
)
async def stream_guest_network_service_notifications(request: Request) -> Response:
    """HcnRegisterGuestNetworkServiceCallback: its state and that of its interfaces change."""
    return await stream(request, Handle.GUEST_NETWORK_SERVICE, object_id(request))
