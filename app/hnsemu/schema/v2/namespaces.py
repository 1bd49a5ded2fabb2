"""Namespaces and their resources."""

from typing import Annotated, Any

from hnsemu.schema.base import Document, Guid, Uint32
from hnsemu.schema.enums import NamespaceResourceType, NamespaceType, accepts
from hnsemu.schema.v2.common import Base


class NamespaceResource(Document):
    """An endpoint or a container in a namespace."""

    type: Annotated[NamespaceResourceType, accepts(NamespaceResourceType)] | None = None
    data: Any = None


class NamespaceResourceContainer(Document):
    """The id of a container in a namespace."""

    id: str | None = None


class NamespaceResourceEndpoint(Document):
    """The id of an endpoint in a namespace."""

    id: str | None = None


class HostComputeNamespace(Base):
    """A namespace: a network compartment with endpoints and containers."""

    namespace_id: Uint32 | None = None
    namespace_guid: Guid | None = None
    type: Annotated[NamespaceType, accepts(NamespaceType)] | None = None
    resources: tuple[NamespaceResource, ...] | None = None
    # Clients send these; the published schema does not have them.
    create_with_compartment: bool | None = None
    ready_on_create: bool | None = None
