"""What a trace is about: which packet, from where, and how far to follow it."""

from dataclasses import dataclass
from enum import StrEnum

from hnsemu.domain.packet import Address, Packet

MAXIMUM_HOPS = 64
"""Ports a packet may pass unless the question says otherwise."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """The receiver of a packet by a name: exactly one member is given.

    endpoint: id or name. container: id or name. name: of either.
    """

    endpoint: str = ""
    container: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """A packet to trace as the caller describes it: the sender is not looked up yet.

    Exactly one sender is given; without one the packet comes from outside.
    packet:        its source counts only when `source` is given.
    source:        None when it follows from the sender.
    endpoint:      id or name. namespace: id. container: id or name, as sent.
    receiver:      None for one that the packet's destination says; else the destination only says
                   the family.
    reply:         whether to walk the answer too. every_backend: whether to walk to every backend.
    user_sid:      owner of the sending process.
    arrives_at:    host to which a packet from outside is brought, "" for the one that has its
                   destination.
    """

    packet: Packet
    source: Address | None = None
    endpoint: str = ""
    namespace: str = ""
    container: str = ""
    receiver: Receiver | None = None
    host: bool = False
    reply: bool = False
    every_backend: bool = False
    maximum_hops: int = MAXIMUM_HOPS
    user_sid: str = ""
    arrives_at: str = ""


class OriginKind(StrEnum):
    """Who sends the packet."""

    ENDPOINT = "Endpoint"
    HOST = "Host"
    EXTERNAL = "External"


@dataclass(frozen=True, slots=True)
class Origin:
    """The sender. endpoint_id: of an endpoint; "" for the host and for the outside.

    arrives_at: host to which a packet from outside is brought, "" for the one that has its
                destination.
    """

    kind: OriginKind
    endpoint_id: str = ""
    arrives_at: str = ""


@dataclass(frozen=True, slots=True)
class TraceQuestion:
    """A packet to trace on one emulated host, with its sender looked up.

    reply:         whether to walk the answer too, when the packet is delivered.
    every_backend: whether to walk once for each backend of the first load balancer.
    user_sid:      owner of the sending process: some redirections spare their own proxy.
    """

    origin: Origin
    packet: Packet
    reply: bool = False
    every_backend: bool = False
    maximum_hops: int = MAXIMUM_HOPS
    user_sid: str = ""
