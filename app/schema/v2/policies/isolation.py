"""Settings of policies that isolate and encapsulate."""

from typing import ClassVar

from app.errors import Hr
from app.schema.base import Document, Uint16, Uint32


class VlanPolicySetting(Document):
    """VlanPolicySetting of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    isolation_id: Uint32 | None = None


class VsidPolicySetting(Document):
    """VsidPolicySetting of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    isolation_id: Uint32 | None = None


class VxlanPortPolicySetting(Document):
    """VxlanPortPolicySetting of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    port: Uint16 | None = None


class EncapOverheadEndpointPolicySetting(Document):
    """EncapOverheadEndpointPolicySetting of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    overhead: Uint16 | None = None


class ProviderAddressEndpointPolicySetting(Document):
    """ProviderAddressEndpointPolicySetting of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    provider_address: str | None = None


class ProviderAddressNetworkPolicySetting(Document):
    """ProviderAddressNetworkPolicySetting of the schema."""

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
