"""Guest network service use cases: HcnCreateGuestNetworkService and its kin."""

import dataclasses

from hnsemu.domain.guestnetworkservices import (
    GuestNetworkService,
    MirroredInterface,
    ServiceState,
    check_requested_state,
    in_state,
    properties,
)
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.enums import ModifyRequestType
from hnsemu.schema.v2.guest.services import GuestNetworkService as AskedService
from hnsemu.schema.v2.guest.services import (
    GuestNetworkServiceInterface,
    GuestNetworkServiceStateRequest,
)
from hnsemu.schema.v2.modify import ModifyGuestNetworkServiceSettingRequest
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.services.endpoints import records as endpoint_records
from hnsemu.services.identity import identity
from hnsemu.services.listing import selected
from hnsemu.storage import guestnetworkservices as storage
from hnsemu.storage.transaction import Transaction, reads, writes


@writes
def create_guest_network_service(tx: Transaction, asked: AskedService) -> GuestNetworkService:
    """Keep a guest network service, in state Created.

    Raises: E_OBJECT_ALREADY_EXISTS when the id is taken, HCN_E_ENDPOINT_NOT_FOUND for an interface
            of an endpoint that is not there, E_INVALIDARG for one named twice or not at all.
    """
    made = _fresh(tx, asked)
    if storage.find(tx, made.id) is not None:
        raise HnsError(
            Hr.E_OBJECT_ALREADY_EXISTS, f"ID {made.id} is taken; leave it out to get a new one"
        )
    mirrored = [endpoint_records.found(tx, each.endpoint_id) for each in made.interfaces]
    key = storage.insert(tx, made, [each.key for each in mirrored])
    tx.notify(Notification(HcnNotification.GUEST_NETWORK_SERVICE_CREATE, made.id))
    return dataclasses.replace(made, key=key)


@reads
def get_guest_network_service(tx: Transaction, service_id: str) -> GuestNetworkService:
    """Return the service.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return found(tx, service_id)


@reads
def list_guest_network_services(
    tx: Transaction, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[GuestNetworkService]:
    """Return the services that `query` selects, in creation order."""
    every = storage.all_of(tx)
    return selected(every, query.wanted, properties, limit, after)


@writes
def modify_guest_network_service(
    tx: Transaction, service_id: str, asked: ModifyGuestNetworkServiceSettingRequest
) -> GuestNetworkService:
    """Bring the service to another state; its interfaces follow.

    Raises: E_ELEMENT_NOT_FOUND, HCN_E_REQUEST_UNSUPPORTED for anything but an Update of the State,
            E_INVALIDARG for a state that only HNS gives.
    """
    service = found(tx, service_id)
    if asked.request_type not in {None, ModifyRequestType.Update}:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            f"RequestType: the State of a guest network service is not for {asked.request_type}; "
            "use Update",
        )
    state = parse(GuestNetworkServiceStateRequest, asked.settings or {}).state
    if state is None:
        raise HnsError(Hr.E_INVALIDARG, 'Settings: name the State, e.g. {"State": "Synchronized"}')
    wanted = ServiceState(str(state))
    check_requested_state(wanted)
    return to_state(tx, service, wanted)


@writes
def delete_guest_network_service(tx: Transaction, service_id: str) -> None:
    """Delete the service; the ports it reserved are free again.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    remove_service(tx, found(tx, service_id))


def remove_service(tx: Transaction, service: GuestNetworkService) -> None:
    """Delete the service inside another use case."""
    storage.remove(tx, service.key)
    tx.notify(Notification(HcnNotification.GUEST_NETWORK_SERVICE_DELETE, service.id))


def to_state(
    tx: Transaction, service: GuestNetworkService, state: ServiceState
) -> GuestNetworkService:
    """Bring the service to a state and tell it, if it was in another one."""
    if service.state is state:
        return service
    changed = dataclasses.replace(in_state(service, state), updated=tx.now)
    storage.set_state(tx, changed)
    _tell(tx, changed, HcnNotification.GUEST_NETWORK_SERVICE_STATE_CHANGED)
    if changed.interfaces != service.interfaces:
        _tell(tx, changed, HcnNotification.GUEST_NETWORK_SERVICE_INTERFACE_STATE_CHANGED)
    return changed


def found(tx: Transaction, service_id: str) -> GuestNetworkService:
    """Return the service.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    service = storage.find(tx, service_id)
    if service is None:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"no guest network service has the ID {service_id}; list them to see which exist",
        )
    return service


def _fresh(tx: Transaction, asked: AskedService) -> GuestNetworkService:
    interfaces = tuple(_interface(each) for each in asked.mirrored_interfaces or ())
    named = [each.endpoint_id for each in interfaces]
    if len(set(named)) < len(named):
        raise HnsError(
            Hr.E_INVALIDARG, "MirroredInterfaces: an endpoint is there twice; name it once"
        )
    rpc = asked.gns_rpc_server_information
    return GuestNetworkService(
        key=0,
        virtual_machine_id=asked.virtual_machine_id or "",
        interfaces=interfaces,
        mirrors_host=bool(asked.mirror_host_networking),
        rpc="{}" if rpc is None else rpc.model_dump_json(by_alias=True, exclude_none=True),
        flags=asked.flags or 0,
        **identity(tx, asked),
    )


def _interface(asked: GuestNetworkServiceInterface) -> MirroredInterface:
    if not asked.endpoint_id:
        raise HnsError(Hr.E_INVALIDARG, "MirroredInterfaces: EndpointId is missing; name one")
    return MirroredInterface(
        endpoint_id=asked.endpoint_id,
        interface_guid=asked.interface_guid or "",
        missed=asked.missed_notifications or 0,
    )


def _tell(tx: Transaction, service: GuestNetworkService, kind: HcnNotification) -> None:
    """Tell a change on the service's own handle, with GuestNetworkServiceNotificationData."""
    interfaces = [
        {"EndpointId": each.endpoint_id, "State": each.state} for each in service.interfaces
    ]
    told = {"State": str(service.state), **({"Interfaces": interfaces} if interfaces else {})}
    tx.notify(Notification(kind, service.id, heard_on=service.id, data={"Data": told}))
