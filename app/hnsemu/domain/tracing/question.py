"""What a trace is asked: which packet, from where, and how far to follow it."""

from dataclasses import dataclass
from enum import StrEnum

from hnsemu.domain.packet import Packet

MAXIMUM_HOPS = 64
"""Ports a packet may pass unless the question says otherwise."""


class OriginKind(StrEnum):
    """Who sends the packet."""

    ENDPOINT = "Endpoint"
    HOST = "Host"
    EXTERNAL = "External"


@dataclass(frozen=True, slots=True)
class Origin:
    """The sender. endpoint_id: of an endpoint; "" for the host and for the outside."""

    kind: OriginKind
    endpoint_id: str = ""


@dataclass(frozen=True, slots=True)
class TraceQuestion:
    """A packet to trace on one emulated host.

    reply:         whether the answer is walked too, when the packet was delivered.
    every_backend: whether each backend of the first load balancer gets a walk of its own.
    user_sid:      owner of the sending process: some redirections spare their own proxy.
    """

    origin: Origin
    packet: Packet
    reply: bool = False
    every_backend: bool = False
    maximum_hops: int = MAXIMUM_HOPS
    user_sid: str = ""
