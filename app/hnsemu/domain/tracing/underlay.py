"""The wire between hosts: one flat underlay with every emulated host and the world outside.

Source: docs/dataplane.md, "The rest of the host".
"""

from collections.abc import Sequence
from dataclasses import replace

from hnsemu.domain.dataplane import PlumbedNetwork
from hnsemu.domain.fabric import HostFabric
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import Packet, protocol_name
from hnsemu.domain.tracing.locations import IntoEndpoint, IntoHost, IntoRouter, Location, OnUnderlay
from hnsemu.domain.tracing.model import Arrival, ArrivalKind, Reason, Result, Verdict
from hnsemu.domain.tracing.services import is_nowhere_outside, why_unanswered
from hnsemu.domain.tracing.steps import End, Walk
from hnsemu.domain.tracing.switching import addresses_on, translated_back

_NATTED = {Mode.NAT, Mode.ICS, Mode.CONSTRAINED_ICS}
_UNROUTED = {Mode.NAT, Mode.ICS, Mode.CONSTRAINED_ICS, Mode.OVERLAY, Mode.INTERNAL, Mode.PRIVATE}


def carry(walk: Walk, at: OnUnderlay) -> Location:
    """Bring a packet to the host that it is for, or out of the emulated world.

    Raises: End.
    """
    packet = at.packet
    sender = at.sender.name if at.sender is not None else walk.home
    destination = packet.outer.destination if packet.outer is not None else packet.destination
    if at.sender is None and walk.flows.is_bare(packet):
        text = (
            f"{protocol_name(packet.protocol)} left with the address {destination}, as OutBoundNAT "
            "translates TCP and UDP only: no answer from outside comes back to it"
        )
        raise walk.drop(Reason.NO_RETURN_ROUTE, text, packet, host=sender, where="underlay")
    hosts = walk.fabric.hosts_with_address(destination)
    if hosts:
        host = _host_meant(hosts, packet)
        walk.note(sender, "underlay", "Underlay", Result.FORWARD,
                  f"{destination} is host {host.name}")  # fmt: skip
        switch = next(
            (switch for switch in host.switches if destination in addresses_on(host, switch)), None
        )
        if packet.outer is not None and not at.by_route:
            return IntoRouter(host, packet)
        back = translated_back(walk, host, packet) if packet.outer is None else None
        return back or IntoHost(host, switch, packet)
    if packet.outer is None:
        found = walk.fabric.host_with_endpoint(destination)
        if found is not None:
            host, endpoint = found
            walk.note(sender, "underlay", "Underlay", Result.FORWARD,
                      f"{destination} is {endpoint.label} on host {host.name}")  # fmt: skip
            network = host.network(endpoint.endpoint.network_id)
            vlan = endpoint.vlan if at.is_routed else packet.vlan
            return IntoEndpoint(host, network, endpoint, replace(packet, vlan=vlan))
        holder = walk.flows.host_of(packet)
        if holder:
            return _to_holder(walk, sender, holder, packet)
        _check_routed(walk, at.sender, packet)
    raise _left(walk, at, packet)


def bring(walk: Walk, host_name: str, packet: Packet) -> Location:
    """Bring a packet to a host whose address it does not carry.

    A cloud's balancer with floating IP leaves its own address in the packet: the host answers on
    it by a load balancer, as one with floating IP does [I].
    """
    host = walk.fabric.host(host_name)
    switch = next(
        (
            candidate
            for adapter in host.adapters
            if adapter.addresses
            for candidate in host.switches
            if candidate.id == adapter.switch_id
        ),
        None,
    )
    text = f"something outside brings {packet.destination} to host {host.name}"
    walk.note(host.name, "underlay", "Underlay", Result.FORWARD, text, evidence="M")
    return IntoHost(host, switch, packet, is_brought=True)


def _to_holder(walk: Walk, sender: str, holder: str, packet: Packet) -> Location:
    """Bring a reply to the host that translated its connection to an address of no adapter.

    Who gives an OutBoundNAT policy a VirtualIP also sees to it that packets get back to it [M].
    """
    text = f"{packet.destination} is the address to which host {holder} translated the connection"
    walk.note(sender, "underlay", "Underlay", Result.FORWARD, text, evidence="M")
    back = translated_back(walk, walk.fabric.host(holder), packet)
    assert back is not None  # noqa: S101 (that is what a holder is)
    return back


def _host_meant(hosts: Sequence[HostFabric], packet: Packet) -> HostFabric:
    """Return which host with this address is meant: the one with the receiver in the VSID."""
    if packet.outer is not None:
        for host in hosts:
            for network in host.networks:
                if packet.outer.vni in network.vsids.values() and (
                    host.endpoints_at(network.id, packet.destination)
                ):
                    return host
    return hosts[0]


def _check_routed(walk: Walk, sender: HostFabric | None, packet: Packet) -> None:
    """Drop what is addressed into a network of the home host that the underlay does not know."""
    home = walk.fabric.host(walk.home)
    for network in home.networks:
        if network.network.mode in _UNROUTED and network.has(packet.destination):
            reason = Reason.NO_RETURN_ROUTE if walk.is_reply else Reason.NO_ROUTE
            text = (
                f"nothing outside routes to {packet.destination}, an address of the "
                f"{network.network.mode} network {network.network.name}"
            )
            text += _way_in(network, sender, packet, is_reply=walk.is_reply)
            raise walk.drop(reason, text, packet, host=walk.home, where="underlay")


def _way_in(
    unknown: PlumbedNetwork, sender: HostFabric | None, packet: Packet, *, is_reply: bool
) -> str:
    """Return what is missing, or what leads into a network that the underlay does not know."""
    mode = unknown.network.mode
    if sender is not None and mode is Mode.OVERLAY:
        if any(network.leads_to(packet.destination) for network in sender.networks):
            return f"; it left host {sender.name} without VXLAN"
        return f"; host {sender.name} has no RemoteSubnetRoute that leads there"
    if is_reply:
        return "; the packet left without source NAT, so its reply cannot find its way back"
    if mode is Mode.OVERLAY:
        return "; from outside, node ports and published ports lead into it"
    return "; publish a port of the endpoint, and send to the host" if mode in _NATTED else ""


def _unclaimed(sender: HostFabric | None, packet: Packet) -> str:
    """Return a word of doubt about an address in a subnet of the sender's own networks."""
    for network in sender.networks if sender is not None else ():
        if network.network.mode not in _UNROUTED and network.has(packet.destination):
            return f"; no endpoint of network {network.network.name} has it"
    return ""


def _left(walk: Walk, at: OnUnderlay, packet: Packet) -> End:
    """Return the end of a packet that nobody emulated takes; outside somebody does.

    But for a VIP that nobody outside has: there the packet is lost.
    """
    home = at.sender or walk.fabric.host(walk.home)
    sender = home.name
    destination = packet.outer.destination if packet.outer is not None else packet.destination
    what = f"the VXLAN endpoint {destination}" if packet.outer is not None else str(destination)
    text = f"{packet} reaches {what}, outside the emulated hosts"
    if packet.outer is None and not walk.is_reply:
        is_from_outside = at.sender is None
        why = why_unanswered(home, packet, is_from_outside=is_from_outside)
        if is_nowhere_outside(home, packet, is_from_outside=is_from_outside):
            lost = f"{why}; nobody outside has that address"
            return walk.drop(Reason.NO_ROUTE, lost, packet, host=sender, where="underlay")
        text += f"; {why}" if why else _unclaimed(at.sender, packet)
    walk.note(sender, "underlay", "Underlay", Result.DELIVER, text)
    arrival = Arrival(ArrivalKind.EXTERNAL, str(destination))
    return End(Verdict.DELIVERED, Reason.DELIVERED_TO_EXTERNAL, text, packet, arrival)
