"""Traffic counters of an endpoint. Source: hns-behaviour.md section 2.6 [C]."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a switch port has counted. A dropped packet is neither sent nor received [I]."""

    bytes_received: int = 0
    bytes_sent: int = 0
    packets_received: int = 0
    packets_sent: int = 0
    dropped_packets_incoming: int = 0
    dropped_packets_outgoing: int = 0


@dataclass(frozen=True, slots=True)
class EndpointStats:
    """The counters of an endpoint; one that was never attached has zeros [O].

    instance_id: GUID of the vNIC that is counted.
    """

    endpoint_id: str
    instance_id: str
    traffic: Traffic = Traffic()
