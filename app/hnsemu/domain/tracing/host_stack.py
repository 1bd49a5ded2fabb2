"""The network stack of the host: its own addresses, WinNAT, and where it routes.

Source: dataplane.md sections 7 and 8.
"""

import ipaddress
from dataclasses import dataclass, replace

from hnsemu.domain.dataplane import PlumbedNetwork, parse_address
from hnsemu.domain.fabric import HostFabric
from hnsemu.domain.facts import Adapter, InterfaceAddress
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import (
    ICMP,
    TCP,
    UDP,
    WITH_PORTS,
    Address,
    Direction,
    Packet,
    endpoint_text,
    protocol_name,
    with_flow,
)
from hnsemu.domain.tracing.locations import (
    InStack,
    IntoEndpoint,
    Location,
    OnUnderlay,
    OutOfEndpoint,
    OutOfHost,
)
from hnsemu.domain.tracing.model import Arrival, ArrivalKind, Reason, Result, Verdict
from hnsemu.domain.tracing.services import why_unanswered
from hnsemu.domain.tracing.steps import End, Walk
from hnsemu.domain.tracing.switching import first_local, gateway_of, own_addresses, port_of_host
from hnsemu.domain.vfp.evaluate import pool_port
from hnsemu.domain.vfp.layers import management_address
from hnsemu.domain.vfp.loadbalancers import family_of, is_routed, served, takes
from hnsemu.domain.winnat import NatRule

_STACK = "host stack"
_INTERNAL = {Mode.NAT, Mode.ICS, Mode.CONSTRAINED_ICS, Mode.INTERNAL}
_NATTED = {Mode.NAT, Mode.ICS, Mode.CONSTRAINED_ICS}
_TRANSLATED = {TCP, UDP, ICMP}
_SESSION_PORTS = (49152, 65535)
_LOOPBACK_SINCE = (9, 0)  # 1809. Source: section 7.2 (gk)


@dataclass(frozen=True, slots=True)
class _Exit:
    """The adapter that a packet leaves the host by, and which of its addresses leads there."""

    adapter: Adapter
    by: InterfaceAddress
    is_on_link: bool


def handle(walk: Walk, at: InStack) -> Location:
    """Translate, deliver or route a packet that is in the host's stack.

    Raises: End.
    """
    host, packet = at.host, at.packet
    walk.hop(packet, host.name, _STACK)
    place = (host.name, "WinNAT")
    for direction in Direction:
        flow = walk.flows.find(place, direction, packet)
        if flow is not None:
            after = with_flow(packet, flow)
            walk.note(host.name, _STACK, "WinNAT", Result.FLOW, f"session found: {after}",
                      before=packet, after=after, evidence="D")  # fmt: skip
            return _route(walk, replace(at, packet=after, origin=None), after)
    if packet.destination in own_addresses(host):
        return _for_host(walk, at)
    return _brought(walk, at) if at.is_brought else _route(walk, at, packet)


def _brought(walk: Walk, at: InStack) -> Location:
    """Balance what was brought to a host; it forwards nothing else but to its own networks [I].

    Its port has turned what a backend here answers; a service with backends elsewhere alone is
    balanced as one of the host's own address is.
    Raises: End.
    """
    host, packet = at.host, at.packet
    balanced = _balancing_switch(host, at)
    if balanced is not None:
        return balanced
    if any(network.has(packet.destination) for network in host.networks):
        return _route(walk, at, packet)
    why = why_unanswered(host, packet, is_from_outside=False)
    text = (
        f"nothing on host {host.name} answers: {why}"
        if why
        else f"nothing on host {host.name} answers on {packet.destination}; "
        "give a load balancer that VIP"
    )
    raise walk.drop(Reason.NO_ROUTE, text, packet, host=host.name, where=_STACK)


def _for_host(walk: Walk, at: InStack) -> Location:
    """Handle a packet for an address of the host: published port, node port, or the host itself."""
    host, packet = at.host, at.packet
    mapping = _static_mapping(host, packet)
    if mapping is not None:
        return _publish(walk, at, mapping)
    if not at.is_balanced:
        balanced = _balancing_switch(host, at)
        if balanced is not None:
            return balanced
    text = f"host {host.name} receives {packet}{_unpublished(walk, at)}"
    walk.note(host.name, _STACK, "Route", Result.DELIVER, text)
    arrival = Arrival(ArrivalKind.HOST, "", host.name)
    raise End(Verdict.DELIVERED, Reason.DELIVERED_TO_HOST, text, packet, arrival)


def _unpublished(walk: Walk, at: InStack) -> str:
    """Return why no endpoint got what was sent to a port of the host, "" where none is meant."""
    packet = at.packet
    if walk.is_reply or at.origin is not None or packet.protocol not in WITH_PORTS:
        return ""
    for rule in at.host.published(packet):
        endpoint = at.host.endpoint(rule.endpoint_id)
        if at.is_own and endpoint is not None:
            return f"; {endpoint.label} publishes that port, to the host itself with LocalRoutedVip"
    if at.is_own:
        return ""
    return f"; no endpoint publishes {protocol_name(packet.protocol)} {packet.destination_port}"


def _static_mapping(host: HostFabric, packet: Packet) -> NatRule | None:
    for rule in host.published(packet):
        vip = parse_address(rule.mapping.vip)
        of_family = rule.mapping.ipv6 == (packet.version == 6)  # noqa: PLR2004 (a family)
        if rule.engine == "WinNAT" and of_family and vip in {None, packet.destination}:
            return rule
    return None


def _publish(walk: Walk, at: InStack, rule: NatRule) -> Location:
    """Translate the destination by a static mapping and open the firewall for it."""
    host, packet = at.host, at.packet
    if at.is_own and host.release.hns < _LOOPBACK_SINCE:
        text = (
            f"{host.release.title} cannot reach its own published ports; connect to the container"
        )
        raise walk.drop(Reason.NO_NAT_MAPPING, text, packet, host=host.name, where=_STACK)
    inside = parse_address(rule.internal_address)
    if inside is None:
        text = f"the published port leads to no address ({rule.internal_address!r})"
        raise walk.drop(Reason.NO_NAT_MAPPING, text, packet, host=host.name, where=_STACK)
    after = replace(packet, destination=inside, destination_port=rule.mapping.internal_port)
    to = endpoint_text(inside, rule.mapping.internal_port)
    walk.note(host.name, _STACK, "WinNAT", Result.REWRITE,
              f"static mapping {rule.mapping_id}: the published port leads to {to}",
              policy=rule.policy, before=packet, after=after, evidence="O")  # fmt: skip
    walk.note(host.name, _STACK, "WFP", Result.ALLOW,
              f"HNS has opened port {rule.mapping.internal_port} in the host's firewall",
              policy=rule.policy, evidence="D")  # fmt: skip
    walk.flows.remember((host.name, "WinNAT"), Direction.IN, packet, after)
    return _into_network(walk, host, host.network(rule.network_id), after)


def _balancing_switch(host: HostFabric, at: InStack) -> Location | None:
    """Return the host port that balances what is for the host's own address, None for none."""
    packet = at.packet
    for balancer in host.balancers(packet):
        for network_id in sorted(balancer.network_ids):
            network = host.network(network_id).network
            management = management_address(host.network(network_id), family_of(balancer))
            answered = any(
                vip == packet.destination and is_routed(mapping) and takes(mapping, packet)
                for vip, mapping in served(balancer, management)
            )
            if answered and network.vswitch is not None and _has_port(host, network.vswitch.id):
                return OutOfHost(host, network.vswitch, packet)
    if at.is_own:
        for rule in host.published(packet):
            network = host.network(rule.network_id).network
            if rule.engine == "VFP" and _is_routed(host, rule) and network.vswitch is not None:
                return OutOfHost(host, network.vswitch, packet)
    return None


def _has_port(host: HostFabric, switch_id: str) -> bool:
    switch = next((candidate for candidate in host.switches if candidate.id == switch_id), None)
    return switch is not None and port_of_host(host, switch) is not None


def _is_routed(host: HostFabric, rule: NatRule) -> bool:
    endpoint = host.endpoint(rule.endpoint_id)
    return endpoint is not None and any(
        port.is_routed and port.mapping == rule.mapping for port in endpoint.policies.published
    )


def _route(walk: Walk, at: InStack, packet: Packet) -> Location:
    """Send a packet on by the host's routes: into its networks, else out by an adapter."""
    host = at.host
    if packet.destination in own_addresses(host):
        return _for_host(walk, replace(at, packet=packet))
    for network in host.networks:
        if network.network.mode in _INTERNAL and network.has(packet.destination):
            return _into_network(walk, host, network, packet)
    for endpoint in host.endpoints_of_host():
        if host.network(endpoint.endpoint.network_id).has(packet.destination):
            return OutOfEndpoint(host, endpoint, packet)
    exit_ = _exit_for(host, packet.destination)
    for network in host.networks:
        placed = _placed(walk, host, network, packet, exit_)
        if placed is not None:
            return placed
    return _out(walk, at, packet, exit_)


def _out(walk: Walk, at: InStack, packet: Packet, exit_: _Exit | None) -> Location:
    """Send a packet out by an adapter, translated when it comes from behind NAT."""
    host = at.host
    if exit_ is None:
        text = (
            f"host {host.name} has no route to {packet.destination}: "
            f"none of its adapters has an IPv{packet.version} gateway"
        )
        raise walk.drop(Reason.NO_ROUTE, text, packet, host=host.name, where=_STACK)
    if at.origin is not None and at.origin.network.mode in _NATTED:
        packet = _source_nat(walk, host, at.origin, packet, exit_.by)
    adapter = exit_.adapter
    via = "on-link" if exit_.is_on_link else f"via gateway {exit_.by.gateway}"
    text = f"{packet.destination}, {via}, through {adapter.name}"
    walk.note(host.name, _STACK, "Route", Result.ROUTE, text)
    switch = next(
        (candidate for candidate in host.switches if candidate.id == adapter.switch_id), None
    )
    if switch is None:
        return OnUnderlay(host, packet)
    return OutOfHost(host, switch, packet)


def _placed(
    walk: Walk, host: HostFabric, network: PlumbedNetwork, packet: Packet, exit_: _Exit | None
) -> Location | None:
    """Return the way into an overlay or bridge of the host; None when it is not for that one."""
    mode, switch = network.network.mode, network.network.vswitch
    if mode is Mode.OVERLAY:
        inside = network.has(packet.destination)
        if not inside and not network.leads_to(packet.destination):
            return None
        if network.host_route is None:
            if not inside:
                return None
            text = (
                f"host {host.name} has no route to {packet.destination} of overlay "
                f"{network.network.name}; add a HostRoute policy to the network"
            )
            raise walk.drop(Reason.NO_ROUTE, text, packet, host=host.name, where=_STACK)
        walk.note(host.name, _STACK, "Route", Result.ROUTE,
                  f"HostRoute leads {packet.destination} into overlay {network.network.name}",
                  policy=network.host_route, evidence="D")  # fmt: skip
        return OutOfHost(host, switch, packet) if switch is not None else None
    if mode not in {Mode.L2BRIDGE, Mode.L2TUNNEL} or not network.has(packet.destination):
        return None
    if exit_ is not None and exit_.is_on_link:
        return None
    text = (
        f"host {host.name} cannot reach {packet.destination} on {mode} network "
        f"{network.network.name}; attach an endpoint of that network to the host"
    )
    raise walk.drop(Reason.NO_ROUTE, text, packet, host=host.name, where=_STACK)


def _into_network(
    walk: Walk, host: HostFabric, network: PlumbedNetwork, packet: Packet
) -> Location:
    """Send a packet by the host's vNIC into an internal network."""
    switch = network.network.vswitch
    where = f"switch {switch.name}" if switch else "switch"
    target = first_local(host.endpoints_at(network.id, packet.destination))
    if target is None:
        text = f"no endpoint of network {network.network.name} has {packet.destination}"
        raise walk.drop(Reason.NO_SUCH_PORT, text, packet, host=host.name, where=where)
    walk.note(host.name, where, "Switch", Result.FORWARD,
              f"{packet.destination} is {target.label} on this switch")  # fmt: skip
    return IntoEndpoint(host, network, target, replace(packet, vlan=target.vlan))


def _source_nat(
    walk: Walk, host: HostFabric, origin: PlumbedNetwork, packet: Packet, by: InterfaceAddress
) -> Packet:
    """Give the packet the address of the interface it leaves by."""
    nat, outside = origin.network.nat, parse_address(by.address)
    name = nat.name if nat is not None else "NAT"
    is_ipv4 = packet.version == 4  # noqa: PLR2004 (a family)
    if packet.protocol not in _TRANSLATED or outside is None or not is_ipv4:
        what = protocol_name(packet.protocol) if is_ipv4 else "IPv6"
        text = f"{name} does not translate {what}, only TCP, UDP and ICMP over IPv4"
        raise walk.drop(Reason.NO_NAT_PORTS, text, packet, host=host.name, where=_STACK)
    port = pool_port(packet, _SESSION_PORTS) if packet.source_port else 0
    after = replace(packet, source=outside, source_port=port)
    walk.note(host.name, _STACK, "WinNAT", Result.REWRITE,
              f"{name}: the source becomes {endpoint_text(outside, port)}",
              before=packet, after=after, evidence="D")  # fmt: skip
    walk.flows.remember((host.name, "WinNAT"), Direction.OUT, packet, after)
    return after


def _exit_for(host: HostFabric, destination: Address) -> _Exit | None:
    """Return the way by which the host reaches the address: on-link, else by a gateway."""
    exits = [
        _Exit(adapter, known, is_on_link=_is_on_link(known, destination))
        for adapter in host.adapters
        for known in adapter.addresses
    ]
    for exit_ in exits:
        if exit_.is_on_link:
            return exit_
    return next((exit_ for exit_ in exits if _leads_to(exit_.by, destination)), None)


def _is_on_link(known: InterfaceAddress, destination: Address) -> bool:
    subnet = ipaddress.ip_network(f"{known.address}/{known.prefix_length}", strict=False)
    return destination in subnet


def _leads_to(known: InterfaceAddress, destination: Address) -> bool:
    gateway = parse_address(known.gateway)
    return gateway is not None and gateway.version == destination.version


def source_of_host(host: HostFabric, destination: Address) -> Address | None:
    """Return the address that the host's own packets to `destination` come from."""
    for network in host.networks:
        gateway = gateway_of(network)
        if gateway is not None and network.has(destination):
            return gateway
    for endpoint in host.endpoints_of_host():
        network = host.network(endpoint.endpoint.network_id)
        if network.has(destination):
            return endpoint.address(destination.version)
    exit_ = _exit_for(host, destination)
    return parse_address(exit_.by.address) if exit_ is not None else None
