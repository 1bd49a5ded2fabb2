"""Requests to change an object, and their answers."""

from typing import Annotated, Any

from hnsemu.schema.base import Document, Guid, Since, Uint32
from hnsemu.schema.enums import (
    EndpointResourceType,
    GuestNetworkServiceResourceType,
    ModifyRequestType,
    NamespaceResourceType,
    NetworkResourceType,
    accepts,
)
from hnsemu.schema.v2.policies.wire import EndpointPolicy, NetworkPolicy
from hnsemu.schema.v2.subnets import IpSubnet, Subnet


class Response(Document):
    """The members of all error records."""

    success: bool | None = None
    error: str | None = None
    error_code: Uint32 | None = None


class ModifySettingResponse(Response):
    """The answer to a change, with data."""

    data: Any = None


class ModifyNamespaceSettingResponse(Response):
    """The answer to a change of a namespace."""

    compartment_id: Uint32 | None = None


class ModifySettingRequest(Document):
    """The members of all requests to change an object."""

    resource_uri: str | None = None
    request_type: Annotated[ModifyRequestType, accepts(ModifyRequestType)] | None = None


class ModifyNetworkSettingRequest(ModifySettingRequest):
    """A change to a network: its DNS, extensions, policies, subnets or IP subnets."""

    resource_type: Annotated[NetworkResourceType, accepts(NetworkResourceType)] | None = None
    settings: Any = None


class ModifyEndpointSettingRequest(ModifySettingRequest):
    """A change to the policies or the port of an endpoint."""

    resource_type: Annotated[EndpointResourceType, accepts(EndpointResourceType)] | None = None
    settings: Any = None


class ModifyNamespaceSettingRequest(ModifySettingRequest):
    """A change to a namespace: add or remove an endpoint or a container."""

    resource_type: Annotated[NamespaceResourceType, accepts(NamespaceResourceType)] | None = None
    settings: Any = None


class ModifyGuestNetworkServiceSettingRequest(ModifySettingRequest):
    """A change to a guest network service: its state."""

    resource_type: (
        Annotated[GuestNetworkServiceResourceType, accepts(GuestNetworkServiceResourceType)] | None
    ) = None
    settings: Any = None


class PolicyNetworkRequest(Document):
    """Settings of a Policy request to a network."""

    policies: tuple[NetworkPolicy, ...] | None = None


class PolicyEndpointRequest(Document):
    """Settings of a Policy request to an endpoint."""

    policies: tuple[EndpointPolicy, ...] | None = None


class SubnetNetworkRequest(Document):
    """Settings of a Subnet request to a network."""

    subnets: Annotated[tuple[Subnet, ...] | None, Since("2.6")] = None


class IPSubnetNetworkRequest(Document):
    """Settings of an IPSubnet request to a network."""

    subnet_id: Annotated[Guid | None, Since("2.6")] = None
    ip_subnets: Annotated[tuple[IpSubnet, ...] | None, Since("2.6")] = None


class NamespaceContainerRequest(Document):
    """Settings of a Container request to a namespace."""

    container_id: str | None = None


class NamespaceEndpointRequest(Document):
    """Settings of an Endpoint request to a namespace."""

    endpoint_id: Guid | None = None


class VmEndpointRequest(Document):
    """Settings of a Port request: the virtual machine and its port."""

    port_id: Guid | None = None
    virtual_nic_name: str | None = None
    virtual_machine_id: Guid | None = None
