"""A swarm as facts: what its managers keep of it, and a host's place in it.

Source: swarmkit v2.0.0 and moby daemon/cluster of v28.5.2 [C].
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from hnsemu.docker.domain.networks import Pool
from hnsemu.domain.source import Source

ID_LENGTH = 25
"""Characters of the ids of swarms, nodes and networks of a swarm; others have 64."""

MANAGEMENT_PORT = "2377"
"""Where managers listen unless they are told otherwise."""

LONGEST_SUBNET = 29
"""Bits of the smallest subnet that a swarm gives to a network."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_DIGEST_LENGTH = 50
_DIGEST = re.compile(f"[0-9a-zA-Z]{{{_DIGEST_LENGTH}}}")
_FIRST_VERSION = 8


class Role(StrEnum):
    """What a node does in the swarm."""

    WORKER = "worker"
    MANAGER = "manager"


class Availability(StrEnum):
    """Whether the swarm may give a node work."""

    ACTIVE = "active"
    PAUSE = "pause"
    DRAIN = "drain"


@dataclass(frozen=True, slots=True)
class Place:
    """A host's place in a swarm, as its own daemon keeps it.

    address:   its own, which other nodes use.
    listen:    address and port at which it listens if it manages.
    data_path: the address for containers' packets, "" for `address`.
    remote:    the manager through which it joined, address and port; "" for who began the swarm.
    """

    swarm_id: str
    node_id: str
    address: str
    listen: str
    data_path: str = ""
    remote: str = ""


@dataclass(frozen=True, slots=True)
class SwarmNode:
    """A node as the managers know it. Times are FILETIMEs.

    manager_address: address and port at which it manages, "" for a worker.
    engine:          version of its daemon.
    """

    id: str
    hostname: str
    address: str
    role: Role
    engine: str
    availability: Availability = Availability.ACTIVE
    name: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    manager_address: str = ""
    version: int = 0
    created: int = 0
    updated: int = 0


@dataclass(frozen=True, slots=True)
class SwarmNetwork:
    """A network of the swarm. Times are FILETIMEs.

    pools:   subnets with their gateways.
    vxlans:  the VXLAN id of each subnet.
    last:    the address that each subnet gave last, as a number; 0 for none.
    """

    id: str
    name: str
    pools: tuple[Pool, ...]
    vxlans: tuple[int, ...]
    last: tuple[int, ...]
    options: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    ipam_options: Mapping[str, str] | None = None
    internal: bool = False
    attachable: bool = False
    ingress: bool = False
    version: int = 0
    created: int = 0
    updated: int = 0


@dataclass(frozen=True, slots=True)
class Swarm:
    """What every manager keeps. Times are FILETIMEs.

    version:     grows with each change; every object has the one of its own last change.
    changed:     the version of the swarm's own last change: of its settings and tokens.
    spec:        Docker's document, every member there.
    pools:       the blocks from which networks get subnets of `subnet_size` bits.
    last_vxlan:  the VXLAN id given last.
    """

    id: str
    spec: Mapping[str, Any]
    worker_token: str
    manager_token: str
    pools: tuple[str, ...]
    subnet_size: int
    data_path_port: int
    nodes: tuple[SwarmNode, ...] = ()
    networks: tuple[SwarmNetwork, ...] = ()
    last_vxlan: int = 0
    version: int = _FIRST_VERSION
    changed: int = _FIRST_VERSION
    created: int = 0
    updated: int = 0

    @property
    def managers(self) -> tuple[SwarmNode, ...]:
        """Return the nodes that manage, the first of which leads."""
        return tuple(node for node in self.nodes if node.role == Role.MANAGER)

    def node(self, node_id: str) -> SwarmNode | None:
        """Return the node of an id, None without it."""
        return next((node for node in self.nodes if node.id == node_id), None)

    def network(self, name_or_id: str) -> SwarmNetwork | None:
        """Return the network of a full id, else that of a full name, None without either."""
        meant = [net for net in self.networks if name_or_id in {net.id, net.name}]
        return min(meant, key=lambda net: net.id != name_or_id, default=None)


Part = TypeVar("Part", SwarmNode, SwarmNetwork)


def new_swarm_id(source: Source) -> str:
    """Return an id of 25 digits and letters, as swarmkit makes them."""
    return _digits(source.below(len(_DIGITS) ** ID_LENGTH), ID_LENGTH)


def is_swarm_id(text: str) -> bool:
    """Tell whether an id is one of a swarm's objects; those of a daemon are longer."""
    return len(text) == ID_LENGTH


def new_token(source: Source, digest: str = "") -> str:
    """Return a token that lets nodes join. digest: of the swarm, "" for a new one."""
    first = digest or _digits(source.below(1 << 256), _DIGEST_LENGTH)
    return f"SWMTKN-1-{first}-{_digits(source.below(1 << 128), ID_LENGTH)}"


def digest_of(token: str) -> str:
    """Return the part of a token that all tokens of its swarm share, "" for another text.

    Source: swarmkit ca/config.go [C].
    """
    parts = token.split("-")
    if parts[0] != "SWMTKN" or len(parts) not in {4, 5}:
        return ""
    has_shape = parts[1] == ("1" if len(parts) == 4 else "2")  # noqa: PLR2004 (parts of a token)
    if not has_shape or (len(parts) > 4 and parts[2] not in {"0", "1"}):  # noqa: PLR2004
        return ""
    *_, digest, secret = parts
    is_whole = _DIGEST.fullmatch(digest) and len(secret) == ID_LENGTH
    return digest if is_whole else ""


def with_network(swarm: Swarm, network: SwarmNetwork, now: int) -> Swarm:
    """Return the swarm with a new network, or with one as it is from now on."""
    stamped = replace(network, version=swarm.version + 1, updated=now)
    return _changed(swarm, networks=_with(swarm.networks, stamped))


def without_network(swarm: Swarm, network_id: str) -> Swarm:
    """Return the swarm without a network."""
    rest = tuple(network for network in swarm.networks if network.id != network_id)
    return _changed(swarm, networks=rest)


def with_node(swarm: Swarm, node: SwarmNode, now: int) -> Swarm:
    """Return the swarm with a new node, or with one as it is from now on."""
    version, created = swarm.version + 1, node.created or now
    stamped = replace(node, version=version, updated=now, created=created)
    return _changed(swarm, nodes=_with(swarm.nodes, stamped))


def without_node(swarm: Swarm, node_id: str) -> Swarm:
    """Return the swarm without a node."""
    rest = tuple(node for node in swarm.nodes if node.id != node_id)
    return _changed(swarm, nodes=rest)


def _with(known: tuple[Part, ...], part: Part) -> tuple[Part, ...]:
    """Return the parts with another one of the same id in its place, or behind them."""
    changed = [part if one.id == part.id else one for one in known]
    if part not in changed:
        changed.append(part)
    return tuple(changed)


def _changed(swarm: Swarm, **members: Any) -> Swarm:  # noqa: ANN401 (as `replace`)
    return replace(swarm, **members, version=swarm.version + 1)


def swarm_from(members: Mapping[str, Any]) -> Swarm:
    """Return the swarm of a record.

    Raises: KeyError, TypeError, ValueError for what is no such record.
    """
    return Swarm(
        **{
            **members,
            "pools": tuple(members["pools"]),
            "nodes": _all(_node, members["nodes"]),
            "networks": _all(_network, members["networks"]),
        }
    )


def _all(read: Callable[[Mapping[str, Any]], Any], documents: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(read(document) for document in documents)


def _node(members: Mapping[str, Any]) -> SwarmNode:
    role, availability = Role(members["role"]), Availability(members["availability"])
    return SwarmNode(**{**members, "role": role, "availability": availability})


def _network(members: Mapping[str, Any]) -> SwarmNetwork:
    pools = tuple(Pool(**pool) for pool in members["pools"])
    lists = {name: tuple(members[name]) for name in ("vxlans", "last")}
    return SwarmNetwork(**{**members, **lists, "pools": pools})


def _digits(number: int, length: int) -> str:
    shown = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        shown = _DIGITS[digit] + shown
    return shown.rjust(length, "0")
