"""Policies: the wire form, and the typed settings of every policy type by family.

The three tables are closed: a type that is not in them does not exist.
"""

from collections.abc import Mapping
from typing import ClassVar

from hnsemu.errors import Hr
from hnsemu.schema.base import Document, RawJson, parse
from hnsemu.schema.v2.policies.acl import (
    AclPolicySetting,
    NetworkAclPolicySetting,
    TierAclPolicySetting,
)
from hnsemu.schema.v2.policies.encryption import EncryptionPolicySetting
from hnsemu.schema.v2.policies.interface import (
    AutomaticDNSNetworkPolicySetting,
    FirewallPolicySetting,
    InterfaceConstraintEndpointPolicySetting,
    InterfaceConstraintNetworkPolicySetting,
    InterfaceParametersPolicySetting,
    IovPolicySetting,
    LayerConstraintNetworkPolicySetting,
    NetAdapterNameNetworkPolicySetting,
    PortnameEndpointPolicySetting,
    QosPolicySetting,
    VSwitchExtensionNetworkPolicySetting,
)
from hnsemu.schema.v2.policies.isolation import (
    DrMacAddressNetworkPolicySetting,
    EncapOverheadEndpointPolicySetting,
    ProviderAddressEndpointPolicySetting,
    ProviderAddressNetworkPolicySetting,
    SourceMacAddressNetworkPolicySetting,
    VlanPolicySetting,
    VsidPolicySetting,
    VxlanPortPolicySetting,
)
from hnsemu.schema.v2.policies.nat import OutboundNatPolicySetting, PortMappingPolicySetting
from hnsemu.schema.v2.policies.proxy import L4ProxyPolicySetting, L4WfpProxyPolicySetting
from hnsemu.schema.v2.policies.route import (
    HostRoutePolicySetting,
    RemoteSubnetRoutePolicySetting,
    SDNRoutePolicySetting,
)
from hnsemu.schema.v2.policies.sets import SetPolicySetting


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


ENDPOINT_POLICY_SETTINGS: Mapping[str, type[Document]] = {
    "PortMapping": PortMappingPolicySetting,
    "ACL": AclPolicySetting,
    "QOS": QosPolicySetting,
    "L2Driver": L2DriverPolicySetting,
    "OutBoundNAT": OutboundNatPolicySetting,
    "SDNRoute": SDNRoutePolicySetting,
    "L4Proxy": L4ProxyPolicySetting,
    "L4WFPPROXY": L4WfpProxyPolicySetting,
    "ProviderAddress": ProviderAddressEndpointPolicySetting,
    "PortName": PortnameEndpointPolicySetting,
    "EncapOverhead": EncapOverheadEndpointPolicySetting,
    "InterfaceConstraint": InterfaceConstraintEndpointPolicySetting,
    "Encryption": EncryptionPolicySetting,
    "VLAN": VlanPolicySetting,
    "InterfaceParameters": InterfaceParametersPolicySetting,
    "Iov": IovPolicySetting,
    "TierAcl": TierAclPolicySetting,
    "VmNic": VmNicPolicySetting,
    "Firewall": FirewallPolicySetting,
}

NETWORK_POLICY_SETTINGS: Mapping[str, type[Document]] = {
    "SourceMacAddress": SourceMacAddressNetworkPolicySetting,
    "NetAdapterName": NetAdapterNameNetworkPolicySetting,
    "InterfaceConstraint": InterfaceConstraintNetworkPolicySetting,
    "VSwitchExtension": VSwitchExtensionNetworkPolicySetting,
    "ProviderAddress": ProviderAddressNetworkPolicySetting,
    "DrMacAddress": DrMacAddressNetworkPolicySetting,
    "AutomaticDNS": AutomaticDNSNetworkPolicySetting,
    "RemoteSubnetRoute": RemoteSubnetRoutePolicySetting,
    "VxlanPort": VxlanPortPolicySetting,
    "HostRoute": HostRoutePolicySetting,
    "SetPolicy": SetPolicySetting,
    "L4Proxy": L4ProxyPolicySetting,
    "LayerConstraint": LayerConstraintNetworkPolicySetting,
    "NetworkACL": NetworkAclPolicySetting,
    "NeighborDiscovery": NeighborDiscoveryPolicySetting,
}

SUBNET_POLICY_SETTINGS: Mapping[str, type[Document]] = {
    "VLAN": VlanPolicySetting,
    "VSID": VsidPolicySetting,
}


def typed(table: Mapping[str, type[Document]], kind: str, settings: str) -> Document:
    """Return `settings` (JSON text) as the settings of policy type `kind` in `table`.

    Raises: HCN_E_INVALID_POLICY naming the bad member.
    """
    return parse(table[kind], RawJson(settings).members())
