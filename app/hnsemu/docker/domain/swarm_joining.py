"""How a host begins a swarm, joins one and leaves it: its addresses, and what is refused.

Source: moby daemon/cluster swarm.go and listen_addr.go of v28.5.2, swarmkit ca/config.go [C].
"""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hnsemu.docker.domain.swarms import (
    LONGEST_SUBNET,
    MANAGEMENT_PORT,
    Availability,
    Place,
    Role,
    Swarm,
    SwarmNode,
    digest_of,
)
from hnsemu.docker.errors import BAD_REQUEST, FAILED, NOT_IMPLEMENTED, UNAVAILABLE, DockerError
from hnsemu.domain.digits import number_in

NOT_IN_SWARM = "This node is not part of a swarm"
NOT_MANAGER = (
    "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. "
    "Please run this command on a manager node or promote the current node to a manager."
)

_EXISTS = (
    'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm and join '
    "another one."
)
_VXLAN_PORT, _LOWEST_PORT, _HIGHEST_PORT = 4789, 1024, 49151
_HIGHEST_OF_ALL = 65535
_SUBNET_SIZE = 24
_POOLS = ("10.0.0.0/8",)
_SPEC: Mapping[str, Any] = {
    "Name": "default",
    "Labels": {},
    "Orchestration": {"TaskHistoryRetentionLimit": 5},
    "Raft": {
        "SnapshotInterval": 10000,
        "KeepOldSnapshots": 0,
        "LogEntriesForSlowFollowers": 500,
        "ElectionTick": 10,
        "HeartbeatTick": 1,
    },
    "Dispatcher": {"HeartbeatPeriod": 5_000_000_000},
    "CAConfig": {"NodeCertExpiry": 7_776_000_000_000_000},
    "EncryptionConfig": {"AutoLockManagers": False},
}
"""What swarmkit begins with."""

_POINTERS = (("Orchestration", "TaskHistoryRetentionLimit"), ("Raft", "KeepOldSnapshots"))
"""Members of the settings in which 0 says something."""

_MANAGING = "You are attempting to leave the swarm on a node that is participating as a manager. "
_LAST = (
    "Removing the last manager erases all current state of the swarm. Use `--force` to ignore this "
    "message. "
)
_ONLY_WAY = (
    "The only way to restore a swarm that has lost consensus is to reinitialize it with "
    "`--force-new-cluster`. Use `--force` to suppress this message."
)


@dataclass(frozen=True, slots=True)
class Interfaces:
    """The host's interfaces, those of Docker's own networks left out.

    prefixes: the IPv4 address of each with the length of its prefix: 10.0.0.4/24.
    """

    prefixes: Mapping[str, str] = field(default_factory=dict)

    @property
    def addresses(self) -> dict[str, str]:
        """Return the address of each."""
        return {name: prefix.partition("/")[0] for name, prefix in self.prefixes.items()}

    def towards(self, remote: str) -> str:
        """Return the address from which packets to `remote` go, "" without any."""
        try:
            there = ipaddress.ip_address(remote)
        except ValueError:
            there = None
        beside = [
            prefix
            for prefix in self.prefixes.values()
            if there and there in ipaddress.ip_interface(prefix).network
        ]
        return next(iter([*beside, *self.prefixes.values()]), "").partition("/")[0]


@dataclass(frozen=True, slots=True)
class InitRequest:
    """The document of POST /swarm/init."""

    listen: str
    advertise: str = ""
    data_path: str = ""
    data_path_port: int = 0
    forces: bool = False
    availability: str = ""
    pools: Sequence[str] | None = None
    subnet_size: int = 0
    spec: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """The document of POST /swarm/join."""

    listen: str
    remotes: Sequence[str]
    token: str
    advertise: str = ""
    data_path: str = ""
    availability: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A host that comes to a swarm: its place, and what managers know of it."""

    place: Place
    node: SwarmNode


def check_outside(place: Place | None) -> None:
    """Refuse a host that is in a swarm.

    Raises: DockerError 503.
    """
    if place is not None:
        raise DockerError(UNAVAILABLE, _EXISTS)


def decide_init(
    request: InitRequest, interfaces: Interfaces, node: SwarmNode, swarm: Swarm, now: int
) -> tuple[Swarm, Place]:
    """Return the swarm that a host begins, and its place there.

    node:  the host's, with its id, hostname and engine.
    swarm: what is new of it: its id and tokens.
    Raises: DockerError 400, 500, 501.
    """
    listen = _completed(request.listen, "ListenAddr")
    spec = merged(_SPEC, request.spec)
    if request.forces:
        what = "new clusters from old ones: a swarm works as long as one of its managers is there"
        raise DockerError(NOT_IMPLEMENTED, f"the Docker of hnsemu does not make {what}")
    host, port = _listening(listen, interfaces)
    address, advertised = _advertised(request.advertise, port, interfaces)
    data_path = _data_path(request.data_path, interfaces)
    _check_pools(request.pools, request.subnet_size)
    place = Place(swarm.id, node.id, address, f"{host}:{port}", data_path)
    leader = replace(
        node,
        address=address,
        role=Role.MANAGER,
        availability=_availability(request.availability),
        manager_address=f"{address}:{advertised}",
        version=swarm.version,
        created=now,
        updated=now,
    )
    begun = replace(
        swarm,
        spec=spec,
        pools=tuple(pool.strip() for pool in request.pools or ()) or _POOLS,
        subnet_size=(request.subnet_size if request.pools else 0) or _SUBNET_SIZE,
        data_path_port=_data_path_port(request.data_path_port),
        nodes=(leader,),
        created=now,
        updated=now,
    )
    return begun, place


def check_join(request: JoinRequest) -> list[str]:
    """Return the addresses of managers that a host asks, with their ports.

    Raises: DockerError 400, 500 for a text that is no token.
    """
    _completed(request.listen, "ListenAddr")
    if not request.remotes:
        raise DockerError(BAD_REQUEST, "at least 1 RemoteAddr is required to join")
    remotes = [_completed(remote, "remoteAddr") for remote in request.remotes]
    if request.token and not digest_of(request.token):
        raise DockerError(FAILED, "invalid join token")
    return remotes


def decide_join(
    request: JoinRequest,
    interfaces: Interfaces,
    swarm: Swarm | None,
    remote: str,
    node: SwarmNode,
) -> Arrival:
    """Return how a host comes to the swarm whose manager it asks.

    swarm:  what the manager keeps; None where nobody answers at `remote`.
    node:   the host's, with its id, hostname and engine.
    Raises: DockerError 400, 500, 503.
    """
    host, port = _listening(_completed(request.listen, "ListenAddr"), interfaces)
    data_path = _data_path(request.data_path, interfaces)
    own = host if not ipaddress.ip_address(host).is_unspecified else ""
    own = own or interfaces.towards(_split(remote)[0]) or host
    address, advertised = _own(request.advertise, own, port, interfaces)
    if swarm is None:
        raise _unreachable(remote)
    role = _role(swarm, request.token)
    place = Place(swarm.id, node.id, address, f"{host}:{port}", data_path, remote)
    manages = f"{address}:{advertised}" if role == Role.MANAGER else ""
    availability = _availability(request.availability)
    joined = replace(
        node,
        address=address,
        role=role,
        availability=availability,
        manager_address=manages,
    )
    return Arrival(place, joined)


def check_leave(place: Place | None, swarm: Swarm | None, reachable: int, *, forces: bool) -> Place:
    """Return the place that a host leaves.

    swarm:     what the host keeps of it, None for a worker.
    reachable: how many of the managers answer, the host among them.
    Raises: DockerError 503 for a manager without force.
    """
    if place is None:
        raise DockerError(UNAVAILABLE, NOT_IN_SWARM)
    if swarm is None or forces:
        return place
    unreachable = len(swarm.managers) - reachable
    text = _MANAGING
    if reachable - 2 <= unreachable:
        if reachable == 1 and not unreachable:
            raise DockerError(UNAVAILABLE, text + _LAST)
        text += (
            f"Removing this node leaves {reachable - 1} managers out of {len(swarm.managers)}. "
            "Without a Raft quorum your swarm will be inaccessible. "
        )
    raise DockerError(UNAVAILABLE, text + _ONLY_WAY)


def merged(spec: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a swarm's settings with what a client says.

    What is null or "" says nothing, nor does 0 but in the members that are pointers in Docker.
    Raises: DockerError 400 for another name than default, 501 for a lock.
    Source: moby daemon/cluster/convert/swarm.go of v28.5.2, MergeSwarmSpecToGRPC [C].
    """
    if said.get("Name", "") not in {"", "default"}:
        raise DockerError(BAD_REQUEST, 'swarm spec must be named "default"')
    if (said.get("EncryptionConfig") or {}).get("AutoLockManagers"):
        raise DockerError(NOT_IMPLEMENTED, "the Docker of hnsemu does not lock managers")
    result = {
        name: dict(part) if isinstance(part, Mapping) else part
        for name, part in {**_SPEC, **spec}.items()
    }
    result["Labels"] = dict(said.get("Labels") or result["Labels"])
    for name, part in said.items():
        if name in {"Orchestration", "Raft", "Dispatcher", "CAConfig"}:
            result[name].update({key: value for key, value in part.items() if value})
    for name, member in _POINTERS:
        value = (said.get(name) or {}).get(member)
        if value is not None:
            result[name][member] = value
    return result


def _completed(address: str, member: str) -> str:
    """Return an address with a port, that of swarms where it says none."""
    if not address:
        raise DockerError(BAD_REQUEST, f'invalid {member} "": invalid empty address')
    host, port = _split(address.removeprefix("tcp://"))
    return f"{host or '0.0.0.0'}:{port or MANAGEMENT_PORT}"  # noqa: S104 (what Docker listens on)


def _split(address: str) -> tuple[str, str]:
    """Return host and port, "" for what is not there; an IPv6 address may stand in brackets."""
    host, colon, port = address.rpartition(":")
    if not colon or "]" in port:
        return address.strip("[]"), ""
    if ":" in host and not host.startswith("["):
        return address, ""
    return host.strip("[]"), port


def _listening(listen: str, interfaces: Interfaces) -> tuple[str, str]:
    """Return address and port at which a host listens."""
    host, port = _split(listen)
    if port != str(number_in(port, _HIGHEST_OF_ALL)):
        raise DockerError(BAD_REQUEST, f"could not parse listen address {listen}")
    found = _resolved(host, interfaces, takes_any=True)
    if not found:
        what = "must be an IP address or network interface (with optional port number)"
        raise DockerError(BAD_REQUEST, f"listen address {what}")
    return found, port


def _advertised(said: str, port: str, interfaces: Interfaces) -> tuple[str, str]:
    """Return the address and the port that others use."""
    if not said:
        return _own_address(interfaces), port
    host, own_port = _split(said)
    found = _resolved(host, interfaces)
    if not found or (own_port and own_port != str(number_in(own_port, _HIGHEST_OF_ALL))):
        what = "a non-zero IP address or network interface (with optional port number)"
        raise DockerError(BAD_REQUEST, f"advertise address must be {what}")
    return found, own_port or port


def _own(said: str, host: str, port: str, interfaces: Interfaces) -> tuple[str, str]:
    """Return address and port of a host that joins; a manager sees whence it comes."""
    if said:
        try:
            return _advertised(said, port, interfaces)
        except DockerError:  # dockerd ignores it: the other side detects the address
            pass
    return host, port


def _data_path(said: str, interfaces: Interfaces) -> str:
    if not said:
        return ""
    found = _resolved(said, interfaces)
    if not found:
        what = "a non-zero IP address or network interface (without a port number)"
        raise DockerError(BAD_REQUEST, f"data path address must be {what}")
    return found


def _resolved(said: str, interfaces: Interfaces, *, takes_any: bool = False) -> str:
    """Return the address of an interface or an address itself, "" for neither."""
    if said in interfaces.addresses:
        return interfaces.addresses[said]
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return ""
    is_usable = takes_any or not address.is_unspecified
    return str(address) if is_usable and "%" not in said else ""


def _own_address(interfaces: Interfaces) -> str:
    """Return the host's only address."""
    found = list(interfaces.addresses.items())
    if not found:
        raise DockerError(BAD_REQUEST, "could not find the system's IP address")
    if len(found) > 1:
        (first, one), (second, other) = found[:2]
        raise DockerError(
            BAD_REQUEST,
            "could not choose an IP address to advertise since this system has multiple addresses "
            f"on different interfaces ({one} on {first} and {other} on {second})",
        )
    return found[0][1]


def _check_pools(pools: Sequence[str] | None, size: int) -> None:
    if pools is None:
        return
    size = size or _SUBNET_SIZE
    if size > LONGEST_SUBNET:
        raise DockerError(FAILED, f"subnet size is out of range: {size}")
    for text in pools:
        address, slash, length = text.strip().partition("/")
        try:
            block = ipaddress.IPv4Network(text.strip(), strict=False)
        except ValueError:
            block = None
        if block is None or not slash or length != str(block.prefixlen) or not address:
            what = f"invalid CIDR address: {text.strip()}"
            raise DockerError(FAILED, f"invalid base pool {text.strip()}: {what}")
        if size < block.prefixlen:
            raise DockerError(
                FAILED,
                f'invalid CIDR: "{text.strip()}". Subnet size is too small for pool: {size}',
            )


def _data_path_port(port: int) -> int:
    if not port:
        return _VXLAN_PORT
    if not _LOWEST_PORT <= port <= _HIGHEST_PORT:
        raise DockerError(
            FAILED, f"Datapath port number is not in valid range (1024-49151) : {port}"
        )
    return port


def _availability(said: str) -> Availability:
    try:
        return Availability((said or "active").lower())
    except ValueError:
        raise DockerError(FAILED, f'invalid Availability: "{said}"') from None


def _role(swarm: Swarm, token: str) -> Role:
    """Return what a token makes of a node."""
    if token == swarm.manager_token:
        return Role.MANAGER
    if token == swarm.worker_token:
        return Role.WORKER
    digest = digest_of(token)
    if digest and digest != digest_of(swarm.worker_token):
        shown = f"{int(digest, 36):064x}"
        raise DockerError(FAILED, f"remote CA does not match fingerprint. Expected: {shown}")
    raise DockerError(
        BAD_REQUEST,
        "rpc error: code = InvalidArgument desc = A valid join token is necessary to join this "
        "cluster",
    )


def _unreachable(remote: str) -> DockerError:
    why = "No connection could be made because the target machine actively refused it."
    return DockerError(
        UNAVAILABLE,
        'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while '
        f'dialing: dial tcp {remote}: connectex: {why}"',
    )
