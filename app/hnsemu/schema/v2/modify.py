"""Requests that change an object, and their answers."""

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
    """The members of every error record."""

    success: bool | None = None
    error: str | None = None
    error_code: Uint32 | None = None


class ModifySettingResponse(Response):
    """ModifySettingResponse of the schema."""

    data: Any = None


class ModifyNamespaceSettingResponse(Response):
    """ModifyNamespaceSettingResponse of the schema."""

    compartment_id: Uint32 | None = None


class ModifySettingRequest(Document):
    """What every request for a change carries."""

    resource_uri: str | None = None
    request_type: Annotated[ModifyRequestType, accepts(ModifyRequestType)] | None = None


class ModifyNetworkSettingRequest(ModifySettingRequest):
    """A change to a network: DNS, Extension, Policy, Subnet or IPSubnet."""

    resource_type: Annotated[NetworkResourceType, accepts(NetworkResourceType)] | None = None
    settings: Any = None


class ModifyEndpointSettingRequest(ModifySettingRequest):
    """A change to an endpoint: its Policy list or its Port."""

    resource_type: Annotated[EndpointResourceType, accepts(EndpointResourceType)] | None = None
    settings: Any = None


class ModifyNamespaceSettingRequest(ModifySettingRequest):
    """A change to a namespace: an Endpoint or a Container comes or goes."""

    resource_type: Annotated[NamespaceResourceType, accepts(NamespaceResourceType)] | None = None
    settings: Any = None


class ModifyGuestNetworkServiceSettingRequest(ModifySettingRequest):
    """ModifyGuestNetworkServiceSettingRequest of the schema."""

    resource_type: (
        Annotated[GuestNetworkServiceResourceType, accepts(GuestNetworkServiceResourceType)] | None
    ) = None
    settings: Any = None


class PolicyNetworkRequest(Document):
    """PolicyNetworkRequest of the schema."""

    policies: tuple[NetworkPolicy, ...] | None = None


class PolicyEndpointRequest(Document):
    """PolicyEndpointRequest of the schema."""

    policies: tuple[EndpointPolicy, ...] | None = None


class SubnetNetworkRequest(Document):
    """SubnetNetworkRequest of the schema."""

    subnets: Annotated[tuple[Subnet, ...] | None, Since("2.6")] = None


class IPSubnetNetworkRequest(Document):
    """IPSubnetNetworkRequest of the schema."""

    subnet_id: Annotated[Guid | None, Since("2.6")] = None
    ip_subnets: Annotated[tuple[IpSubnet, ...] | None, Since("2.6")] = None


class NamespaceContainerRequest(Document):
    """NamespaceContainerRequest of the schema."""

    container_id: str | None = None


class NamespaceEndpointRequest(Document):
    """NamespaceEndpointRequest of the schema."""

    endpoint_id: Guid | None = None


class VmEndpointRequest(Document):
    """VmEndpointRequest of the schema."""

    port_id: Guid | None = None
    virtual_nic_name: str | None = None
    virtual_machine_id: Guid | None = None
