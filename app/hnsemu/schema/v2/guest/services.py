"""Guest network services."""

from typing import Annotated

from hnsemu.schema.base import Document, Guid, Since
from hnsemu.schema.enums import (
    Bits,
    GuestNetworkServiceFlags,
    GuestNetworkServiceInterfaceState,
    GuestNetworkServiceNotificationType,
    GuestNetworkServiceState,
    RpcEndpointType,
    accepts,
)
from hnsemu.schema.v2.common import Base


class GuestNetworkServiceInterface(Document):
    """An endpoint mirrored into the guest, and its state there."""

    endpoint_id: Annotated[Guid | None, Since("2.2")] = None
    interface_guid: Annotated[Guid | None, Since("2.2")] = None
    state: Annotated[
        Annotated[GuestNetworkServiceInterfaceState, accepts(GuestNetworkServiceInterfaceState)]
        | None,
        Since("2.2"),
    ] = None
    missed_notifications: Annotated[
        Annotated[int, Bits(GuestNetworkServiceNotificationType)] | None, Since("2.7")
    ] = None


class RpcConnectionInformation(Document):
    """Where the guest network service is reached by RPC."""

    network_address: Annotated[str | None, Since("2.11")] = None
    endpoint_address: Annotated[str | None, Since("2.11")] = None
    endpoint_type: Annotated[
        Annotated[RpcEndpointType, accepts(RpcEndpointType)] | None, Since("2.13")
    ] = None
    object_uuid: Annotated[Guid | None, Since("2.13")] = None


class GuestNetworkService(Base):
    """A service that configures the network inside a virtual machine."""

    virtual_machine_id: Guid | None = None
    mirrored_interfaces: Annotated[
        tuple[GuestNetworkServiceInterface, ...] | None, Since("2.2")
    ] = None
    mirror_host_networking: Annotated[bool | None, Since("2.5")] = None
    gns_rpc_server_information: Annotated[RpcConnectionInformation | None, Since("2.11")] = None
    flags: Annotated[Annotated[int, Bits(GuestNetworkServiceFlags)] | None, Since("2.12")] = None


class GuestNetworkServiceNotificationData(Document):
    """The state of a guest network service and of its interfaces."""

    state: Annotated[
        Annotated[GuestNetworkServiceState, accepts(GuestNetworkServiceState)] | None, Since("2.2")
    ] = None
    interfaces: Annotated[tuple[GuestNetworkServiceInterface, ...] | None, Since("2.2")] = None


class GuestNetworkServiceStateRequest(Document):
    """The new state of a guest network service."""

    state: Annotated[GuestNetworkServiceState, accepts(GuestNetworkServiceState)] | None = None
