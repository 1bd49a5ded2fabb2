"""Guest network services: HNS mirrors interfaces of the host into a virtual machine.

Source: hns-behaviour.md section 3.6 and the published schema [D]; what Windows does with them is
known from WSL's calls only (clients.md section 20), so the states below are inferred.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

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


# Where HNS alone brings a service: when it is made, and when it goes [I].
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


def check_requested_state(state: ServiceState) -> None:
    """Refuse a state that no caller can bring a service to.

    Raises: E_INVALIDARG.
    """
    if state in _OF_HNS:
        raise HnsError(
            Hr.E_INVALIDARG,
            f"State: HNS alone makes a guest network service {state}; use one of "
            f"{', '.join(each for each in ServiceState if each not in _OF_HNS)}",
        )


def in_state(service: GuestNetworkService, state: ServiceState) -> GuestNetworkService:
    """Return the service in that state; its interfaces follow where they have it, too [I]."""
    interfaces = service.interfaces
    if state in _OF_INTERFACES:
        interfaces = tuple(replace(each, state=str(state)) for each in interfaces)
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
