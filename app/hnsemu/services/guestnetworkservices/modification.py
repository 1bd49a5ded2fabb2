"""Changing guest network services: HcnModifyGuestNetworkService."""

from hnsemu.domain.guestnetworkservices import (
    GuestNetworkService,
    ServiceState,
    change_state,
    check_requested_state,
)
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.enums import ModifyRequestType
from hnsemu.schema.v2.guest.services import GuestNetworkServiceStateRequest
from hnsemu.schema.v2.modify import ModifyGuestNetworkServiceSettingRequest
from hnsemu.services.guestnetworkservices.queries import found
from hnsemu.storage import guestnetworkservices
from hnsemu.storage.transaction import Transaction, writes


@writes
def modify_guest_network_service(
    tx: Transaction, service_id: str, request: ModifyGuestNetworkServiceSettingRequest
) -> GuestNetworkService:
    """Bring the service to another state; its interfaces follow.

    Raises: E_ELEMENT_NOT_FOUND, HCN_E_REQUEST_UNSUPPORTED for anything but an Update of the State,
            E_INVALIDARG for a state that only HNS gives.
    """
    service = found(tx, service_id)
    change = change_state(service, _requested_state(request), tx.now)
    return guestnetworkservices.change(tx, change)


def _requested_state(request: ModifyGuestNetworkServiceSettingRequest) -> ServiceState:
    if request.request_type not in {None, ModifyRequestType.Update}:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            f"RequestType: the State of a guest network service is not for {request.request_type}; "
            "use Update",
        )
    named = parse(GuestNetworkServiceStateRequest, request.settings or {}).state
    if named is None:
        raise HnsError(Hr.E_INVALIDARG, 'Settings: name the State, e.g. {"State": "Synchronized"}')
    state = ServiceState(str(named))
    check_requested_state(state)
    return state
