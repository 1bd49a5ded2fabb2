"""Documents for the counters and the addresses of an endpoint.

Source: hns-behaviour.md section 2.6 [C] for the counters; the shape of addresses is inferred.
"""

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.stats import EndpointStats
from hnsemu.schema.base import Document, Guid, Uint64
from hnsemu.schema.v2.endpoints import IpConfig


class EndpointStatistics(Document):
    """Traffic counters of an endpoint."""

    bytes_received: Uint64 | None = None
    bytes_sent: Uint64 | None = None
    dropped_packets_incoming: Uint64 | None = None
    dropped_packets_outgoing: Uint64 | None = None
    endpoint_id: Guid | None = None
    instance_id: Guid | None = None
    packets_received: Uint64 | None = None
    packets_sent: Uint64 | None = None


class EndpointAddresses(Document):
    """The addresses of an endpoint."""

    endpoint_id: Guid | None = None
    ip_configurations: tuple[IpConfig, ...] | None = None


def stats_document(stats: EndpointStats) -> dict[str, object]:
    """Return the counters in the order HNS prints them."""
    return {
        "BytesReceived": stats.traffic.bytes_received,
        "BytesSent": stats.traffic.bytes_sent,
        "DroppedPacketsIncoming": stats.traffic.dropped_packets_incoming,
        "DroppedPacketsOutgoing": stats.traffic.dropped_packets_outgoing,
        "EndpointId": stats.endpoint_id,
        "InstanceId": stats.instance_id,
        "PacketsReceived": stats.traffic.packets_received,
        "PacketsSent": stats.traffic.packets_sent,
    }


def addresses_document(endpoint: Endpoint) -> dict[str, object]:
    """Return the addresses of the endpoint, as in its own document."""
    return {
        "EndpointId": endpoint.id,
        "IpConfigurations": [
            {
                "IpAddress": configuration.ip_address,
                "PrefixLength": configuration.prefix_length,
                "IpSubnetId": configuration.ip_subnet_id,
            }
            for configuration in endpoint.ip_configurations
        ],
    }
