"""Traces: which packet, from whom, through the hosts as they stand now."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.guid import parse_guid
from hnsemu.domain.tracing.host_stack import source_of_host
from hnsemu.domain.tracing.model import Trace
from hnsemu.domain.tracing.question import Origin, OriginKind, Probe, TraceQuestion
from hnsemu.domain.tracing.trace import TraceResult
from hnsemu.domain.tracing.trace import trace as walk
from hnsemu.errors import HnsError, Hr
from hnsemu.services.dataplane.counters import count
from hnsemu.services.dataplane.fabric import StoredFabric, StoredHost
from hnsemu.services.namespaces.queries import found as found_namespace
from hnsemu.storage import fabric as lookups
from hnsemu.storage import hosts
from hnsemu.storage.transaction import Transaction, reads, tries, writes

_FAMILIES = {4: "IPv4", 6: "IPv6"}
_NOBODY: dict[int, IPv4Address | IPv6Address] = {4: IPv4Address(0), 6: IPv6Address(0)}


@reads
def trace_packet(tx: Transaction, probe: Probe) -> list[Trace]:
    """Return the walk of a packet, one for each backend when the probe wants that.

    Raises: HCN_E_ENDPOINT_NOT_FOUND, HCN_E_NAMESPACE_NOT_FOUND, E_INVALIDARG for a sender without
            an address of the packet's family, and what naming the sender raises.
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
    if probe.host:
        origin = Origin(OriginKind.HOST)
        source = probe.source or source_of_host(host, probe.packet.destination)
        if source is None:  # it has no route, which the walk says
            source = _NOBODY[probe.packet.destination.version]
    elif probe.endpoint or probe.namespace or probe.container:
        sender = _sender(tx, host, probe)
        origin = Origin(OriginKind.ENDPOINT, sender.id)
        source = probe.source or sender.address(probe.packet.version)
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


def _sender(tx: Transaction, host: StoredHost, probe: Probe) -> PlumbedEndpoint:
    if probe.endpoint:
        return found_endpoint(host, probe.endpoint)
    namespace_id = parse_guid(probe.namespace) if probe.namespace else ""
    if probe.container:
        held = lookups.namespaces_of_container(tx, probe.container)
        if not held:
            return _sender_of_client(tx, host, probe)
        namespace_id = held[0]
    ids = found_namespace(tx, namespace_id).endpoint_ids
    members = [member for member in map(host.endpoint, ids) if member is not None]
    return _choose_sender(members, probe, f"namespace {namespace_id}")


def _sender_of_client(tx: Transaction, host: StoredHost, probe: Probe) -> PlumbedEndpoint:
    """Return the endpoint of a container that a program on the host knows, such as Docker."""
    ids = [known for client in tx.clients for known in client.endpoints_of(tx, probe.container)]
    members = [member for member in map(host.endpoint, ids) if member is not None]
    if not members:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"no namespace holds container {probe.container}, and Docker has none of that name "
            "with an endpoint; name its endpoint instead",
        )
    return _choose_sender(members, probe, f"container {probe.container}")


def _choose_sender(
    members: Sequence[PlumbedEndpoint], probe: Probe, holder: str
) -> PlumbedEndpoint:
    """Return the endpoint that sends, of those that a namespace or a container has.

    It is the one with the source, else the first that can.
    """
    if probe.source is not None:
        members = [member for member in members if probe.source in member.addresses]
    version = probe.packet.destination.version
    for member in members:
        if member.address(version) is not None:
            return member
    raise HnsError(
        Hr.E_INVALIDARG,
        f"no endpoint of {holder} has {probe.source or 'an address'} to send from; "
        "add one to it, or name another sender",
    )


def found_endpoint(host: StoredHost, named: str) -> PlumbedEndpoint:
    """Return the endpoint with that id or name.

    Raises: HCN_E_ENDPOINT_NOT_FOUND; E_INVALIDARG when several have the name.
    """
    try:
        endpoint = host.endpoint(parse_guid(named))
    except HnsError:
        namesakes = host.endpoints_named(named)
        if len(namesakes) > 1:
            ids = ", ".join(namesake.id for namesake in namesakes)
            raise HnsError(
                Hr.E_INVALIDARG, f"several endpoints are called {named!r}; give an id: {ids}"
            ) from None
        endpoint = namesakes[0] if namesakes else None
    if endpoint is None:
        raise HnsError(
            Hr.HCN_E_ENDPOINT_NOT_FOUND, f"no endpoint has the id or name {named!r} on this host"
        )
    return endpoint
