"""The switch: to an endpoint of the host, to the host itself, or out by the uplink.

Source: dataplane.md sections 8 and 9.
"""

from collections.abc import Sequence
from dataclasses import replace

from hnsemu.domain.dataplane import PlumbedEndpoint, PlumbedNetwork, parse_address
from hnsemu.domain.fabric import HostFabric
from hnsemu.domain.facts import VSwitch
from hnsemu.domain.network_types import Mode, SwitchKind, network_type
from hnsemu.domain.packet import Address, Direction, Packet
from hnsemu.domain.switch_ports import external_ports
from hnsemu.domain.tracing.locations import (
    InStack,
    IntoEndpoint,
    IntoHost,
    IntoRouter,
    Location,
    OnSwitch,
    OnUnderlay,
    OutOfHost,
)
from hnsemu.domain.tracing.model import Reason, Result
from hnsemu.domain.tracing.steps import Walk
from hnsemu.domain.vfp.dr_port import dr_port
from hnsemu.domain.vfp.evaluate import Outcome
from hnsemu.domain.vfp.host_port import host_port
from hnsemu.domain.vfp.model import PortKind, VfpPort


def forward(walk: Walk, at: OnSwitch) -> Location:
    """Send the frame on.

    Raises: End.
    """
    host, network, packet = at.host, at.network, at.packet
    switch = network.network.vswitch
    where = f"switch {switch.name}" if switch else "switch"
    if packet.outer is not None:
        return _encapsulated(walk, at)
    _check_differ(walk, host, where, packet)
    back = translated_back(walk, host, packet)
    if back is not None:
        return back
    target = _local(at)
    if target is not None:
        walk.note(host.name, where, "Switch", Result.FORWARD, _found_as(at, target))
        if network.network.mode is Mode.L2TUNNEL and not target.is_of_host:
            text = "the physical host's switch takes the packet and sends it back"
            walk.note(host.name, "underlay", "Underlay", Result.FORWARD, text, evidence="D")
        return IntoEndpoint(host, host.network(target.endpoint.network_id), target, packet)
    if network_type(network.network.mode).switch is not SwitchKind.EXTERNAL:
        return _internal(walk, at, where)
    return _outward(walk, at, where)


def _encapsulated(walk: Walk, at: OnSwitch) -> Location:
    """Send VXLAN on: back to the own host when an SDN route says so, else by the uplink."""
    assert at.packet.outer is not None  # noqa: S101 (only such packets come here)
    switch = at.network.network.vswitch
    if at.packet.outer.destination in own_addresses(at.host):
        return IntoHost(at.host, switch, at.packet)
    by_route = at.encap is not None and at.encap.by_route
    return uplink(walk, at.host, switch, at.packet, by_route=by_route)


def _outward(walk: Walk, at: OnSwitch, where: str) -> Location:
    """Send a frame on of an external switch that no endpoint there has: to the host or out."""
    host, network, packet = at.host, at.network, at.packet
    switch = network.network.vswitch
    if switch is not None and packet.destination in addresses_on(host, switch):
        walk.note(host.name, where, "Switch", Result.FORWARD,
                  f"{packet.destination} is the host's own address")  # fmt: skip
        return IntoHost(host, switch, replace(packet, vlan=0))
    if network.network.mode is Mode.OVERLAY and network.has(packet.destination):
        text = _nobody_there(host, network, packet) or _nobody_here(host, network, packet)
        raise walk.drop(Reason.NO_SUCH_PORT, text, packet, host=host.name, where=where)
    return uplink(walk, host, switch, packet, is_routed=at.next_hop is not None)


def leave_host(walk: Walk, at: OutOfHost) -> Location:
    """Send a packet of the host through its port, and on.

    Raises: End.
    """
    host, switch, packet = at.host, at.switch, at.packet
    port = port_of_host(host, switch)
    if port is None:
        return uplink(walk, host, switch, packet)
    port_walk = walk.pass_port(host.name, port, Direction.OUT, packet)
    packet = port_walk.packet
    backend = host.endpoint(port_walk.local.endpoint_id) if port_walk.local is not None else None
    if backend is not None:
        return _to_local(walk, host, switch, backend, packet)
    if packet.outer is None and packet.destination in addresses_on(host, switch):
        return InStack(host, packet, is_balanced=True)
    return _past_host(walk, host, switch, packet)


def port_of_host(host: HostFabric, switch: VSwitch) -> VfpPort | None:
    """Return the host's own port on the switch, None when it has none."""
    networks = [network.network for network in host.networks]
    for port in external_ports(switch, host.adapters, networks):
        if port.kind == "HostVnic":
            return host_port(host, port, switch)
    return None


def translated_back(walk: Walk, host: HostFabric, packet: Packet) -> Location | None:
    """Return the port of the host that has to translate this reply back, None for others."""
    port = walk.flows.owner(host.name, packet)
    if port is None:
        return None
    if port.kind is PortKind.HOST:
        switch = next(candidate for candidate in host.switches if candidate.id == port.switch_id)
        return IntoHost(host, switch, replace(packet, vlan=0))
    endpoint = host.endpoint(port.owner_id)
    assert endpoint is not None  # noqa: S101 (it has just sent)
    return IntoEndpoint(
        host, host.network(port.network_id), endpoint, replace(packet, vlan=port.vlan)
    )


def enter_host(walk: Walk, at: IntoHost) -> Location:
    """Take a packet in by the host's port; what a hairpin turns round leaves by it again.

    Raises: End.
    """
    host, switch, packet = at.host, at.switch, at.packet
    port = port_of_host(host, switch) if switch is not None else None
    if switch is None or port is None:
        return InStack(host, packet, is_brought=at.is_brought)
    port_walk = walk.pass_port(host.name, port, Direction.IN, packet)
    if port_walk.outcome is Outcome.HAIRPIN:
        return OutOfHost(host, switch, port_walk.packet)
    after = port_walk.packet
    if packet.outer is not None and after.outer is None:  # an SDN route brought it from a port here
        back = translated_back(walk, host, after)
        if back is not None:
            return back
    if after.flow != packet.flow and after.destination not in own_addresses(host):
        return OutOfHost(host, switch, after)
    return InStack(host, after, is_brought=at.is_brought)


def enter_router(walk: Walk, at: IntoRouter) -> Location:
    """Take VXLAN off at the distributed router and turn the packet to the endpoint's port.

    Raises: End.
    """
    host, packet = at.host, at.packet
    assert packet.outer is not None  # noqa: S101 (only such packets come here)
    vni = packet.outer.vni
    behind = [
        network
        for network in host.networks
        if network.network.mode is Mode.OVERLAY and vni in network.vsids.values()
    ]
    if not behind:
        others = sorted({vsid for network in host.networks for vsid in network.vsids.values()})
        has = f"; it has {', '.join(map(str, others))}" if others else ""
        text = f"no overlay network of host {host.name} has VSID {vni}{has}"
        raise walk.drop(Reason.WRONG_VSID, text, packet, host=host.name, where="DR port")
    inner = replace(packet, outer=None)
    having = (overlay for overlay in behind if host.endpoints_at(overlay.id, inner.destination))
    network = next(having, behind[0])
    port_walk = walk.pass_port(host.name, dr_port(host, network), Direction.IN, packet)
    back = translated_back(walk, host, port_walk.packet)
    if back is not None:
        return back
    turn = port_walk.turn
    endpoint = host.endpoint(turn.to_port) if turn is not None else None
    if endpoint is None or port_walk.outcome is not Outcome.HAIRPIN:
        text = _nobody_here(host, network, inner)
        raise walk.drop(Reason.NO_SUCH_PORT, text, inner, host=host.name, where="DR port")
    if network.vsid_of(inner.destination) != vni:
        text = f"{endpoint.label} is in VSID {network.vsid_of(inner.destination)}, not in {vni}"
        raise walk.drop(Reason.WRONG_VSID, text, inner, host=host.name, where="DR port")
    return IntoEndpoint(host, network, endpoint, replace(port_walk.packet, vlan=endpoint.vlan))


def _nobody_there(host: HostFabric, network: PlumbedNetwork, packet: Packet) -> str:
    """Return why a remote endpoint with the address cannot be reached, "" where there is none."""
    for endpoint in host.endpoints_at(network.id, packet.destination):
        if endpoint.is_remote and not endpoint.policies.provider_address:
            return (
                f"{endpoint.label} has {packet.destination}, but no ProviderAddress policy of it "
                "says behind which host it is"
            )
    return ""


def _nobody_here(host: HostFabric, network: PlumbedNetwork, packet: Packet) -> str:
    return (
        f"no endpoint of overlay {network.network.name} on host {host.name} has "
        f"{packet.destination}"
    )


def own_addresses(host: HostFabric) -> set[Address]:
    """Return the addresses of the host itself: of adapters, and of its vNICs on networks."""
    found = {
        parse_address(known.address) for adapter in host.adapters for known in adapter.addresses
    }
    for network in host.networks:
        found.add(gateway_of(network))
    for endpoint in host.endpoints_of_host():
        found.update(endpoint.addresses)
    return {address for address in found if address is not None}


def gateway_of(network: PlumbedNetwork) -> Address | None:
    """Return the address of the host's vNIC on an internal network."""
    if network.network.host_vnic is None:
        return None
    if network.network.nat is not None:
        return parse_address(network.network.nat.gateway)
    gateways = (subnet.gateway for subnet in network.network.subnets)
    return parse_address(next(filter(None, gateways), ""))


def _internal(walk: Walk, at: OnSwitch, where: str) -> Location:
    """Send a frame on of a switch that has no uplink: to the host's vNIC or nowhere."""
    gateway = gateway_of(at.network)
    if gateway is not None and gateway in {at.packet.destination, at.next_hop}:
        walk.note(at.host.name, where, "Switch", Result.FORWARD,
                  f"sent to the host's vNIC, {gateway}")  # fmt: skip
        return InStack(at.host, replace(at.packet, vlan=0), origin=at.network)
    name, destination = at.network.network.name, at.packet.destination
    text = (
        f"no endpoint of network {name} has {destination}"
        if at.next_hop is None
        else f"nothing on network {name} has {at.next_hop}, the next hop to {destination}"
    )
    if at.network.network.mode is Mode.PRIVATE:
        text += "; a Private network connects its own endpoints only"
    raise walk.drop(Reason.NO_SUCH_PORT, text, at.packet, host=at.host.name, where=where)


def _past_host(walk: Walk, host: HostFabric, switch: VSwitch, packet: Packet) -> Location:
    """Send on what the host's port has translated: to a local endpoint, else by the uplink."""
    if packet.outer is None:
        for network in host.networks:
            if network.network.vswitch is None or network.network.vswitch.id != switch.id:
                continue
            target = first_local(host.endpoints_at(network.id, packet.destination))
            if target is not None:
                return _to_local(walk, host, switch, target, packet)
    return uplink(walk, host, switch, packet)


def _to_local(
    walk: Walk, host: HostFabric, switch: VSwitch, target: PlumbedEndpoint, packet: Packet
) -> Location:
    """Hand what the host's port let out to an endpoint of the host."""
    _check_differ(walk, host, f"switch {switch.name}", packet)
    what = packet.destination if packet.destination in target.addresses else "the backend"
    text = f"{what} is {target.label} on this switch"
    walk.note(host.name, f"switch {switch.name}", "Switch", Result.FORWARD, text)
    network = host.network(target.endpoint.network_id)
    return IntoEndpoint(host, network, target, replace(packet, vlan=target.vlan))


def uplink(
    walk: Walk,
    host: HostFabric,
    switch: VSwitch | None,
    packet: Packet,
    *,
    by_route: bool = False,
    is_routed: bool = True,
) -> Location:
    """Send a frame out by the adapter of the switch.

    Raises: End without one.
    """
    where = f"switch {switch.name}" if switch else "switch"
    if switch is None or not switch.adapters:
        text = "the switch has no adapter, so nothing can leave the host through it"
        raise walk.drop(Reason.NO_UPLINK, text, packet, host=host.name, where=where)
    text = f"it leaves through adapter {', '.join(switch.adapters)}"
    walk.note(host.name, where, "Switch", Result.FORWARD, text)
    return OnUnderlay(host, packet, by_route=by_route, is_routed=is_routed)


def first_local(endpoints: Sequence[PlumbedEndpoint]) -> PlumbedEndpoint | None:
    """Return the first endpoint that is on this host."""
    return next((endpoint for endpoint in endpoints if not endpoint.is_remote), None)


def _local(at: OnSwitch) -> PlumbedEndpoint | None:
    """Return the endpoint on this switch that the frame is for: receiver or gateway."""
    if at.local is not None:
        return at.host.endpoint(at.local.endpoint_id)
    target = first_local(at.host.endpoints_at(at.network.id, at.packet.destination))
    if target is not None and at.next_hop is not None and target.vlan != at.packet.vlan:
        target = None  # the router outside moves it to the other VLAN
    if target is None and at.next_hop is not None:
        gateway = first_local(at.host.endpoints_at(at.network.id, at.next_hop))
        return gateway if gateway is not None and gateway.is_of_host else None
    return target


def _check_differ(walk: Walk, host: HostFabric, where: str, packet: Packet) -> None:
    """Drop a packet whose source and destination were made equal."""
    if packet.source == packet.destination:
        text = f"source and destination are both {packet.source}: " + (
            "to reach its node, an endpoint with OutBoundNAT needs an exception for that address"
            if packet.source in own_addresses(host)
            else "to reach itself through a service, an endpoint needs an OutBoundNAT policy with "
            "its own address in Destinations"
        )
        raise walk.drop(
            Reason.SAME_SOURCE_AND_DESTINATION, text, packet, host=host.name, where=where
        )


def _found_as(at: OnSwitch, target: PlumbedEndpoint) -> str:
    """Return the sentence that says why the frame is for the endpoint."""
    if at.packet.destination in target.addresses:
        return f"{at.packet.destination} is {target.label} on this switch"
    if at.local is not None:
        return f"the backend is {target.label} on this switch"
    return f"its gateway {at.next_hop} is {target.label} on this switch"


def addresses_on(host: HostFabric, switch: VSwitch) -> set[Address]:
    """Return the host's addresses on an external switch."""
    found = (
        parse_address(known.address)
        for adapter in host.adapters
        if adapter.switch_id == switch.id
        for known in adapter.addresses
    )
    return {address for address in found if address is not None}
