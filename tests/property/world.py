"""Hosts, pods and services as the oracle sees them: policies as sent, addresses as text."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Named = tuple[str, str, int]
"""A policy: id of its owner, type, position among the owner's policies."""


@dataclass(frozen=True)
class Pod:
    """An endpoint as it was asked for. id: as the service made it. block: of its source NAT."""

    address: str
    policies: tuple[Json, ...] = ()
    id: str = ""
    block: int | None = None


@dataclass(frozen=True)
class Balancer:
    """A load balancer; backends are addresses, vip "" stands for the node's own.

    routed: whether its service is for packets from outside, too.
    """

    vip: str
    protocol: int
    port: int
    to: int
    backends: tuple[str, ...]
    dsr: bool
    source_vip: str = ""
    preserves: bool = False
    routed: bool = False


@dataclass
class Node:
    """A host with one network.

    kind:           L2Bridge, Overlay, Transparent or NAT. prefix: of the network.
    policies:       of the network, all of them. network_id: as the service made it.
    peers:          overlay prefix, or address of a remote endpoint, to VTEP.
    is_routed:      whether the network has HostRoute.
    services:       prefix that SDN routes lead to the node itself, "" without.
    """

    name: str
    address: str
    kind: str
    prefix: str
    network_id: str = ""
    policies: list[Json] = field(default_factory=list)
    pods: list[Pod] = field(default_factory=list)
    balancers: list[Balancer] = field(default_factory=list)
    peers: dict[str, str] = field(default_factory=dict)
    is_routed: bool = False
    services: str = ""

    def pod_at(self, address: str) -> Pod | None:
        """Return the pod with that address."""
        return next((pod for pod in self.pods if pod.address == address), None)


@dataclass(frozen=True)
class Datagram:
    """A packet to judge. Protocols without ports have 0."""

    protocol: int
    source: str
    destination: str
    sport: int = 0
    port: int = 0


RETURNS = "returns"
"""The answer reaches the sender, with addresses and ports as the sender knows them."""

UNTRANSLATED = "untranslated"
"""The answer reaches the sender from an address that the sender never wrote to."""


@dataclass(frozen=True)
class Opinion:
    """How a packet ends.

    receiver: id of an endpoint, name of a host, or an address outside.
    ports:    what the source port must be within, None when it is kept.
    said:     the policies that decided on the way, in order.
    reply:    RETURNS, UNTRANSLATED, or why the answer is lost.
    """

    reason: str
    receiver: str = ""
    source: str = ""
    destination: str = ""
    port: int = 0
    ports: tuple[int, int] | None = None
    said: tuple[Named, ...] = ()
    reply: str = RETURNS
