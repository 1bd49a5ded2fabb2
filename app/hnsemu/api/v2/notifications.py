"""…/notifications: HcnRegisterServiceCallback and the other callbacks, as event streams."""

from fastapi import Request, Response

from hnsemu.api.events import Resumption, stream
from hnsemu.api.parameters import GuestNetworkServiceId, NetworkId
from hnsemu.api.router import Router
from hnsemu.domain.notifications import Handle
from hnsemu.schema.v2.notifications import HcnNotificationEvent

router = Router(prefix="/v2", tags=["notifications"])


@router.operation("GET", "/notifications", events=HcnNotificationEvent)
async def stream_notifications(request: Request, resumption: Resumption) -> Response:
    """HcnRegisterServiceCallback: networks, namespaces and guest network services come and go."""
    return await stream(request, resumption, Handle.SERVICE)


@router.operation("GET", "/networks/{id}/notifications", events=HcnNotificationEvent)
async def stream_network_notifications(
    request: Request, network_id: NetworkId, resumption: Resumption
) -> Response:
    """The events on the handle of a network: endpoints are plugged in and out."""
    return await stream(request, resumption, Handle.NETWORK, network_id)


@router.operation("GET", "/guestnetworkservices/{id}/notifications", events=HcnNotificationEvent)
async def stream_guest_network_service_notifications(
    request: Request, service_id: GuestNetworkServiceId, resumption: Resumption
) -> Response:
    """HcnRegisterGuestNetworkServiceCallback: the state of the service or an interface changes."""
    return await stream(request, resumption, Handle.GUEST_NETWORK_SERVICE, service_id)
