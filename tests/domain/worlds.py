"""Hosts as plain values, for packets to walk through: what storage would read, written by hand.

A node has the adapter "Ethernet" with an address in 10.0.0.0/24, whose router is 10.0.0.1; its
networks are given, and its switches follow from them.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_network

from hnsemu.domain.dataplane import (
    AclRule,
    Backend,
    Balancer,
    OutboundNat,
    PlumbedEndpoint,
    PlumbedNetwork,
    PlumbedPolicies,
    ProviderAddress,
    Proxy,
    PublishedPort,
    RemoteRoute,
    RoutePolicy,
    Tier,
)
from hnsemu.domain.endpoints import REMOTE, Endpoint, EndpointState, IpConfiguration
from hnsemu.domain.facts import Adapter, PolicyRef, Port, Route, VSwitch
from hnsemu.domain.network_types import Mode, SwitchKind, network_type
from hnsemu.domain.networks import NatInstance, Network, Subnet
from hnsemu.domain.packet import TCP, Address, Packet
from hnsemu.domain.policies.acl import Tuple5
from hnsemu.domain.policies.portmapping import PortMapping as StaticMapping
from hnsemu.domain.policylists import PolicyList, PolicyListKind, PortMapping, SdnRoute
from hnsemu.domain.releases import RELEASES, Release
from hnsemu.domain.wfp import WfpExceptions, WfpProxy
from hnsemu.domain.winnat import NatRule

VSID = 4096


def guid(name: str) -> str:
    """Return the id that everything of this name has."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


def ref(kind: str, name: str = "", position: int = 0, owner: str = "Endpoint") -> PolicyRef:
    """Return where a rule comes from: a policy of this type."""
    return PolicyRef(owner, guid("owner"), kind, name, position)


# Packets


def packet(
    source: str, destination: str, port: int = 80, protocol: int = TCP, source_port: int = 40000
) -> Packet:
    """Return a packet; a port of 0 stands for a protocol without ports."""
    return Packet(
        protocol,
        ip_address(source),
        ip_address(destination),
        source_port if port else 0,
        port,
    )


# Networks


def switch(name: str, mode: Mode, **members: object) -> VSwitch:
    """Return the switch of a network type; an external one is bound to the adapter Ethernet."""
    rules = network_type(mode)
    external = rules.switch is SwitchKind.EXTERNAL
    plain = VSwitch(
        key=1,
        id=guid(f"switch {name}"),
        name=name,
        kind=rules.switch,
        family=rules.family,
        layer_id=guid(f"layer {name}"),
        owner_id=guid(name),
        parent_id=guid(f"parent {name}"),
        adapters=("Ethernet",) if external else (),
    )
    return replace(plain, **members)  # type: ignore[arg-type]


def vnic(name: str, *, vlan: int = 0, compartment: int = 0, kind: str = "Endpoint") -> Port:
    """Return a switch port with a vNIC in it."""
    return Port(
        key=1,
        kind=kind,
        port_id=guid(f"port {name}"),
        nic_id=guid(f"nic {name}"),
        interface_id=guid(f"interface {name}"),
        allocator_id=guid(f"allocator {name}"),
        friendly_name="",
        mac="",
        isolation=vlan,
        compartment=compartment,
    )


def network(
    mode: Mode,
    *prefixes: str,
    name: str = "",
    gateway: bool = True,
    on: VSwitch | None = None,
    flags: int = 0,
    management_ip: str = "10.0.0.4",
    **policies: object,
) -> PlumbedNetwork:
    """Return a network with a subnet for each prefix, whose first address is the gateway.

    on: the switch it shares with another network; its own one otherwise.
    policies: members of PlumbedNetwork.
    """
    name = name or f"{mode} {prefixes[0] if prefixes else ''}".strip()
    subnets = tuple(
        _subnet(number, prefix, gateway=gateway) for number, prefix in enumerate(prefixes)
    )
    has_vnic = network_type(mode).host_vnic
    stored = Network(
        key=1,
        id=guid(name),
        name=name,
        mode=mode,
        type_text=mode.value,
        flags=flags,
        subnets=subnets,
        management_ip=management_ip if network_type(mode).switch is SwitchKind.EXTERNAL else "",
        dr_mac="00-15-5D-00-00-DD" if mode is Mode.OVERLAY else "",
        vswitch=on or switch(name, mode),
        host_vnic=replace(vnic(name, kind="HostVnic"), mac="00-15-5D-00-00-AA")
        if has_vnic
        else None,
        rdid_port=vnic(f"router {name}", kind="RDID") if mode is Mode.OVERLAY else None,
        nat=_nat(subnets) if network_type(mode).allocates else None,
    )
    if mode is Mode.OVERLAY:
        policies.setdefault("vsids", {subnet.id: VSID for subnet in subnets})
    return PlumbedNetwork(stored, **policies)  # type: ignore[arg-type]


def _subnet(number: int, prefix: str, *, gateway: bool) -> Subnet:
    first = str(ip_network(prefix)[1]) if gateway else ""
    anywhere = "::/0" if ":" in prefix else "0.0.0.0/0"
    routes = (Route(first, anywhere),) if gateway else ()
    return Subnet(number, guid(f"subnet {prefix}"), prefix, first, routes)


def _nat(subnets: Sequence[Subnet]) -> NatInstance | None:
    if not subnets:
        return None
    first = subnets[0]
    return NatInstance("WinNAT", "", guid("nat"), str(first.network[0]), first.gateway, 24)


def remote_route(prefix: str, provider: str, vni: int = VSID) -> RemoteRoute:
    """Return a RemoteSubnetRoute."""
    policy = ref("RemoteSubnetRoute", owner="Network")
    return RemoteRoute(prefix, vni, provider, "00-15-5D-00-00-EE", policy)


# Endpoints


def pod(
    on: PlumbedNetwork,
    name: str,
    *addresses: str,
    vlan: int = 0,
    compartment: int = 2,
    attached: bool = True,
    routes: Sequence[Route] = (),
    virtual_machine: str = "",
    nat_block: int | None = 0,
    **policies: object,
) -> PlumbedEndpoint:
    """Return a local endpoint, attached unless said otherwise.

    compartment: 1 for one of the host itself. policies: members of PlumbedPolicies.
    """
    length = on.network.subnets[0].network.prefixlen if on.network.subnets else 24
    stored = Endpoint(
        key=1,
        id=guid(name),
        name=name,
        network_key=1,
        network_id=on.id,
        network_name=on.network.name,
        network_mode=on.network.mode,
        network_type_text=on.network.type_text,
        parent_id="",
        state=EndpointState.ATTACHED if attached else EndpointState.CREATED,
        ip_configurations=tuple(IpConfiguration(address, length) for address in addresses),
        routes=tuple(routes),
        mac_address=_mac(addresses[0] if addresses else name),
        virtual_machine=virtual_machine,
        nat_block=nat_block,
        port=vnic(name, vlan=vlan, compartment=compartment),
    )
    parsed = tuple(ip_address(address) for address in addresses)
    if provider := policies.pop("provider_address", ""):
        policies["provider"] = ProviderAddress(
            str(provider), PolicyRef("Endpoint", stored.id, "ProviderAddress")
        )
    return PlumbedEndpoint(stored, PlumbedPolicies(**policies), parsed)  # type: ignore[arg-type]


def host_endpoint(on: PlumbedNetwork, name: str, *addresses: str) -> PlumbedEndpoint:
    """Return an endpoint in the host's own compartment, as win-bridge makes one for a gateway."""
    return pod(on, name, *addresses, compartment=1)


def remote(on: PlumbedNetwork, address: str, provider: str) -> PlumbedEndpoint:
    """Return an endpoint of another host, as kube-proxy makes one for each backend elsewhere."""
    local = pod(on, f"remote {address}", address, attached=False, provider_address=provider)
    stored = replace(local.endpoint, flags=REMOTE, port=None, mac_address=_mac(address))
    return replace(local, endpoint=stored)


def _mac(text: str) -> str:
    return "02-11-" + "-".join(
        f"{byte:02X}" for byte in uuid.uuid5(uuid.NAMESPACE_DNS, text).bytes[:4]
    )


# Policies


def acl(
    action: str,
    direction: str,
    priority: int = 100,
    *,
    host: bool = False,
    name: str = "",
    **match: str,
) -> AclRule:
    """Return an ACL for VFP, or for the Windows Firewall. match: members of Tuple5."""
    policy = ref("ACL", name or f"{action}-{direction}-{priority}")
    return AclRule(action, direction, host, priority, Tuple5(**match), policy)


def tier(order: int, *rules: AclRule) -> Tier:
    """Return a TierAcl in the direction of its rules."""
    kept = tuple(replace(rule, policy=replace(rule.policy, type="TierAcl")) for rule in rules)
    return Tier(rules[0].direction, order, kept)


def outbound_nat(
    virtual_ip: str = "", exceptions: Sequence[str] = (), destinations: Sequence[str] = ()
) -> OutboundNat:
    """Return an OutBoundNAT policy."""
    return OutboundNat(virtual_ip, tuple(exceptions), tuple(destinations), ref("OutBoundNAT"))


def sdn_route(prefix: str, next_hop: str = "", *, encap: bool = False) -> RoutePolicy:
    """Return an SDNRoute policy."""
    return RoutePolicy(SdnRoute(prefix, next_hop, encap), ref("SDNRoute"))


def proxy(
    address: str,
    port: int,
    destination: str = "",
    exceptions: Sequence[str] = (),
    *,
    nat: bool = False,
) -> Proxy:
    """Return an L4Proxy policy for TCP."""
    return Proxy(address, port, TCP, destination, tuple(exceptions), nat, ref("L4Proxy"))


def wfp_proxy(
    outbound: int = 0,
    inbound: int = 0,
    *,
    sid: str = "",
    spare_out: WfpExceptions = WfpExceptions(),  # noqa: B008 (frozen)
    spare_in: WfpExceptions = WfpExceptions(),  # noqa: B008 (frozen)
    **match: str,
) -> WfpProxy:
    """Return an L4WFPPROXY policy."""
    return WfpProxy(outbound, inbound, Tuple5(**match), sid, spare_out, spare_in, ref("L4WFPPROXY"))


# Services


def balancer(
    backends: Sequence[PlumbedEndpoint],
    vip: str,
    port: int = 80,
    to: int = 8080,
    *,
    flags: int = 0,
    mapping_flags: int = 1,
    source_vip: str = "",
    distribution: int = 0,
    protocol: int = TCP,
    name: str = "",
) -> Balancer:
    """Return a load balancer; vip "" is a node port."""
    mapping = PortMapping(protocol, to, port, distribution, mapping_flags)
    policy_list = PolicyList(
        key=7,
        id=guid(f"balancer {vip}"),
        kind=PolicyListKind.LOAD_BALANCER,
        name=name,
        source_vip=source_vip,
        frontend_vips=(vip,) if vip else (),
        port_mappings=(mapping,),
        flags=flags,
    )
    behind = tuple(
        Backend(endpoint.id, endpoint.endpoint.network_id, endpoint.is_remote, endpoint.addresses)
        for endpoint in backends
    )
    return Balancer(policy_list, behind)


def published(
    endpoint: PlumbedEndpoint,
    external: int,
    internal: int,
    *,
    engine: str = "WinNAT",
    vip: str = "",
) -> NatRule:
    """Return a published TCP port."""
    return NatRule(
        key=1,
        engine=engine,
        mapping_id=3,
        endpoint_id=endpoint.id,
        network_id=endpoint.endpoint.network_id,
        mapping=StaticMapping(TCP, internal, external, vip),
        internal_address=str(endpoint.addresses[0]),
    )


def port_mapping(external: int, internal: int, *, routed: bool = False) -> PublishedPort:
    """Return the PortMapping policy that `published` is about."""
    return PublishedPort(StaticMapping(TCP, internal, external), routed, ref("PortMapping"))


# Hosts


@dataclass(frozen=True, slots=True)
class Node:
    """A host that answers from its members; see HostFabric."""

    name: str
    release: Release
    adapters: tuple[Adapter, ...]
    networks: tuple[PlumbedNetwork, ...] = ()
    pods: tuple[PlumbedEndpoint, ...] = ()
    services: tuple[Balancer, ...] = ()
    ports: tuple[NatRule, ...] = ()

    @property
    def switches(self) -> Sequence[VSwitch]:
        """Return the switches of the networks, each once."""
        found = (network.network.vswitch for network in self.networks)
        return list({switch.id: switch for switch in found if switch is not None}.values())

    def network(self, network_id: str) -> PlumbedNetwork:
        """Return a network by its id."""
        return next(network for network in self.networks if network.id == network_id)

    def endpoint(self, endpoint_id: str) -> PlumbedEndpoint | None:
        """Return an endpoint by its id."""
        return next((endpoint for endpoint in self.pods if endpoint.id == endpoint_id), None)

    def endpoints(self, network_id: str) -> Sequence[PlumbedEndpoint]:
        """Return the endpoints of a network."""
        return [endpoint for endpoint in self.pods if endpoint.endpoint.network_id == network_id]

    def endpoints_at(self, network_id: str, address: Address) -> Sequence[PlumbedEndpoint]:
        """Return the endpoints of a network with the address, local ones first."""
        found = [
            endpoint for endpoint in self.endpoints(network_id) if address in endpoint.addresses
        ]
        return sorted(found, key=lambda endpoint: endpoint.is_remote)

    def endpoints_of_host(self) -> Sequence[PlumbedEndpoint]:
        """Return the endpoints in the host's compartment."""
        return [endpoint for endpoint in self.pods if endpoint.is_of_host]

    def balancers(self, packet: Packet | None) -> Sequence[Balancer]:
        """Return all load balancers: their own rules tell which packets they answer."""
        del packet
        return self.services

    def frontends(self, address: Address) -> Sequence[PolicyList]:
        """Return the load balancers with that VIP."""
        found = (service.policy_list for service in self.services)
        return [service for service in found if str(address) in service.frontend_vips]

    def published(self, packet: Packet | None) -> Sequence[NatRule]:
        """Return the published ports that take the packet, all of them for None."""
        return [
            rule
            for rule in self.ports
            if packet is None
            or (packet.protocol, packet.destination_port)
            == (rule.mapping.protocol, rule.mapping.external_port)
        ]


def adapter(
    name: str = "Ethernet",
    address: str = "10.0.0.4",
    gateway: str = "10.0.0.1",
    on: VSwitch | None = None,
) -> Adapter:
    """Return an adapter with a /24, under a switch or free."""
    return Adapter(
        key=1,
        id=guid(f"adapter {name}"),
        name=name,
        mac="00-15-5D-00-00-0A",
        address=address,
        prefix_length=24,
        gateway=gateway,
        wireless=False,
        switch_id=on.id if on else "",
    )


def node(
    *networks: PlumbedNetwork,
    pods: Sequence[PlumbedEndpoint] = (),
    services: Sequence[Balancer] = (),
    ports: Sequence[NatRule] = (),
    name: str = "node-1",
    address: str = "10.0.0.4",
    release: str = "ws2025",
    adapters: Sequence[Adapter] | None = None,
) -> Node:
    """Return a host; its adapter is under the first external switch of its networks."""
    switches = (network.network.vswitch for network in networks)
    external = next(
        (switch for switch in switches if switch and switch.kind is SwitchKind.EXTERNAL), None
    )
    own = (adapter(address=address, on=external),) if adapters is None else tuple(adapters)
    return Node(name, RELEASES[release], own, networks, tuple(pods), tuple(services), tuple(ports))


_UNROUTED = {Mode.NAT, Mode.ICS, Mode.CONSTRAINED_ICS, Mode.OVERLAY, Mode.INTERNAL, Mode.PRIVATE}


@dataclass(frozen=True, slots=True)
class World:
    """Hosts on one underlay; see Fabric."""

    nodes: dict[str, Node] = field(default_factory=dict)

    def host(self, name: str) -> Node:
        """Return a host by its name."""
        return self.nodes[name]

    def hosts_with_address(self, address: Address) -> Sequence[Node]:
        """Return the hosts with an adapter of that address."""
        return [
            host
            for _, host in sorted(self.nodes.items())
            if any(adapter.address == str(address) for adapter in host.adapters)
        ]

    def host_with_endpoint(self, address: Address) -> tuple[Node, PlumbedEndpoint] | None:
        """Return who has the address on a network that the underlay reaches."""
        for host in self.nodes.values():
            for endpoint in host.pods:
                mode = endpoint.endpoint.network_mode
                if (
                    address in endpoint.addresses
                    and mode not in _UNROUTED
                    and not endpoint.is_remote
                ):
                    return host, endpoint
        return None


def world(*nodes: Node) -> World:
    """Return the hosts on one underlay."""
    return World({host.name: host for host in nodes})
