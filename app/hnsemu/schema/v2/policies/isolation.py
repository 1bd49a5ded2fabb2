"""Settings of policies that isolate and encapsulate."""

from typing import ClassVar

from hnsemu.errors import Hr
from hnsemu.schema.base import Document, Uint16, Uint32


class VlanPolicySetting(Document):
    """A VLAN, 0 to 4094."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    isolation_id: Uint32 | None = None


class VsidPolicySetting(Document):
    """A virtual subnet id, the VNI of VXLAN; 4096 to 16777215 on Windows."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    isolation_id: Uint32 | None = None


class VxlanPortPolicySetting(Document):
    """The UDP port of VXLAN; 4789 without this policy."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    port: Uint16 | None = None


class EncapOverheadEndpointPolicySetting(Document):
    """Bytes the MTU is lowered by."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    overhead: Uint16 | None = None


class ProviderAddressEndpointPolicySetting(Document):
    """The physical address that an overlay endpoint is behind."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    provider_address: str | None = None


class ProviderAddressNetworkPolicySetting(Document):
    """The address of the management vNIC; picks the adapter at creation."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    provider_address: str | None = None


class DrMacAddressNetworkPolicySetting(Document):
    """DrMacAddressNetworkPolicySetting of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    address: str | None = None


class SourceMacAddressNetworkPolicySetting(Document):
    """SourceMacAddressNetworkPolicySetting of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    source_mac_address: str | None = None
