"""Members that all HCN objects have, and small documents that several share."""

from typing import Annotated, Any

from pydantic import Field, SkipValidation

from hnsemu.schema.base import Document, Guid, Since, Uint16, Uint32, Uint64


class Version(Document):
    """A schema version, e.g. 2.0."""

    major: Uint32 | None = None
    minor: Uint32 | None = None


class Telemetry(Document):
    """Telemetry data of an object."""

    data: Any = None


class ResourcesHealth(Document):
    """The last change of the resources: its time and its result."""

    last_error_code: Annotated[Uint32 | None, Field(description="An HRESULT.")] = None
    last_update_time: Annotated[Uint64 | None, Field(description="A FILETIME.")] = None


class Resources(Document):
    """The Windows objects behind an HCN object. The allocators differ by kind.

    Read-only: `schema/resources.py` writes it.
    """

    id: Guid | None = Field(default=None, alias="ID")
    parent_id: str | None = Field(default=None, alias="parentId")
    additional_params: dict[str, Any] | None = None
    allocation_order: Uint32 | None = None
    allocators: list[dict[str, Any]] | None = None
    compartment_operation_time: Uint32 | None = None
    flags: Uint32 | None = None
    health: ResourcesHealth | None = None
    port_operation_time: Uint32 | None = None
    state: Uint32 | None = None
    switch_operation_time: Uint32 | None = None
    vfp_operation_time: Uint32 | None = None


class ExtraParams(Document):
    """Members of HNS 1 shown in HCN 2."""

    resources: Annotated[
        SkipValidation[Resources | None], Field(json_schema_extra={"readOnly": True})
    ] = None
    shared_containers: Any = None
    layered_on: Guid | None = None
    switch_guid: Guid | None = None
    utility_vm: Guid | None = Field(default=None, alias="UtilityVM")
    virtual_machine: Guid | None = None


class Health(Document):
    """State of an object for which HCN has no member."""

    data: Any = None
    extra: ExtraParams | None = None


class Base(Document):
    """The members of all HCN objects."""

    id: Guid | None = Field(default=None, alias="ID")
    owner: str | None = None
    name: str | None = None
    version: Uint64 | None = None
    additional_params: Any = None
    health: Health | None = None
    schema_version: Version | None = None
    telemetry: Telemetry | None = None
    state: Uint16 | None = None


class BasePolicy(Base):
    """The members of policies that are objects."""

    type: Uint16 | None = None
    data: Any = None


class Feature(Base):
    """A feature that is switched on or off."""

    enabled: bool | None = None
    data: Any = None


class Route(Document):
    """A route: next hop and destination prefix (CIDR)."""

    next_hop: str | None = None
    destination_prefix: str | None = None
    metric: Uint16 | None = None


class DNS(Document):
    """DNS settings."""

    domain: str | None = None
    search: tuple[str, ...] | None = None
    server_list: tuple[str, ...] | None = None
    options: tuple[str, ...] | None = None


class NotificationBase(Document):
    """The object of a notification: its id, flags and data."""

    id: Guid | None = Field(default=None, alias="ID")
    flags: Uint32 | None = None
    data: Annotated[Any, Since("2.2")] = None
