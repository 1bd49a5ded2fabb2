"""Traces: which packet, from whom, through the hosts as they stand now."""

from collections.abc import Callable, Sequence
from dataclasses import replace

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
from hnsemu.storage.transaction import Transaction, reads, tries, writes

_FAMILIES = {4: "IPv4", 6: "IPv6"}


@reads
def trace_packet(tx: Transaction, asked: Probe) -> list[Trace]:
    """Return the walk of a packet, one for each backend when that is asked for.

    Raises: HCN_E_ENDPOINT_NOT_FOUND, HCN_E_NAMESPACE_NOT_FOUND, E_INVALIDARG for a sender without
            an address of the packet's family, and what naming the sender raises.
    """
    return [each.trace for each in traced(tx, StoredFabric(tx), asked)]


@writes
def count_packet(tx: Transaction, asked: Probe) -> list[Trace]:
    """Do as `trace_packet`, and count the packet on every port and rule that it met.

    Raises: what `trace_packet` raises.
    """
    walks = traced(tx, StoredFabric(tx), asked)
    count(tx, [each for walk_ in walks for each in walk_.counts])
    return [each.trace for each in walks]


@tries
def compare_packets(
    tx: Transaction, packets: Sequence[Probe], change: Callable[[Transaction], object]
) -> list[tuple[Trace, Trace]]:
    """Return the walk of each packet as things are, and as they were after a change.

    change: what is tried; nothing of it stays.
    Raises: what the change and `trace_packet` raise.
    """
    before = [traced(tx, StoredFabric(tx), each)[0].trace for each in packets]
    change(tx)
    after = StoredFabric(tx)
    return [
        (old, traced(tx, after, each)[0].trace) for old, each in zip(before, packets, strict=True)
    ]


def traced(tx: Transaction, fabric: StoredFabric, asked: Probe) -> list[TraceResult]:
    """Return the walks of a packet through a fabric that is open already."""
    host = fabric.host(tx.host.name)
    return walk(fabric, host.name, _question(tx, host, asked))


def _question(tx: Transaction, host: StoredHost, asked: Probe) -> TraceQuestion:
    if asked.host:
        origin = Origin(OriginKind.HOST)
        source = asked.source or source_of_host(host, asked.packet.destination)
    elif asked.endpoint or asked.namespace or asked.container:
        sender = _sender(tx, host, asked)
        origin = Origin(OriginKind.ENDPOINT, sender.id)
        source = asked.source or sender.address(asked.packet.version)
    else:
        origin, source = Origin(OriginKind.EXTERNAL), asked.source
    if source is None:
        family = _FAMILIES[asked.packet.destination.version]
        raise HnsError(
            Hr.E_INVALIDARG,
            f"Packet.Source is missing, and the sender has no {family} address; give one, or a "
            "destination of the sender's family",
        )
    return TraceQuestion(
        origin=origin,
        packet=replace(asked.packet, source=source),
        reply=asked.reply,
        every_backend=asked.every_backend,
        maximum_hops=asked.maximum_hops,
        user_sid=asked.user_sid,
    )


def _sender(tx: Transaction, host: StoredHost, asked: Probe) -> PlumbedEndpoint:
    if asked.endpoint:
        return found_endpoint(host, asked.endpoint)
    namespace_id = parse_guid(asked.namespace) if asked.namespace else ""
    if asked.container:
        held = lookups.namespaces_of_container(tx, asked.container)
        if not held:
            raise HnsError(
                Hr.E_ELEMENT_NOT_FOUND,
                f"no namespace holds container {asked.container}; name its endpoint instead",
            )
        namespace_id = held[0]
    ids = found_namespace(tx, namespace_id).endpoint_ids
    members = [each for each in map(host.endpoint, ids) if each is not None]
    return _chosen(members, asked, namespace_id)


def _chosen(members: Sequence[PlumbedEndpoint], asked: Probe, namespace_id: str) -> PlumbedEndpoint:
    """Return the endpoint of a namespace that sends: by the source, else the first that can."""
    if asked.source is not None:
        members = [each for each in members if asked.source in each.addresses]
    version = asked.packet.destination.version
    for each in members:
        if each.address(version) is not None:
            return each
    raise HnsError(
        Hr.E_INVALIDARG,
        f"no endpoint of namespace {namespace_id} has {asked.source or 'an address'} to send from; "
        "add one to the namespace, or name another sender",
    )


def found_endpoint(host: StoredHost, named: str) -> PlumbedEndpoint:
    """Return the endpoint with that id or name.

    Raises: HCN_E_ENDPOINT_NOT_FOUND; E_INVALIDARG when several have the name.
    """
    try:
        endpoint = host.endpoint(parse_guid(named))
    except HnsError:
        several = host.endpoints_named(named)
        if len(several) > 1:
            ids = ", ".join(each.id for each in several)
            raise HnsError(
                Hr.E_INVALIDARG, f"several endpoints are called {named!r}; give an id: {ids}"
            ) from None
        endpoint = several[0] if several else None
    if endpoint is None:
        raise HnsError(
            Hr.HCN_E_ENDPOINT_NOT_FOUND, f"no endpoint has the id or name {named!r} on this host"
        )
    return endpoint
