"""Packets that were traced to be counted, added to the counters of ports and rules."""

from collections.abc import Iterable

from hnsemu.domain.stats import Traffic
from hnsemu.domain.tracing.steps import Counted
from hnsemu.domain.vfp.model import Direction
from hnsemu.storage import counters, endpoints, hosts
from hnsemu.storage.engine import Session


def count(session: Session, counted: Iterable[Counted]) -> None:
    """Count what packets did at ports, on whatever emulated hosts those are."""
    keys: dict[str, int] = {}
    for each in counted:
        if each.host not in keys:
            host = hosts.find(session.connection, each.host)
            assert host is not None  # noqa: S101 (the packet was there)
            keys[each.host] = host.key
        _count(session, keys[each.host], each)


def _count(session: Session, host_key: int, counted: Counted) -> None:
    matches = [
        ((counted.port_id, *rule), counted.owner_id, counted.dropped and rule == counted.rules[-1])
        for rule in counted.rules
    ]
    counters.add_rules(session.connection, host_key, matches)
    endpoint = endpoints.find(session.connection, host_key, counted.owner_id)
    if endpoint is None:
        return  # a port of the host
    is_out = counted.direction is Direction.OUT
    if counted.dropped:
        traffic = Traffic(
            dropped_packets_outgoing=int(is_out), dropped_packets_incoming=int(not is_out)
        )
    elif is_out:
        traffic = Traffic(packets_sent=1, bytes_sent=counted.length)
    else:
        traffic = Traffic(packets_received=1, bytes_received=counted.length)
    counters.add_traffic(session.connection, endpoint.key, traffic)
