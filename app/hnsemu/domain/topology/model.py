"""The shapes of a topology: what hosts have, what is asked of it, and what is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.facts import VSwitch
from hnsemu.domain.namespaces import Namespace
from hnsemu.domain.networks import Network
from hnsemu.domain.policylists import PolicyList
from hnsemu.domain.winnat import NatRule


class Kind(StrEnum):
    """What a box stands for; the same kind has the same colour and shape everywhere."""

    HOST = "host"
    SWITCH = "switch"
    NETWORK = "network"
    SUBNET = "subnet"
    ENDPOINT = "endpoint"
    REMOTE = "remote"
    GROUP = "group"
    NAMESPACE = "namespace"
    BALANCER = "loadbalancer"
    PORT = "port"
    MORE = "more"


class Relation(StrEnum):
    """What a link says of its two ends."""

    MEMBER = "member"
    BACKEND = "backend"
    PUBLISHED = "published"
    TUNNEL = "tunnel"


LAYERS = ("namespaces", "loadbalancers", "ports")
"""What can be drawn beside switches, networks and endpoints."""


@dataclass(frozen=True, slots=True)
class HostFacts:
    """What a host has.

    address:   its management address, "" without one.
    counts:    number of endpoints by network id.
    endpoints: by network id, of the networks that are opened.
    """

    name: str
    release: str
    address: str
    switches: Sequence[VSwitch]
    networks: Sequence[Network]
    counts: Mapping[str, int]
    endpoints: Mapping[str, Sequence[Endpoint]] = field(default_factory=dict)
    namespaces: Sequence[Namespace] = ()
    balancers: Sequence[PolicyList] = ()
    published: Sequence[NatRule] = ()


@dataclass(frozen=True, slots=True)
class View:
    """What is asked of a picture.

    opened:  ids of the networks whose endpoints are drawn, their first eight characters, or "all";
             None opens those of small hosts.
    wanted:  a filter; what does not match it is drawn faded.
    layers:  of `LAYERS`, those that are drawn.
    grouped: whether endpoints of one subnet with equal policies are drawn as one box.
    """

    opened: frozenset[str] | None = None
    wanted: Mapping[str, object] = field(default_factory=dict)
    layers: frozenset[str] = frozenset(LAYERS)
    grouped: bool = True


@dataclass(frozen=True, slots=True)
class Box:
    """A thing with the things that stand on it.

    key:   unique in the picture. id: of the object, "" for what is none.
    count: of the things on it that are not drawn.
    """

    kind: Kind
    key: str
    name: str
    host: str
    id: str = ""
    detail: str = ""
    count: int = 0
    is_faded: bool = False
    boxes: tuple["Box", ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Two boxes that have to do with each other, by their keys."""

    relation: Relation
    source: str
    target: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Topology:
    """A picture before it is laid out.

    left_out: how many things on the hosts that are drawn the cap kept out of it.
    more_hosts: how many hosts are not drawn; the last box says it.
    """

    hosts: tuple[Box, ...]
    links: tuple[Link, ...] = ()
    left_out: int = 0
    more_hosts: int = 0
