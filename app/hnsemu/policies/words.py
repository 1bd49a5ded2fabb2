"""Policies in plain words: one English sentence for each type of the catalogue."""

from collections.abc import Callable, Mapping
from typing import Any

from hnsemu.domain.digits import number_in
from hnsemu.domain.facts import Policy
from hnsemu.domain.loadbalancers import DIRECT_SERVER_RETURN
from hnsemu.domain.packet import NAMES
from hnsemu.domain.policies.portmapping import LOCAL_ROUTED_VIP
from hnsemu.domain.policylists import PolicyList, PolicyListKind, SdnRoute
from hnsemu.policies.catalogue import ENDPOINT, NETWORK, SUBNET
from hnsemu.policies.model import AnyPolicyType, Fact, Facts, NoEffect, Owner
from hnsemu.policies.settings import readable
from hnsemu.schema.enums import SetPolicyTypes
from hnsemu.schema.v2.policies.acl import (
    CommonAclPolicySetting,
    FiveTuple,
    TierAclPolicySetting,
)
from hnsemu.schema.v2.policies.interface import (
    InterfaceConstraintEndpointPolicySetting,
    InterfaceConstraintNetworkPolicySetting,
    IovPolicySetting,
    NeighborDiscoveryPolicySetting,
    QosPolicySetting,
    VSwitchExtensionNetworkPolicySetting,
)
from hnsemu.schema.v2.policies.nat import OutboundNatPolicySetting, PortMappingPolicySetting
from hnsemu.schema.v2.policies.proxy import (
    CommonL4ProxyPolicySetting,
    L4ProxyPolicySetting,
    L4WfpProxyPolicySetting,
)
from hnsemu.schema.v2.policies.route import RemoteSubnetRoutePolicySetting, SDNRoutePolicySetting
from hnsemu.schema.v2.policies.sets import SetPolicySetting
from hnsemu.schema.v2.read_policylists import sdn_route

_ROWS: Mapping[Owner, Mapping[str, AnyPolicyType]] = {
    Owner.ENDPOINT: ENDPOINT,
    Owner.NETWORK: NETWORK,
    Owner.SUBNET: SUBNET,
}
_VERBS = {"Allow": "Allows", "Block": "Blocks", "Pass": "Leaves to the next tier"}
_MEGA = 1_000_000


def sentence(owner: Owner, policy: Policy) -> str:
    """Return what a policy says, in one sentence without a full stop."""
    row = _ROWS[owner].get(policy.type)
    settings = readable(row.settings, policy) if row is not None else None
    if row is None or settings is None:
        return "Its settings cannot be read; it does nothing"
    return _SENTENCES[owner, policy.type](settings)


def effect(owner: Owner, policy: Policy) -> str:
    """Return where a policy acts that has no rules of its own in VFP."""
    row = _ROWS[owner].get(policy.type)
    if row is None:
        return ""
    if isinstance(row.effect, NoEffect):
        return f"It is kept and shown only: {row.effect.reason}"
    if isinstance(row.effect, (Fact, Facts)):
        return "No VFP rule of this port comes from it"
    return f"It shapes the {owner.lower()} itself, and has no rules"


def list_sentence(policy_list: PolicyList) -> str:
    """Return what a load balancer, a list of routes or a plain policy list says."""
    if policy_list.kind is PolicyListKind.LOAD_BALANCER:
        return _balancer(policy_list)
    if policy_list.kind is PolicyListKind.ROUTE:
        return "; ".join(map(_route, policy_list.routes)) or "Routes nothing"
    return f"Keeps {_count(len(policy_list.policies), 'policy', 'policies')} without an effect"


def _balancer(balancer: PolicyList) -> str:
    vips = ", ".join(balancer.frontend_vips) or "every address of the host"
    ports = [
        f"{_protocol(mapping.protocol)} port {mapping.external_port or 'any'}"
        f" to port {mapping.internal_port or 'as sent'}"
        for mapping in balancer.port_mappings
    ]
    backends = _count(len(balancer.references), "backend", "backends")
    parts = [f"Spreads what arrives at {vips} over {backends}: {', '.join(ports) or 'no port'}"]
    if balancer.source_vip:
        parts.append(f"sent on from {balancer.source_vip}")
    if balancer.flags & DIRECT_SERVER_RETURN:
        parts.append("backends answer the client directly")
    return ", ".join(parts)


def _acl(rule: CommonAclPolicySetting) -> str:
    where = " in the firewall of its compartment" if rule.rule_type == "Host" else ""
    return _rule(str(rule.action or "Allow"), str(rule.direction or "In"), rule, where)


def _network_acl(rule: CommonAclPolicySetting) -> str:
    return f"For every endpoint: {_lower(_acl(rule))}"


def _tier(tier: TierAclPolicySetting) -> str:
    direction = str(tier.direction or "In")
    rules = [
        _lower(_rule(str(rule.tier_acl_rule_action or "Allow"), direction, rule))
        for rule in tier.tier_acl_rules or ()
    ]
    return f"Tier of order {tier.order or 0}: {'; then it '.join(rules) or 'without a rule'}"


def _rule(action: str, direction: str, rule: FiveTuple, where: str = "") -> str:
    """Return a rule: "Blocks incoming TCP to port 80 from 10.0.0.0/8, priority 200"."""
    protocols = ", ".join(_protocol(text) for text in _listed(rule.protocols)) or "everything"
    local = _ends("to" if direction == "In" else "from", rule.local_addresses, rule.local_ports)
    remote = _ends("from" if direction == "In" else "to", rule.remote_addresses, rule.remote_ports)
    ends = f"{local}{remote}" if direction == "In" else f"{remote}{local}"
    way = "incoming" if direction == "In" else "outgoing"
    what = f"{protocols} {way}" if protocols == "everything" else f"{way} {protocols}"
    return f"{_VERBS.get(action, action)} {what}{ends}{where}, priority {rule.priority or 0}"


def _ends(word: str, addresses: str | None, ports: str | None) -> str:
    parts = [", ".join(_listed(addresses))] if _listed(addresses) else []
    if _listed(ports):
        noun = "port" if len(_listed(ports)) == 1 and "-" not in (ports or "") else "ports"
        parts.append(f"{noun} {', '.join(_listed(ports))}")
    return f" {word} {' '.join(parts)}" if parts else ""


def _mapping(mapping: PortMappingPolicySetting) -> str:
    outer = mapping.external_port or "of HNS's choice"
    vip = f" of {mapping.vip}" if mapping.vip else ""
    routed = ", also for the host itself" if (mapping.flags or 0) & LOCAL_ROUTED_VIP else ""
    return (
        f"Publishes {_protocol(mapping.protocol or 0)} port {mapping.internal_port or 0} "
        f"as port {outer}{vip or ' of the host'}{routed}"
    )


def _outbound_nat(nat: OutboundNatPolicySetting) -> str:
    whose = nat.virtual_ip or "the host's address"
    only = f" to {', '.join(nat.destinations)}" if nat.destinations else ""
    but = f", but not to {', '.join(nat.exceptions)}" if nat.exceptions else ""
    return f"Sends outgoing packets{only} from {whose}{but}"


def _sdn_route(settings: SDNRoutePolicySetting) -> str:
    return _route(sdn_route(settings))


def _route(route: SdnRoute) -> str:
    how = "encapsulated" if route.need_encap else "as it is"
    hop = f" by {route.next_hop}" if route.next_hop else ""
    return f"Sends what is for {route.destination_prefix or 'nowhere'}{hop} {how}"


def _proxy(proxy: CommonL4ProxyPolicySetting) -> str:
    what = f"{_protocol(proxy.protocol or 6)} to {proxy.destination or 'anywhere'}"
    others: tuple[str, ...] = ()
    if isinstance(proxy, L4ProxyPolicySetting):
        others = proxy.exceptions or ()
    exceptions = (*(proxy.exception_list or ()), *others)
    but = f", but not to {', '.join(exceptions)}" if exceptions else ""
    return f"Redirects outgoing {what} to the proxy {proxy.ip or ''}:{proxy.port or 0}{but}"


def _wfp_proxy(proxy: L4WfpProxyPolicySetting) -> str:
    outbound = proxy.outbound_proxy_port or proxy.port
    ways = [f"outgoing connections to port {outbound}"] if outbound else []
    if proxy.inbound_proxy_port:
        ways.append(f"incoming ones to port {proxy.inbound_proxy_port}")
    whose = f", but not those of user {proxy.user_sid}" if proxy.user_sid else ""
    return f"Redirects {' and '.join(ways) or 'nothing'} of its compartment{whose}"


def _qos(qos: QosPolicySetting) -> str:
    rate = qos.maximum_outgoing_bandwidth_in_bytes or 0
    return f"Limits what it sends to {rate:,} bytes a second ({rate * 8 / _MEGA:g} Mbit/s)"


def _iov(iov: IovPolicySetting) -> str:
    weight = iov.iov_offload_weight or 0
    return f"Offloads it to hardware by SR-IOV with weight {weight}" if weight else "Uses no SR-IOV"


def _constraint(
    settings: InterfaceConstraintEndpointPolicySetting | InterfaceConstraintNetworkPolicySetting,
) -> str:
    named = settings.interface_alias or settings.interface_guid or settings.interface_description
    number = f"interface {settings.interface_index}" if settings.interface_index else ""
    return f"Keeps it on {named or number or 'any interface'}"


def _extension(extension: VSwitchExtensionNetworkPolicySetting) -> str:
    verb = "Switches on" if extension.enable else "Switches off"
    return f"{verb} the switch extension {extension.extension_id or ''}".rstrip()


def _neighbor(neighbor: NeighborDiscoveryPolicySetting) -> str:
    sender = neighbor.sender_mac_address or "its MAC"
    return f"Answers who has {neighbor.target_ip_prefix or 'any address'} with {sender}"


def _remote_subnet(route: RemoteSubnetRoutePolicySetting) -> str:
    return (
        f"Sends what is for {route.destination_prefix or 'nowhere'} through VXLAN "
        f"{route.isolation_id or 0} to the host {route.provider_address or 'without an address'}"
    )


def _set(settings: SetPolicySetting) -> str:
    values = _listed(settings.values)
    noun = "sets" if settings.policy_type is SetPolicyTypes.NESTEDIPSET else "addresses"
    named = settings.name or settings.id or "without a name"
    return f"Names the {noun} {', '.join(values) or 'of nobody'} as the set {named}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _listed(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _protocol(text: str | int) -> str:
    number = number_in(str(text))
    if number is None:
        return str(text)
    return NAMES.get(number, f"protocol {number}") if number else "any protocol"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


_SENTENCES: Mapping[tuple[Owner, str], Callable[[Any], str]] = {
    (Owner.ENDPOINT, "PortMapping"): _mapping,
    (Owner.ENDPOINT, "ACL"): _acl,
    (Owner.ENDPOINT, "QOS"): _qos,
    (Owner.ENDPOINT, "L2Driver"): lambda _: "Marks a remote endpoint of an l2bridge network",
    (Owner.ENDPOINT, "OutBoundNAT"): _outbound_nat,
    (Owner.ENDPOINT, "SDNRoute"): _sdn_route,
    (Owner.ENDPOINT, "L4Proxy"): _proxy,
    (Owner.ENDPOINT, "L4WFPPROXY"): _wfp_proxy,
    (Owner.ENDPOINT, "ProviderAddress"): lambda settings: (
        f"Is behind the host address {settings.provider_address or 'of nobody'}"
    ),
    (Owner.ENDPOINT, "PortName"): lambda settings: f"Calls its port {settings.name or 'nothing'}",
    (Owner.ENDPOINT, "EncapOverhead"): lambda settings: (
        f"Leaves {settings.overhead or 0} bytes of the MTU for encapsulation"
    ),
    (Owner.ENDPOINT, "InterfaceConstraint"): _constraint,
    (Owner.ENDPOINT, "Encryption"): lambda settings: (
        f"Encrypts traffic as {settings.name or 'configured'}"
    ),
    (Owner.ENDPOINT, "VLAN"): lambda settings: f"Puts its port into VLAN {settings.isolation_id}",
    (Owner.ENDPOINT, "InterfaceParameters"): lambda settings: (
        f"Sets the MTU to {settings.mtu or 0} bytes"
    ),
    (Owner.ENDPOINT, "Iov"): _iov,
    (Owner.ENDPOINT, "TierAcl"): _tier,
    (Owner.ENDPOINT, "VmNic"): lambda _: "Describes the NIC of a virtual machine",
    (Owner.ENDPOINT, "Firewall"): lambda settings: (
        f"Sets the firewall for a machine of type {settings.vm_type or 'unknown'}"
    ),
    (Owner.NETWORK, "SourceMacAddress"): lambda settings: (
        f"Frames leave with the MAC {settings.source_mac_address or 'of the host'}"
    ),
    (Owner.NETWORK, "NetAdapterName"): lambda settings: (
        f"Binds its switch to the adapter {settings.network_adapter_name or 'that there is'}"
    ),
    (Owner.NETWORK, "InterfaceConstraint"): _constraint,
    (Owner.NETWORK, "VSwitchExtension"): _extension,
    (Owner.NETWORK, "ProviderAddress"): lambda settings: (
        f"Binds its switch to the adapter with {settings.provider_address or 'no address'}"
    ),
    (Owner.NETWORK, "DrMacAddress"): lambda settings: (
        f"Its distributed router has the MAC {settings.address or 'that HNS chooses'}"
    ),
    (Owner.NETWORK, "AutomaticDNS"): lambda settings: (
        f"Switches automatic DNS {'on' if settings.enable else 'off'}"
    ),
    (Owner.NETWORK, "RemoteSubnetRoute"): _remote_subnet,
    (Owner.NETWORK, "VxlanPort"): lambda settings: f"VXLAN uses UDP port {settings.port or 0}",
    (Owner.NETWORK, "HostRoute"): lambda _: "Lets the host reach its endpoints",
    (Owner.NETWORK, "SetPolicy"): _set,
    (Owner.NETWORK, "L4Proxy"): lambda settings: f"For every endpoint: {_lower(_proxy(settings))}",
    (Owner.NETWORK, "LayerConstraint"): lambda settings: (
        f"Stands on the switch with the layer {settings.layer_id}"
    ),
    (Owner.NETWORK, "NetworkACL"): _network_acl,
    (Owner.NETWORK, "NeighborDiscovery"): _neighbor,
    (Owner.SUBNET, "VLAN"): lambda settings: f"Its ports are in VLAN {settings.isolation_id or 0}",
    (Owner.SUBNET, "VSID"): lambda settings: (
        f"Is the virtual subnet {settings.isolation_id or 0}, the VNI of VXLAN"
    ),
}
