"""Guest network services: HNS mirrors interfaces of the host into a virtual machine.

Source: hns-behaviour.md section 3.6 and the published schema [D]; what Windows does with them is
known from WSL's calls only (clients.md section 20), so the states below are inferred.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from hnsemu.domain.identity import IdentityRequest, new_identity
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.domain.releases import Release
from hnsemu.domain.source import Source
from hnsemu.errors import HnsError, Hr


class ServiceState(StrEnum):
    """GuestNetworkServiceState; `number` is what `State` shows. Source: section 2.8 [C]."""

    NONE = "None"
    CREATED = "Created"
    BOOTSTRAPPING = "Bootstrapping"
    SYNCHRONIZED = "Synchronized"
    PAUSED = "Paused"
    DESYNCHRONIZED = "Desynchronized"
    REHYDRATING = "Rehydrating"
    DEGRADED = "Degraded"
    DESTROYED = "Destroyed"

    @property
    def number(self) -> int:
        """Return the number of the state."""
        return list(ServiceState).index(self)


# Where HNS alone brings a service: when it is created, and when it goes [I].
_OF_HNS = {ServiceState.NONE, ServiceState.CREATED, ServiceState.DESTROYED}

# States that interfaces have, too.
_OF_INTERFACES = {
    ServiceState.CREATED,
    ServiceState.BOOTSTRAPPING,
    ServiceState.SYNCHRONIZED,
    ServiceState.DESYNCHRONIZED,
    ServiceState.PAUSED,
}


@dataclass(frozen=True, slots=True)
class MirroredInterface:
    """The interface of an endpoint, as the guest has it.

    state: a GuestNetworkServiceInterfaceState; missed: GuestNetworkServiceNotificationType bits.
    """

    endpoint_id: str
    interface_guid: str
    state: str = ServiceState.CREATED
    missed: int = 0


@dataclass(frozen=True, slots=True)
class GuestNetworkService:
    """Everything HNS knows of one guest network service.

    rpc: GnsRpcServerInformation as JSON text, kept as sent; "{}" for none.
    """

    key: int
    id: str
    state: ServiceState = ServiceState.CREATED
    name: str = ""
    owner: str = ""
    virtual_machine_id: str = ""
    interfaces: tuple[MirroredInterface, ...] = ()
    mirrors_host: bool = False
    rpc: str = "{}"
    flags: int = 0
    version: int = 0
    schema_version: tuple[int, int] = (2, 0)
    additional_params: str = "{}"
    activity_id: str = ""
    created: int = 0
    updated: int = 0


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """A guest network service as its caller wants it.

    interfaces: endpoint_id "" where none is named. rpc: JSON text.
    """

    identity: IdentityRequest
    virtual_machine_id: str = ""
    interfaces: tuple[MirroredInterface, ...] = ()
    mirrors_host: bool = False
    rpc: str = "{}"
    flags: int = 0


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What creating a guest network service depends on.

    now: FILETIME. endpoint_keys: of the endpoints of its interfaces that exist, by id.
    """

    release: Release
    now: int
    id_is_taken: bool = False
    endpoint_keys: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewService:
    """What is written for a new service. endpoint_keys: of its interfaces, in their order."""

    service: GuestNetworkService
    endpoint_keys: tuple[int, ...]
    notifications: tuple[Notification, ...]


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """A service as it is after a change, and what its listeners are told; nothing without one."""

    service: GuestNetworkService
    notifications: tuple[Notification, ...] = ()


def new_service(request: ServiceRequest, facts: ServiceFacts, source: Source) -> NewService:
    """Return a new service, in state Created.

    Raises: E_INVALIDARG for an interface that names no endpoint, or one that another names, too;
            E_OBJECT_ALREADY_EXISTS when the id is taken; HCN_E_ENDPOINT_NOT_FOUND.
    """
    endpoint_ids = [interface.endpoint_id for interface in request.interfaces]
    if not all(endpoint_ids):
        raise HnsError(Hr.E_INVALIDARG, "MirroredInterfaces: EndpointId is missing; name one")
    if len(set(endpoint_ids)) < len(endpoint_ids):
        raise HnsError(
            Hr.E_INVALIDARG, "MirroredInterfaces: an endpoint appears twice; name it once"
        )
    service = GuestNetworkService(
        key=0,
        virtual_machine_id=request.virtual_machine_id,
        interfaces=request.interfaces,
        mirrors_host=request.mirrors_host,
        rpc=request.rpc,
        flags=request.flags,
        **new_identity(request.identity, facts.release, facts.now, source),
    )
    if facts.id_is_taken:
        raise HnsError(
            Hr.E_OBJECT_ALREADY_EXISTS, f"ID {service.id} is taken; leave it out to get a new one"
        )
    for endpoint_id in endpoint_ids:
        if endpoint_id not in facts.endpoint_keys:
            raise HnsError(Hr.HCN_E_ENDPOINT_NOT_FOUND, f"there is no endpoint {endpoint_id}")
    created = HcnNotification.GUEST_NETWORK_SERVICE_CREATE
    return NewService(
        service=service,
        endpoint_keys=tuple(facts.endpoint_keys[endpoint_id] for endpoint_id in endpoint_ids),
        notifications=(Notification(created, service.id),),
    )


def change_state(service: GuestNetworkService, state: ServiceState, now: int) -> ServiceChange:
    """Return the service in a state; nothing changes when it is in that state already."""
    if service.state is state:
        return ServiceChange(service)
    changed = replace(in_state(service, state), updated=now)
    kinds = [HcnNotification.GUEST_NETWORK_SERVICE_STATE_CHANGED]
    if changed.interfaces != service.interfaces:
        kinds.append(HcnNotification.GUEST_NETWORK_SERVICE_INTERFACE_STATE_CHANGED)
    return ServiceChange(changed, tuple(_state_notification(kind, changed) for kind in kinds))


def check_requested_state(state: ServiceState) -> None:
    """Refuse a state that no caller can bring a service to.

    Raises: E_INVALIDARG.
    """
    if state in _OF_HNS:
        raise HnsError(
            Hr.E_INVALIDARG,
            f"State: only HNS sets {state} on a guest network service; use one of "
            f"{', '.join(other for other in ServiceState if other not in _OF_HNS)}",
        )


def in_state(service: GuestNetworkService, state: ServiceState) -> GuestNetworkService:
    """Return the service in that state; its interfaces follow where they have it, too [I]."""
    interfaces = service.interfaces
    if state in _OF_INTERFACES:
        interfaces = tuple(replace(interface, state=str(state)) for interface in interfaces)
    return replace(service, state=state, interfaces=interfaces)


def properties(service: GuestNetworkService) -> dict[str, object]:
    """Return what filters of a query can name."""
    return {
        "ID": service.id,
        "Name": service.name,
        "Owner": service.owner,
        "State": service.state.number,
        "VirtualMachineId": service.virtual_machine_id,
        "MirrorHostNetworking": service.mirrors_host,
        "Flags": service.flags,
    }


def _state_notification(kind: HcnNotification, service: GuestNetworkService) -> Notification:
    """Return what is heard on the service's own handle, a GuestNetworkServiceNotificationData."""
    interfaces = [
        {"EndpointId": interface.endpoint_id, "State": interface.state}
        for interface in service.interfaces
    ]
    data: dict[str, object] = {"State": str(service.state)}
    if interfaces:
        data["Interfaces"] = interfaces
    return Notification(kind, service.id, heard_on=service.id, data={"Data": data})
