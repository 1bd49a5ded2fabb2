"""Settings of policies on adapters, interfaces and ports."""

from typing import Annotated, ClassVar

from pydantic import Field

from hnsemu.errors import Hr
from hnsemu.schema.base import Document, Guid, Since, Uint16, Uint32, Uint64
from hnsemu.schema.enums import (
    Bits,
    FirewallPolicyFlags,
    FirewallVMType,
    IovInterruptModerationType,
    accepts,
)


class InterfaceConstraintEndpointPolicySetting(Document):
    """InterfaceConstraintEndpointPolicySetting of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    interface_guid: Guid | None = None
    interface_luid: Uint64 | None = None
    interface_index: Uint32 | None = None
    interface_media_type: Uint32 | None = None
    interface_alias: str | None = None
    interface_description: str | None = None


class InterfaceConstraintNetworkPolicySetting(Document):
    """InterfaceConstraintNetworkPolicySetting of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    interface_guid: Guid | None = None
    interface_luid: Uint64 | None = None
    interface_index: Uint32 | None = None
    interface_media_type: Uint32 | None = None
    interface_alias: str | None = None
    interface_description: str | None = None


class InterfaceParametersPolicySetting(Document):
    """The MTU of the vNIC, bytes."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    mtu: Annotated[Uint16 | None, Since("2.4")] = None


class IovPolicySetting(Document):
    """SR-IOV of the port: weight, queue pairs, interrupt moderation."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    iov_offload_weight: Annotated[Uint32 | None, Since("2.9")] = None
    queue_pairs_requested: Annotated[Uint32 | None, Since("2.9")] = None
    interrupt_moderation: Annotated[
        Annotated[IovInterruptModerationType, accepts(IovInterruptModerationType)] | None,
        Since("2.9"),
    ] = None


class QosPolicySetting(Document):
    """A cap on outgoing traffic, bytes per second."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    maximum_outgoing_bandwidth_in_bytes: Uint64 | None = None


class PortnameEndpointPolicySetting(Document):
    """PortnameEndpointPolicySetting of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    name: str | None = None


class NetAdapterNameNetworkPolicySetting(Document):
    """Names the physical adapter of the switch; a comma list makes a team."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    network_adapter_name: str | None = None


class VSwitchExtensionNetworkPolicySetting(Document):
    """VSwitchExtensionNetworkPolicySetting of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    extension_id: Guid | None = Field(default=None, alias="ExtensionID")
    enable: bool | None = None


class LayerConstraintNetworkPolicySetting(Document):
    """Puts a network on the switch with this layer."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    layer_id: Guid | None = None


class AutomaticDNSNetworkPolicySetting(Document):
    """AutomaticDNSNetworkPolicySetting of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    enable: bool | None = None


class FirewallPolicySetting(Document):
    """FirewallPolicySetting of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    vm_type: Annotated[Annotated[FirewallVMType, accepts(FirewallVMType)] | None, Since("2.16")] = (
        None
    )
    firewall_policy_flags: Annotated[
        Annotated[int, Bits(FirewallPolicyFlags)] | None, Since("2.16")
    ] = None


class L2DriverPolicySetting(Document):
    """L2Driver has no settings; HNS adds it to remote endpoints of l2bridge networks."""


class VmNicPolicySetting(Document):
    """VmNic is newer than the published schema; its settings are kept unread."""


class NeighborDiscoveryPolicySetting(Document):
    """NeighborDiscovery answers for neighbours. Source: hns-behaviour.md section 4.3 [C]."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    target_ip_prefix: str | None = None
    sender_ip_address: str | None = None
    sender_mac_address: str | None = None
