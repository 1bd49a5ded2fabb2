"""Who sends a traced packet, and where it goes, of the endpoints that a name means."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from hnsemu.domain.dataplane import PlumbedEndpoint, parse_address
from hnsemu.domain.fabric import HostFabric
from hnsemu.domain.packet import ECHO_REQUESTS, ICMP, ICMPV6, Address, Packet


def choose_sender(
    host: HostFabric, members: Sequence[PlumbedEndpoint], packet: Packet, source: Address | None
) -> PlumbedEndpoint | None:
    """Return the endpoint that sends, as the routes of a container choose it; None without one.

    It has the source, or an address of the destination's family: on the destination's own network
    if there is one, else the first.
    source: None when the caller names none.
    """
    able = [
        member
        for member in members
        if (source in member.addresses if source is not None else member.address(packet.version))
    ]
    near = [
        member
        for member in able
        if host.network(member.endpoint.network_id).has(packet.destination)
    ]
    return next(iter(near or able), None)


def choose_receiver(
    members: Sequence[PlumbedEndpoint], networks: Collection[str], version: int
) -> PlumbedEndpoint | None:
    """Return the endpoint that a packet goes to: on a network of the sender's, else the first.

    networks: ids of the sender's networks. version: the family that the endpoint must have.
    """
    able = [member for member in members if member.address(version) is not None]
    near = [member for member in able if member.endpoint.network_id in networks]
    return next(iter(near or able), None)


def published_at(
    host: HostFabric, members: Sequence[PlumbedEndpoint], packet: Packet
) -> tuple[Address, int] | None:
    """Return the host's address and port where the port of a container is published.

    Clients outside know no other way to it. None for a port that is not published, or by which the
    host has no address.
    """
    ids = {member.id for member in members}
    for rule in host.published(None):
        mapping = rule.mapping
        wanted = (mapping.protocol, mapping.internal_port) == (
            packet.protocol,
            packet.destination_port,
        )
        if wanted and rule.endpoint_id in ids:
            own = (
                parse_address(known.address)
                for adapter in host.adapters
                for known in adapter.addresses
            )
            reached = [parse_address(mapping.vip), *own]
            for address in reached:
                if address is not None and address.version == packet.version:
                    return address, mapping.external_port
    return None


def sent_to(packet: Packet, destination: Address) -> Packet:
    """Return the packet on its way to an address of either family: a ping stays one."""
    if destination.version == packet.destination.version:
        return replace(packet, destination=destination)
    protocol = {ICMP: ICMPV6, ICMPV6: ICMP}.get(packet.protocol, packet.protocol)
    is_echo = packet.icmp_type == ECHO_REQUESTS.get(packet.protocol)
    return replace(
        packet,
        destination=destination,
        protocol=protocol,
        icmp_type=ECHO_REQUESTS.get(protocol) if is_echo else packet.icmp_type,
    )
