"""Namespaces and what is in them."""

from typing import Annotated, Any

from hnsemu.schema.base import Document, Guid, Uint32
from hnsemu.schema.enums import NamespaceResourceType, NamespaceType, accepts
from hnsemu.schema.v2.common import Base


class NamespaceResource(Document):
    """An endpoint or a container in a namespace."""

    type: Annotated[NamespaceResourceType, accepts(NamespaceResourceType)] | None = None
    data: Any = None


class NamespaceResourceContainer(Document):
    """NamespaceResourceContainer of the schema."""

    id: str | None = None


class NamespaceResourceEndpoint(Document):
    """NamespaceResourceEndpoint of the schema."""

    id: str | None = None


class HostComputeNamespace(Base):
    """A namespace: a network compartment with the endpoints and containers in it."""

    namespace_id: Uint32 | None = None
    namespace_guid: Guid | None = None
    type: Annotated[NamespaceType, accepts(NamespaceType)] | None = None
    resources: tuple[NamespaceResource, ...] | None = None
    # Known to clients, not to the published schema.
    create_with_compartment: bool | None = None
    ready_on_create: bool | None = None
