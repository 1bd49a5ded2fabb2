"""Every type of policy, one row each: who carries it, since when, what it must say, what it does.

A type that is not here does not exist. What the columns mean: `PolicyType` in model.py.
Sources: features and schema versions from hns-behaviour.md section 5 and the published schema [D],
those of VmNic and Firewall [I]; forms of HNS 1 from section 4.3; what an update replaces from
clients.md sections 10 [C] and 23.5 [I]; that policies come with the network or not at all [I].
"""

from collections.abc import Mapping

from hnsemu.policies import acl, encryption, interface, isolation, nat, proxy, route, sets
from hnsemu.policies.model import (
    ALWAYS,
    AnyPolicyType,
    Changes,
    Fact,
    Facts,
    Needs,
    NoEffect,
    Owner,
    PolicyType,
    Shapes,
)
from hnsemu.schema import flat_policies as flat
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
    L2DriverPolicySetting,
    LayerConstraintNetworkPolicySetting,
    NeighborDiscoveryPolicySetting,
    NetAdapterNameNetworkPolicySetting,
    PortnameEndpointPolicySetting,
    QosPolicySetting,
    VmNicPolicySetting,
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

# fmt: off
_ROWS = (  # without a type of its own: each row is checked against its settings model
    PolicyType(
        name="PortMapping", owner=Owner.ENDPOINT, settings=PortMappingPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(), flat=flat.NAT,
        check=nat.check_mapping, effect=Facts("published", nat.published_port),
    ),
    PolicyType(
        name="ACL", owner=Owner.ENDPOINT, settings=AclPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.BY_UPDATE, prefixes=(), flat=flat.ACL,
        check=acl.check_acl, effect=Facts("acls", acl.acl_rule),
    ),
    PolicyType(
        name="QOS", owner=Owner.ENDPOINT, settings=QosPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(), flat=flat.SAME,
        check=interface.check_qos, effect=Fact("bandwidth", interface.bandwidth),
    ),
    PolicyType(
        name="L2Driver", owner=Owner.ENDPOINT, settings=L2DriverPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(), flat=flat.SAME,
        check=None, effect=NoEffect("HNS adds it to remote endpoints of l2bridge networks"),
    ),
    PolicyType(
        name="OutBoundNAT", owner=Owner.ENDPOINT, settings=OutboundNatPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.BY_REQUEST,
        prefixes=("exceptions", "destinations"), flat=flat.OUTBOUND_NAT,
        check=None, effect=Facts("nats", nat.outbound_nat),
    ),
    PolicyType(
        name="SDNRoute", owner=Owner.ENDPOINT, settings=SDNRoutePolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.BY_REQUEST,
        prefixes=("destination_prefix",), flat=flat.ROUTE,
        check=None, effect=Facts("routes", route.route_policy),
    ),
    PolicyType(
        name="L4Proxy", owner=Owner.ENDPOINT, settings=L4ProxyPolicySetting,
        since="L4Proxy", needs=Needs.NOTHING, changes=Changes.AS_PROXY,
        prefixes=("exception_list", "exceptions"), flat=flat.PROXY,
        check=None, effect=Facts("proxies", proxy.proxy),
    ),
    PolicyType(
        name="L4WFPPROXY", owner=Owner.ENDPOINT, settings=L4WfpProxyPolicySetting,
        since="L4WfpProxy", needs=Needs.NOTHING, changes=Changes.AS_PROXY, prefixes=(),
        flat=flat.SAME, check=None, effect=Facts("others", proxy.wfp_proxy),
    ),
    PolicyType(
        name="ProviderAddress", owner=Owner.ENDPOINT, settings=ProviderAddressEndpointPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(),
        flat=flat.PROVIDER_ADDRESS,
        check=None, effect=Fact("provider", isolation.provider_address),
    ),
    PolicyType(
        name="PortName", owner=Owner.ENDPOINT, settings=PortnameEndpointPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(),
        flat=flat.PORT_NAME, check=None, effect=Shapes(interface.port_name),
    ),
    PolicyType(
        name="EncapOverhead", owner=Owner.ENDPOINT, settings=EncapOverheadEndpointPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(),
        flat=flat.ENCAP_OVERHEAD, check=None, effect=Shapes(isolation.encap_overhead),
    ),
    PolicyType(
        name="InterfaceConstraint", owner=Owner.ENDPOINT,
        settings=InterfaceConstraintEndpointPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(),
        flat=flat.CONSTRAINT,
        check=None, effect=Fact("interface_index", interface.interface_index),
    ),
    PolicyType(
        name="Encryption", owner=Owner.ENDPOINT, settings=EncryptionPolicySetting,
        since=(2, 1), needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(), flat=flat.SAME,
        check=encryption.refuse_encryption, effect=NoEffect("it is refused"),
    ),
    PolicyType(
        name="VLAN", owner=Owner.ENDPOINT, settings=VlanPolicySetting,
        since=(2, 4), needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(), flat=flat.VLAN,
        check=isolation.check_vlan, effect=Shapes(isolation.vlan),
    ),
    PolicyType(
        name="InterfaceParameters", owner=Owner.ENDPOINT, settings=InterfaceParametersPolicySetting,
        since=(2, 4), needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(), flat=flat.MTU,
        check=None, effect=Fact("mtu", interface.mtu),
    ),
    PolicyType(
        name="Iov", owner=Owner.ENDPOINT, settings=IovPolicySetting,
        since=(2, 9), needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(), flat=flat.SAME,
        check=None, effect=Fact("iov_weight", interface.iov_weight),
    ),
    PolicyType(
        name="TierAcl", owner=Owner.ENDPOINT, settings=TierAclPolicySetting,
        since="TierAcl", needs=Needs.NOTHING, changes=Changes.BY_UPDATE, prefixes=(),
        flat=flat.SAME, check=acl.check_tier, effect=Facts("tiers", acl.tier),
    ),
    PolicyType(
        name="VmNic", owner=Owner.ENDPOINT, settings=VmNicPolicySetting,
        since=(2, 14), needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(), flat=flat.SAME,
        check=None, effect=NoEffect("newer than the published schema, its settings stay unread"),
    ),
    PolicyType(
        name="Firewall", owner=Owner.ENDPOINT, settings=FirewallPolicySetting,
        since=(2, 14), needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(), flat=flat.SAME,
        check=None, effect=NoEffect("the rules of VmCreatorId's Hyper-V firewall are not HNS's"),
    ),
    PolicyType(
        name="SourceMacAddress", owner=Owner.NETWORK, settings=SourceMacAddressNetworkPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.AT_CREATION, prefixes=(),
        flat=flat.SOURCE_MAC,
        check=isolation.check_source_mac, effect=Fact("source_mac", isolation.source_mac),
    ),
    PolicyType(
        name="NetAdapterName", owner=Owner.NETWORK, settings=NetAdapterNameNetworkPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.AT_CREATION, prefixes=(),
        flat=flat.ADAPTER_NAME, check=None, effect=Shapes(interface.switch_request),
    ),
    PolicyType(
        name="InterfaceConstraint", owner=Owner.NETWORK,
        settings=InterfaceConstraintNetworkPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.AT_CREATION, prefixes=(),
        flat=flat.CONSTRAINT,
        check=None, effect=NoEffect("NetAdapterName and ProviderAddress choose the adapter"),
    ),
    PolicyType(
        name="VSwitchExtension", owner=Owner.NETWORK, settings=VSwitchExtensionNetworkPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.AT_CREATION, prefixes=(),
        flat=flat.EXTENSION, check=None, effect=Shapes(interface.wanted_extensions),
    ),
    PolicyType(
        name="ProviderAddress", owner=Owner.NETWORK, settings=ProviderAddressNetworkPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.AT_CREATION, prefixes=(),
        flat=flat.MANAGEMENT_IP,
        check=isolation.check_provider, effect=Shapes(interface.switch_request),
    ),
    PolicyType(
        name="DrMacAddress", owner=Owner.NETWORK, settings=DrMacAddressNetworkPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.AT_CREATION, prefixes=(),
        flat=flat.ROUTER_MAC,
        check=isolation.check_dr_mac, effect=Shapes(isolation.router_mac),
    ),
    PolicyType(
        name="AutomaticDNS", owner=Owner.NETWORK, settings=AutomaticDNSNetworkPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(),
        flat=flat.AUTOMATIC_DNS,
        check=None, effect=NoEffect("they carry no names to resolve"),
    ),
    PolicyType(
        name="RemoteSubnetRoute", owner=Owner.NETWORK, settings=RemoteSubnetRoutePolicySetting,
        since="RemoteSubnet", needs=Needs.OVERLAY, changes=Changes.BY_REQUEST, prefixes=(),
        flat=flat.SAME,
        check=route.check_remote_subnet, effect=Facts("remote_routes", route.remote_route),
    ),
    PolicyType(
        name="VxlanPort", owner=Owner.NETWORK, settings=VxlanPortPolicySetting,
        since="VxlanPort", needs=Needs.OVERLAY, changes=Changes.BY_REQUEST, prefixes=(),
        flat=flat.SAME,
        check=isolation.check_vxlan_port, effect=Fact("vxlan_port", isolation.vxlan_port),
    ),
    PolicyType(
        name="HostRoute", owner=Owner.NETWORK, settings=HostRoutePolicySetting,
        since="HostRoute", needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(),
        flat=flat.SAME, check=None, effect=Fact("host_route", route.host_route),
    ),
    PolicyType(
        name="SetPolicy", owner=Owner.NETWORK, settings=SetPolicySetting,
        since="SetPolicy", needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(),
        flat=flat.SAME, check=sets.check_ip_set, effect=Facts("tags", sets.tagged_set),
    ),
    PolicyType(
        name="L4Proxy", owner=Owner.NETWORK, settings=L4ProxyPolicySetting,
        since="L4Proxy", needs=Needs.VFP, changes=Changes.AS_PROXY, prefixes=(), flat=flat.PROXY,
        check=proxy.check_network_proxy, effect=Facts("proxies", proxy.proxy),
    ),
    PolicyType(
        name="LayerConstraint", owner=Owner.NETWORK, settings=LayerConstraintNetworkPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.AT_CREATION, prefixes=(),
        flat=flat.LAYER, check=interface.check_layer, effect=Shapes(interface.switch_request),
    ),
    PolicyType(
        name="NetworkACL", owner=Owner.NETWORK, settings=NetworkAclPolicySetting,
        since="NetworkACL", needs=Needs.VFP, changes=Changes.BY_REQUEST, prefixes=(),
        flat=flat.SAME, check=acl.check_network_acl, effect=Facts("acls", acl.acl_rule),
    ),
    PolicyType(
        name="NeighborDiscovery", owner=Owner.NETWORK, settings=NeighborDiscoveryPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.BY_REQUEST, prefixes=(), flat=flat.SAME,
        check=interface.check_neighbor, effect=NoEffect("neighbours are always found"),
    ),
    PolicyType(
        name="VLAN", owner=Owner.SUBNET, settings=VlanPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.AT_CREATION, prefixes=(), flat=flat.VLAN,
        check=isolation.check_vlan, effect=Shapes(isolation.vlan),
    ),
    PolicyType(
        name="VSID", owner=Owner.SUBNET, settings=VsidPolicySetting,
        since=ALWAYS, needs=Needs.NOTHING, changes=Changes.AT_CREATION, prefixes=(), flat=flat.VSID,
        check=isolation.check_vsid, effect=Fact("vsids", isolation.vsid),
    ),
)
# fmt: on

CATALOGUE: tuple[AnyPolicyType, ...] = _ROWS


def _of(owner: Owner) -> Mapping[str, AnyPolicyType]:
    return {row.name: row for row in CATALOGUE if row.owner is owner}


ENDPOINT, NETWORK, SUBNET = _of(Owner.ENDPOINT), _of(Owner.NETWORK), _of(Owner.SUBNET)
"""The rows by the name of the type."""
