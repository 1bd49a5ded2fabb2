"""The compartment of an endpoint: routes and firewall, on the way out and on the way in.

Source: dataplane.md sections 5.1, 6 and 8.
"""

import ipaddress
from dataclasses import replace

from hnsemu.domain.dataplane import PlumbedEndpoint, PlumbedNetwork, parse_address
from hnsemu.domain.fabric import HostFabric
from hnsemu.domain.matching import is_prefix
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import Address, Direction, Packet, protocol_name, with_flow
from hnsemu.domain.tracing.locations import InStack, IntoEndpoint, Location, OnSwitch, OutOfEndpoint
from hnsemu.domain.tracing.model import Arrival, ArrivalKind, Reason, Result, Verdict
from hnsemu.domain.tracing.sentences import port_label
from hnsemu.domain.tracing.steps import End, Walk
from hnsemu.domain.vfp.container_port import mtu_of
from hnsemu.domain.vfp.evaluate import PortWalk
from hnsemu.domain.vfp.layers import has_vfp
from hnsemu.domain.vfp.model import VfpPort
from hnsemu.domain.vfp.nat import keeps_source
from hnsemu.domain.wfp import proxy_for, ruling_for


def send(walk: Walk, at: OutOfEndpoint) -> Location:
    """Route the packet out of the compartment, through its firewall and its port.

    Raises: End.
    """
    host, endpoint, packet = at.host, at.endpoint, at.packet
    network = host.network(endpoint.endpoint.network_id)
    where = f"compartment of {endpoint.label}"
    _check_plugged(walk, host, endpoint, packet)
    if packet.destination in endpoint.addresses:
        text = f"{packet.destination} is an address of the sender itself"
        raise _delivered(walk, host, endpoint, packet, text)
    if packet.length > mtu_of(endpoint):
        text = f"the packet has {packet.length} bytes, but the vNIC's MTU is {mtu_of(endpoint)}"
        raise walk.drop(Reason.TOO_BIG, text, packet, host=host.name, where=where)
    packet = _firewall(walk, host, network, endpoint, Direction.OUT, packet)
    hop = _next_hop(walk, host, network, endpoint, packet)
    packet = replace(
        packet,
        source_mac=endpoint.endpoint.mac_address,
        destination_mac=_mac_of(network, hop),
        vlan=endpoint.vlan,
    )
    port = walk.ports.of(host, network, endpoint)
    _note_unused(walk, host, port)
    port_walk = walk.pass_port(host.name, port, Direction.OUT, packet)
    _note_bare(walk, host, network, endpoint, port_walk)
    return OnSwitch(
        host,
        network,
        endpoint,
        port_walk.packet,
        next_hop=port_walk.next_hop or (None if _is_on_link(endpoint, port_walk) else hop),
        local=port_walk.local,
        encap=port_walk.encap,
    )


def receive(walk: Walk, at: IntoEndpoint) -> Location:
    """Take the packet in through the endpoint's port and firewall, and deliver it.

    Raises: End, in the end always but for an endpoint of the host that is a gateway.
    """
    host, network, endpoint, packet = at.host, at.network, at.endpoint, at.packet
    _check_plugged(walk, host, endpoint, packet)
    if packet.vlan != endpoint.vlan:
        frame = f"is in VLAN {packet.vlan}" if packet.vlan else "has no VLAN tag"
        own = f"is in VLAN {endpoint.vlan}" if endpoint.vlan else "is in no VLAN"
        text = f"the frame {frame}, but {endpoint.label} {own}"
        raise walk.drop(Reason.WRONG_VLAN, text, packet, host=host.name, where=_switch_of(network))
    packet = replace(packet, vlan=0)
    port = walk.ports.of(host, network, endpoint)
    _note_unused(walk, host, port)
    port_walk = walk.pass_port(host.name, port, Direction.IN, packet)
    packet = port_walk.packet
    if endpoint.is_of_host and packet.destination not in endpoint.addresses:
        return InStack(host, packet)
    packet = _firewall(walk, host, network, endpoint, Direction.IN, packet)
    raise _delivered(walk, host, endpoint, packet, f"{endpoint.label} receives it")


def _delivered(
    walk: Walk, host: HostFabric, endpoint: PlumbedEndpoint, packet: Packet, text: str
) -> End:
    walk.note(host.name, f"compartment of {endpoint.label}", "Route", Result.DELIVER, text)
    arrival = Arrival(ArrivalKind.ENDPOINT, endpoint.id, host.name)
    return End(Verdict.DELIVERED, Reason.DELIVERED_TO_ENDPOINT, text, packet, arrival)


def _check_plugged(walk: Walk, host: HostFabric, endpoint: PlumbedEndpoint, packet: Packet) -> None:
    if endpoint.endpoint.is_attached:
        return
    to_do = "add it to a namespace or attach it"
    if endpoint.is_remote:
        to_do = "it stands for one elsewhere; send from the host that has that one"
    text = f"{endpoint.label} is not attached: {to_do}"
    raise walk.drop(
        Reason.NOT_ATTACHED, text, packet, host=host.name, where=f"port of {endpoint.label}"
    )


def _note_unused(walk: Walk, host: HostFabric, port: VfpPort) -> None:
    """Say which policies of the port have no effect, so that nobody waits for one."""
    if walk.is_reply:
        return
    for reason in dict.fromkeys(reason for _, reason in port.not_applied):
        names = ", ".join(
            f"{policy.type} {policy.id}".rstrip()
            for policy, why in port.not_applied
            if why == reason
        )
        walk.note(host.name, port_label(port), "VFP", Result.PASS,
                  f"not applied, {reason}: {names}")  # fmt: skip


def _note_bare(
    walk: Walk,
    host: HostFabric,
    network: PlumbedNetwork,
    endpoint: PlumbedEndpoint,
    port_walk: PortWalk,
) -> None:
    """Say that a packet keeps its source because source NAT cannot translate its protocol.

    It leaves, but no answer from outside comes back to it. Source: docs of Kubernetes, "Networking
    on Windows" [D].
    """
    packet = port_walk.packet
    is_away = packet.outer is None and port_walk.local is None
    if not (is_away and has_vfp(network) and keeps_source(network, endpoint, packet)):
        return
    walk.flows.leave_bare(packet)
    text = (
        f"OutBoundNAT translates TCP and UDP only: {protocol_name(packet.protocol)} keeps the "
        f"source {packet.source}"
    )
    walk.note(host.name, f"port of {endpoint.label}", "VFP", Result.PASS, text,
              direction="OUT", evidence="D")  # fmt: skip


def _firewall(
    walk: Walk,
    host: HostFabric,
    network: PlumbedNetwork,
    endpoint: PlumbedEndpoint,
    direction: Direction,
    packet: Packet,
) -> Packet:
    """Pass the compartment's firewall: known flows, redirection to a proxy, Host ACLs, default."""
    where = f"compartment of {endpoint.label}"
    place = (host.name, f"WFP {endpoint.id}")
    flow = walk.flows.find(place, direction, packet)
    if flow is not None:
        return with_flow(packet, flow)
    proxy = proxy_for(endpoint, direction, packet, walk.user_sid)
    if proxy is not None:
        text = f"the connection goes to the proxy on port {proxy[1]} of the compartment"
        walk.note(host.name, where, "WFP", Result.REDIRECT, text, policy=proxy[0].policy,
                  direction=direction.value, evidence="D")  # fmt: skip
        arrival = Arrival(ArrivalKind.PROXY, endpoint.id, host.name)
        raise End(Verdict.DELIVERED, Reason.DELIVERED_TO_PROXY, text, packet, arrival)
    ruling = ruling_for(endpoint, network, direction, packet, host.release)
    if ruling.rule is not None or not ruling.allows:
        result = Result.ALLOW if ruling.allows else Result.BLOCK
        walk.note(host.name, where, "WFP", result, ruling.text, direction=direction.value,
                  policy=ruling.rule.policy if ruling.rule else None, evidence="D")  # fmt: skip
    if not ruling.allows:
        reason = Reason.BLOCKED_BY_RULE if ruling.rule else Reason.BLOCKED_BY_DEFAULT
        text = (
            f"{ruling.text} in the {where}"
            if ruling.rule
            else f"the Windows Firewall of {endpoint.label}: {ruling.text}"
        )
        raise End(Verdict.BLOCKED, reason, text, packet)
    walk.flows.remember(place, direction, packet, packet)
    return packet


def _next_hop(
    walk: Walk,
    host: HostFabric,
    network: PlumbedNetwork,
    endpoint: PlumbedEndpoint,
    packet: Packet,
) -> Address | None:
    """Return the gateway for the packet, None when its destination is on-link."""
    where = f"compartment of {endpoint.label}"
    hop = _routed(network, endpoint, packet.destination)
    if isinstance(hop, str):
        raise walk.drop(Reason.NO_ROUTE, hop, packet, host=host.name, where=where)
    via = f"via gateway {hop}" if hop is not None else "on-link"
    walk.note(host.name, where, "Route", Result.ROUTE, f"{packet}, {via}")
    return hop


def _routed(
    network: PlumbedNetwork, endpoint: PlumbedEndpoint, destination: Address
) -> Address | str | None:
    """Return the next hop, None for on-link, or the sentence that says that there is no route."""
    best: tuple[int, Address | None] | None = None
    for configuration in endpoint.endpoint.ip_configurations:
        text = f"{configuration.ip_address}/{configuration.prefix_length}"
        if is_prefix(text) and destination in ipaddress.ip_network(text, strict=False):
            best = (configuration.prefix_length, None)
    subnets = [subnet for subnet in network.network.subnets if any(
        address in subnet.network for address in endpoint.addresses)]  # fmt: skip
    routes = endpoint.endpoint.routes or tuple(
        route for subnet in subnets for route in subnet.routes
    )
    for route in routes:
        hop = parse_address(route.next_hop)
        if hop is None or not is_prefix(route.destination_prefix):
            continue
        prefix = ipaddress.ip_network(route.destination_prefix, strict=False)
        if destination in prefix and (best is None or prefix.prefixlen > best[0]):
            best = (prefix.prefixlen, hop)
    if best is None and endpoint.address(destination.version) is None:
        return (
            f"{endpoint.label} has no IPv{destination.version} address, and so its compartment has "
            f"no route to {destination}"
        )
    if best is None:
        return (
            f"the compartment has no route to {destination}; give the endpoint one in Routes, or "
            "its subnet a default route"
        )
    return best[1]


def _is_on_link(endpoint: PlumbedEndpoint, port_walk: PortWalk) -> bool:
    """Tell whether what the port made the destination is in the endpoint's own subnet."""
    return any(
        port_walk.packet.destination
        in ipaddress.ip_network(
            f"{configuration.ip_address}/{configuration.prefix_length}", strict=False
        )
        for configuration in endpoint.endpoint.ip_configurations
        if is_prefix(f"{configuration.ip_address}/{configuration.prefix_length}")
    )


def _mac_of(network: PlumbedNetwork, hop: Address | None) -> str:
    """Return the MAC that ARP gives for a gateway of HNS, "" for others."""
    if hop is None:
        return ""
    if network.network.mode is Mode.OVERLAY:
        return network.network.dr_mac
    return network.network.host_vnic.mac if network.network.host_vnic is not None else ""


def _switch_of(network: PlumbedNetwork) -> str:
    switch = network.network.vswitch
    return f"switch {switch.name}" if switch else "switch"
