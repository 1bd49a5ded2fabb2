"""Traces: which packet, from whom, through the hosts as they stand now."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.packet import Packet
from hnsemu.domain.tracing.host_stack import source_of_host
from hnsemu.domain.tracing.model import Trace
from hnsemu.domain.tracing.parties import choose_receiver, choose_sender, published_at, sent_to
from hnsemu.domain.tracing.question import Origin, OriginKind, Probe, TraceQuestion
from hnsemu.domain.tracing.trace import TraceResult
from hnsemu.domain.tracing.trace import trace as walk
from hnsemu.errors import HnsError, Hr
from hnsemu.services.dataplane.counters import count
from hnsemu.services.dataplane.fabric import StoredFabric, StoredHost
from hnsemu.services.dataplane.parties import receivers, senders
from hnsemu.storage import hosts
from hnsemu.storage.transaction import Transaction, reads, tries, writes

_FAMILIES = {4: "IPv4", 6: "IPv6"}
_NOBODY: dict[int, IPv4Address | IPv6Address] = {4: IPv4Address(0), 6: IPv6Address(0)}


@reads
def trace_packet(tx: Transaction, probe: Probe) -> list[Trace]:
    """Return the walk of a packet, one for each backend when the probe wants that.

    Raises: HCN_E_ENDPOINT_NOT_FOUND, HCN_E_NAMESPACE_NOT_FOUND, E_ELEMENT_NOT_FOUND,
            TYPE_E_AMBIGUOUSNAME, and E_INVALIDARG for a sender or a receiver without an address of
            the packet's family.
    """
    return [result.trace for result in traced(tx, StoredFabric(tx), probe)]


@writes
def count_packet(tx: Transaction, probe: Probe) -> list[Trace]:
    """Do as `trace_packet`, and count the packet on every port and rule that it met.

    Raises: what `trace_packet` raises.
    """
    results = traced(tx, StoredFabric(tx), probe)
    count(tx, [count for result in results for count in result.counts])
    return [result.trace for result in results]


@tries
def compare_packets(
    tx: Transaction, packets: Sequence[Probe], change: Callable[[Transaction], object]
) -> list[tuple[Trace, Trace]]:
    """Return the walk of each packet as things are, and as they were after a change.

    change: what is tried; nothing of it stays.
    Raises: what the change and `trace_packet` raise.
    """
    before = [traced(tx, StoredFabric(tx), probe)[0].trace for probe in packets]
    change(tx)
    after = StoredFabric(tx)
    return [
        (old, traced(tx, after, probe)[0].trace) for old, probe in zip(before, packets, strict=True)
    ]


@tries
def trace_after(tx: Transaction, probe: Probe, change: Callable[[Transaction], object]) -> Trace:
    """Return the walk of a packet as things were after a change, of which nothing stays.

    Raises: what the change and `trace_packet` raise.
    """
    change(tx)
    return traced(tx, StoredFabric(tx), probe)[0].trace


def traced(tx: Transaction, fabric: StoredFabric, probe: Probe) -> list[TraceResult]:
    """Return the walks of a packet through a fabric that is open already."""
    host = fabric.host(tx.host.name)
    if probe.arrives_at:
        _check_host(tx, probe.arrives_at)
    return walk(fabric, host.name, _question(tx, host, probe))


def _check_host(tx: Transaction, name: str) -> None:
    if hosts.find(tx.connection, name) is None:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND, f"ArrivesAt: there is no host named {name!r} to bring it to"
        )


def _question(tx: Transaction, host: StoredHost, probe: Probe) -> TraceQuestion:
    is_of_endpoint = bool(probe.endpoint or probe.namespace or probe.container)
    members = senders(tx, host, probe) if is_of_endpoint else []
    probe = replace(probe, packet=_towards(tx, host, probe, members))
    if is_of_endpoint:
        sender = _chosen(host, members, probe)
        origin = Origin(OriginKind.ENDPOINT, sender.id)
        source = probe.source or sender.address(probe.packet.version)
    elif probe.host:
        origin = Origin(OriginKind.HOST)
        source = probe.source or source_of_host(host, probe.packet.destination)
        if source is None:  # it has no route, which the walk says
            source = _NOBODY[probe.packet.destination.version]
    else:
        origin = Origin(OriginKind.EXTERNAL, arrives_at=probe.arrives_at)
        source = probe.source
    if source is None:
        family = _FAMILIES[probe.packet.destination.version]
        raise HnsError(
            Hr.E_INVALIDARG,
            f"Packet.Source is missing, and the sender has no {family} address; give one, or a "
            "destination of the sender's family",
        )
    return TraceQuestion(
        origin=origin,
        packet=replace(probe.packet, source=source),
        reply=probe.reply,
        every_backend=probe.every_backend,
        maximum_hops=probe.maximum_hops,
        user_sid=probe.user_sid,
    )


def _towards(
    tx: Transaction, host: StoredHost, probe: Probe, members: Sequence[PlumbedEndpoint]
) -> Packet:
    """Return the packet with the address of the receiver, if the caller names one.

    members: the endpoints of the sender.
    """
    packet = probe.packet
    if probe.receiver is None:
        return packet
    found = receivers(tx, host, probe.receiver, probe.container)
    is_outside = not (members or probe.host)
    published = published_at(host, found, packet) if is_outside else None
    if published is not None:
        address, port = published
        return replace(packet, destination=address, destination_port=port)
    networks = {member.endpoint.network_id for member in members}
    versions = [packet.version] if probe.source else [packet.version, *_FAMILIES]
    for version in versions:
        receiver = choose_receiver(found, networks, version)
        address_of_it = receiver.address(version) if receiver is not None else None
        if address_of_it is not None:
            return sent_to(packet, address_of_it)
    family = _FAMILIES[packet.version] if probe.source else "IP"
    raise HnsError(
        Hr.E_INVALIDARG,
        f"the receiver that To names has no {family} address; give Packet.Destination instead",
    )


def _chosen(host: StoredHost, members: Sequence[PlumbedEndpoint], probe: Probe) -> PlumbedEndpoint:
    """Return the endpoint that sends, of those that the sender has."""
    if probe.endpoint:
        return members[0]
    sender = choose_sender(host, members, probe.packet, probe.source)
    if sender is None:
        holder = f"container {probe.container}" if probe.container else "the namespace"
        raise HnsError(
            Hr.E_INVALIDARG,
            f"no endpoint of {holder} has {probe.source or 'an address'} to send from; "
            "add one to it, or name another sender",
        )
    return sender
