"""Packets that were traced to be counted, added to the counters of ports and rules."""

from collections.abc import Iterable

from hnsemu.domain.packet import Direction
from hnsemu.domain.stats import Traffic
from hnsemu.domain.tracing.steps import PortCount
from hnsemu.storage import counters, endpoints, hosts
from hnsemu.storage.transaction import Transaction


def count(tx: Transaction, counts: Iterable[PortCount]) -> None:
    """Count what packets did at ports, on whatever emulated hosts those are."""
    hosts_met: dict[str, Transaction] = {}
    for passage in counts:
        if passage.host not in hosts_met:
            host = hosts.find(tx.connection, passage.host)
            assert host is not None  # noqa: S101 (the packet was there)
            hosts_met[passage.host] = tx.at(host)
        _count(hosts_met[passage.host], passage)


def _count(tx: Transaction, counted: PortCount) -> None:
    matches = [
        ((counted.port_id, *rule), counted.owner_id, counted.dropped and rule == counted.rules[-1])
        for rule in counted.rules
    ]
    counters.add_rules(tx, matches)
    endpoint = endpoints.find(tx, counted.owner_id)
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
    counters.add_traffic(tx, endpoint.key, traffic)
