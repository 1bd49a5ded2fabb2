"""Settings of OutBoundNAT and PortMapping policies."""

from typing import Annotated, ClassVar

from pydantic import Field

from hnsemu.errors import Hr
from hnsemu.schema.base import Document, Uint16
from hnsemu.schema.enums import Bits, NatFlags, Protocol


class OutboundNatPolicySetting(Document):
    """Source NAT for outgoing connections, with exceptions or for destinations (CIDR)."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    virtual_ip: str | None = Field(default=None, alias="VirtualIP")
    destinations: tuple[str, ...] | None = None
    exceptions: tuple[str, ...] | None = None
    flags: Annotated[int, Bits(NatFlags)] | None = None
    # Known to clients, not to the published schema.
    max_port_pool_usage: Uint16 | None = None


class PortMappingPolicySetting(Document):
    """A port of the endpoint published on the host; ExternalPort 0 lets HNS choose."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    protocol: Protocol | None = None
    internal_port: Uint16 | None = None
    external_port: Uint16 | None = None
    vip: str | None = Field(default=None, alias="VIP")
    flags: Annotated[int, Bits(NatFlags)] | None = None
