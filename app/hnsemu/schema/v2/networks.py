"""Networks."""

from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from hnsemu.errors import Hr
from hnsemu.schema.base import Document, Guid, Uint16
from hnsemu.schema.enums import Bits, IpamType, NetworkFlags, NetworkMode, accepts
from hnsemu.schema.v2.common import DNS, Base
from hnsemu.schema.v2.policies.wire import NetworkPolicy
from hnsemu.schema.v2.subnets import Subnet


class Ipam(Document):
    """The address management of a network, and its subnets."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_NETWORK

    type: Annotated[IpamType, accepts(IpamType)] | None = None
    subnets: tuple[Subnet, ...] | None = None


class MacRange(Document):
    """A range of MAC addresses, both ends included."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_NETWORK

    start_mac_address: str | None = None
    end_mac_address: str | None = None


class MacPool(Document):
    """The MAC addresses for the endpoints of a network."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_NETWORK

    ranges: tuple[MacRange, ...] | None = None


class Extension(Document):
    """A switch extension, enabled or not."""

    id: Guid | None = None
    is_enabled: bool | None = None


class NetworkAdditionalParams(Document):
    """More members of a network."""

    ics_flags: Uint16 | None = Field(default=None, alias="ICSFlags")


class HostComputeNetwork(Base):
    """A network: its type, address pools, MAC pool, DNS, policies and flags."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_NETWORK

    type: Annotated[NetworkMode, accepts(NetworkMode, Hr.HCN_E_INVALID_NETWORK_TYPE)] | None = None
    policies: tuple[NetworkPolicy, ...] | None = None
    mac_pool: MacPool | None = None
    dns: DNS | None = None
    ipams: tuple[Ipam, ...] | None = None
    flags: Annotated[int, Bits(NetworkFlags)] | None = None
    # The type as HNS 1 spelled it, which HNS 1 answers again; never on the HCN 2 wire.
    type_text: SkipJsonSchema[str | None] = None
