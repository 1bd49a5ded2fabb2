"""Settings of policies that route."""

from typing import ClassVar

from hnsemu.errors import Hr
from hnsemu.schema.base import Document, Uint32


class SDNRoutePolicySetting(Document):
    """A destination prefix (CIDR) that is encapsulated or sent to a next hop."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    destination_prefix: str | None = None
    next_hop: str | None = None
    need_encap: bool | None = None
    automatic_endpoint_monitor: bool | None = None


class RemoteSubnetRoutePolicySetting(Document):
    """Another host's subnet: its provider address, VSID and router MAC."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    destination_prefix: str | None = None
    isolation_id: Uint32 | None = None
    provider_address: str | None = None
    distributed_router_mac_address: str | None = None


class HostRoutePolicySetting(Document):
    """Lets the host reach the endpoints of an overlay network; it has no settings."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY
