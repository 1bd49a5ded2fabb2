"""Objects inside a guest, and requests to change them."""

from typing import Annotated, Any

from hnsemu.schema.base import Document, Guid, Uint32
from hnsemu.schema.enums import (
    GuestEndpointResourceType,
    GuestNamespaceResourceType,
    GuestResourceType,
    accepts,
)
from hnsemu.schema.v2.common import Base
from hnsemu.schema.v2.modify import ModifySettingRequest


class GuestEndpoint(Base):
    """GuestEndpoint of the schema."""

    namespace_id: Guid | None = None


class GuestFirewall(Base):
    """GuestFirewall of the schema."""


class NamespaceResource_2(Document):  # noqa: N801 (the name of the schema)
    """NamespaceResource_2 of the schema."""

    endpoint_id: Guid | None = None
    container_id: Guid | None = None


class GuestNamespace(Base):
    """GuestNamespace of the schema."""

    compartment_id: Uint32 | None = None
    resources: tuple[NamespaceResource_2, ...] | None = None


class GuestService(Base):
    """GuestService of the schema."""

    service_id: Guid | None = None
    base64_encoded_data: str | None = None


class GuestModifySettingRequest(ModifySettingRequest):
    """GuestModifySettingRequest of the schema."""

    resource_type: Annotated[GuestResourceType, accepts(GuestResourceType)] | None = None
    settings: Any = None


class ModifyGuestEndpointSettingRequest(ModifySettingRequest):
    """ModifyGuestEndpointSettingRequest of the schema."""

    resource_type: (
        Annotated[GuestEndpointResourceType, accepts(GuestEndpointResourceType)] | None
    ) = None
    settings: Any = None


class ModifyGuestNamespaceSettingRequest(ModifySettingRequest):
    """ModifyGuestNamespaceSettingRequest of the schema."""

    resource_type: (
        Annotated[GuestNamespaceResourceType, accepts(GuestNamespaceResourceType)] | None
    ) = None
    settings: Any = None
