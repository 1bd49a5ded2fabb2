"""Which endpoint reaches which on which port: each cell says how a trace of its packet would end.

A walk without access control is the same for endpoints that are alike, so it is traced once for
each kind of sender and receiver, and for each kind of sender and bare address; what ACLs and
firewalls say is worked out for all peers of an endpoint at once (`verdicts`). Most cells are then
what the receiver says, with what the sender blocks written over it. Cells that none of this
covers are traced one by one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.fabric import Fabric
from hnsemu.domain.packet import Address, Direction
from hnsemu.domain.tracing.acl_free import AclFreeFabric
from hnsemu.domain.tracing.balanced import Backend, Backends
from hnsemu.domain.tracing.kinds import Kinds
from hnsemu.domain.tracing.model import Reason, Trace, Verdict
from hnsemu.domain.tracing.verdicts import (
    OPEN,
    Cell,
    Peers,
    Split,
    StageDecision,
    both,
    vfp_decisions,
    wfp_decisions,
)
from hnsemu.domain.tracing.walks import (
    MetEndpoint,
    Numbers,
    Row,
    Service,
    World,
    changed_before_acls,
    packet_of,
    receiver_of,
)
from hnsemu.domain.vfp.acl import ACL_LAYER
from hnsemu.domain.wfp import WfpProxy

_OUT, _IN = Direction.OUT, Direction.IN
_SILENT = -1
_MOST_KEPT = 1 << 20
_NOWHERE = Cell(Verdict.DROPPED, Reason.NO_ROUTE)


@dataclass(frozen=True, slots=True)
class Target:
    """What the packet is for: an endpoint by its address, or a bare address."""

    address: Address | None
    endpoint: PlumbedEndpoint | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Path:
    """How packets end without access control: number of the cell, and who receives them.

    arrival:  None when no endpoint does, or the target itself (`_PLAIN`).
    is_first: whether they end in the sender's compartment, before its port has a say.
    """

    number: int
    arrival: MetEndpoint | None = None
    is_first: bool = False


_PLAIN = _Path(_SILENT)
"""The target receives the packet as it was sent."""

_TRACED = _Path(_SILENT)
"""The way depends on more than kinds: each packet is traced."""

_BALANCED = _Path(_SILENT)
"""A load balancer takes the packet: the backend depends on the sender's address."""

_OWN_WAY = _Path(_SILENT)
"""The way depends on which target of the kind it is."""


@dataclass(slots=True)
class _KindPaths:
    """How the targets of a kind of sender are reached, by their places, unless it is plainly.

    unknown:  not looked at yet.
    arrivals: who receives what is for them.
    ends:     those with the same end, by its number and whether the firewall alone comes before it.
    balanced: addresses that load balancers serve.
    traced:   those that are traced packet by packet.
    """

    unknown: list[int]
    arrivals: dict[int, MetEndpoint] = field(default_factory=dict)
    ends: dict[tuple[int, bool], list[int]] = field(default_factory=dict)
    balanced: list[int] = field(default_factory=list)
    traced: list[int] = field(default_factory=list)

    def add(self, place: int, path: _Path) -> None:
        """Note how a target is reached."""
        if path is _TRACED:
            self.traced.append(place)
        elif path is _BALANCED:
            self.balanced.append(place)
        elif path.arrival is not None:
            self.arrivals[place] = path.arrival
        elif path is not _PLAIN:
            self.ends.setdefault((path.number, path.is_first), []).append(place)


class Reachability:
    """The cells of senders on a host and of targets, row by row."""

    def __init__(
        self,
        fabric: Fabric,
        home: str,
        sources: Sequence[PlumbedEndpoint],
        targets: Sequence[Target],
        most_kept: int = _MOST_KEPT,
    ) -> None:
        """Prepare for senders on the host `home`. most_kept: cells that are held at once."""
        receivers = [target.endpoint for target in targets if target.endpoint is not None]
        self._world = World(fabric, AclFreeFabric(fabric), home, Numbers())
        self._sources, self._targets, self._most_kept = sources, targets, most_kept
        self._kinds = Kinds(fabric.host(home), [*sources, *receivers])

    @property
    def outcomes(self) -> Sequence[Cell]:
        """Return the different cells of the rows that were read so far."""
        return self._world.numbers.outcomes

    def rows(self, service: Service) -> Iterator[Row]:
        """Yield for each sender a cell for each target; senders are worked on in blocks."""
        matrix = _ServiceMatrix(self._world, self._kinds, self._targets, service, self._most_kept)
        size = max(1, self._most_kept // max(1, len(self._targets)))
        for start in range(0, len(self._sources), size):
            for row in matrix.rows(self._sources[start : start + size]):
                yield self._world.numbers.shown(row)


class _Block:
    """What receivers say to a block of senders."""

    def __init__(
        self,
        world: World,
        service: Service,
        sources: Sequence[PlumbedEndpoint],
        targets: Sequence[Target],
    ) -> None:
        self._world, self._service = world, service
        self._senders = {
            version: Peers([source.address(version) for source in sources]) for version in (4, 6)
        }
        silent = [_SILENT] * len(sources)
        self._plain = [
            silent
            if target.address is None or target.endpoint is None or target.endpoint.is_remote
            else self._column(MetEndpoint(world.home, target.endpoint, target.address), service)
            for target in targets
        ]
        self._of_kinds: dict[int, tuple[int, list[list[int]]]] = {}
        self._of_backends: dict[tuple[str, Address, Service], list[int]] = {}

    def received(self, kind: int, paths: _KindPaths, number: int) -> list[int]:
        """Return what each target makes of the packet of a sender of the kind: numbers of cells.

        `_SILENT` where neither its port nor its firewall has a say.
        """
        known, columns = self._of_kinds.get(kind, (0, self._plain))
        if known != len(paths.arrivals):
            columns = list(self._plain)
            for place, arrival in paths.arrivals.items():
                columns[place] = self._column(arrival, self._service)
            self._of_kinds[kind] = (len(paths.arrivals), columns)
        return [column[number] for column in columns]

    def received_by(self, backend: Backend, number: int) -> int:
        """Return what a backend makes of the packet of a sender, as `received` does."""
        met, service = backend.met, backend.service
        key = (met.endpoint.id, met.address, service)
        if key not in self._of_backends:
            self._of_backends[key] = self._column(met, service)
        return self._of_backends[key][number]

    def _column(self, arrival: MetEndpoint, service: Service) -> list[int]:
        host, endpoint = self._world.fabric.host(arrival.host), arrival.endpoint
        sample = packet_of(service, arrival.address, arrival.address)
        network = host.network(endpoint.endpoint.network_id)
        senders = self._senders[arrival.address.version]
        vfp = vfp_decisions(network, endpoint, _IN, sample, senders)
        wfp = wfp_decisions(host, network, endpoint, _IN, sample, senders)
        said = both(vfp, wfp)
        ends = _ends(said, self._world.numbers) | {OPEN: _SILENT}
        return [ends[decision] for decision in senders.spread(said)]


class _ServiceMatrix:
    """The rows of one service, and what they share."""

    def __init__(
        self,
        world: World,
        kinds: Kinds,
        targets: Sequence[Target],
        service: Service,
        most_kept: int,
    ) -> None:
        self._world, self._kinds, self._most_kept = world, kinds, most_kept
        self._targets, self._service = targets, service
        self._places: dict[Address, list[int]] = {}
        of_version: dict[int, list[int]] = {}
        for place, target in enumerate(targets):
            if target.address is not None:
                self._places.setdefault(target.address, []).append(place)
                of_version.setdefault(target.address.version, []).append(place)
        self._of_version = of_version
        self._peers = {version: _peers_of(targets, version) for version in of_version}
        self._paths: dict[tuple[int, int], _Path] = {}
        self._of_kinds: dict[int, _KindPaths] = {}
        self._selves: dict[int, int] = {}
        self._backends = Backends(world, service, most_kept)
        self._of_unplugged: int | None = None

    def rows(self, sources: Sequence[PlumbedEndpoint]) -> Iterator[list[int]]:
        """Yield the rows of a block of senders, as numbers."""
        block = _Block(self._world, self._service, sources, self._targets)
        for number, source in enumerate(sources):
            row = [self._world.numbers.of(_NOWHERE)] * len(self._targets)
            for version, places in self._of_version.items():
                own = source.address(version)
                if own is not None:
                    part = self._part(block, number, source, own)
                    for place in places:
                        row[place] = part[place]
            yield row

    def _part(self, block: _Block, number: int, source: PlumbedEndpoint, own: Address) -> list[int]:
        """Return the cells of the targets of the family of `own`; those of others mean nothing."""
        if not source.endpoint.is_attached:  # nothing that it sends gets anywhere
            return [self._unplugged(source, own)] * len(self._targets)
        if source.policies.of(WfpProxy):
            return [self._traced(source, own, place) for place in range(len(self._targets))]
        peers = self._peers[own.version]
        wfp, both_say = self._said_by(source, own, peers)
        said, ends = peers.spread(both_say), _ends(both_say, self._world.numbers)
        kind, selves = self._kinds.of(source, own), self._selves_of(source, own)
        paths = self._paths_of(kind, source, own, selves)
        row = [
            ends[decision] if received == _SILENT else received
            for received, decision in zip(block.received(kind, paths, number), said, strict=True)
        ]
        for decision, bits in both_say:
            if decision.blocked is not None:
                for place in peers.places(bits):
                    row[place] = ends[decision]
        for (end, is_first), places in paths.ends.items():
            split = wfp if is_first else both_say
            decisions = peers.spread(wfp) if is_first else said
            endings = self._endings(end, split)
            for place in places:
                row[place] = endings.get(decisions[place], end)
        for place, end in self._singly(block, number, source, own, wfp, paths, kind).items():
            row[place] = end
        for place in selves:
            row[place] = self._to_itself(kind, source, own)
        return row

    def _said_by(self, source: PlumbedEndpoint, own: Address, peers: Peers) -> tuple[Split, Split]:
        """Return what the sender's firewall says of its packets, and what firewall and port do."""
        host = self._world.host
        network = host.network(source.endpoint.network_id)
        sample = packet_of(self._service, own, own)
        wfp = wfp_decisions(host, network, source, _OUT, sample, peers)
        return wfp, both(wfp, vfp_decisions(network, source, _OUT, sample, peers))

    def _singly(
        self,
        block: _Block,
        number: int,
        source: PlumbedEndpoint,
        own: Address,
        wfp: Split,
        paths: _KindPaths,
        kind: int,
    ) -> Mapping[int, int]:
        """Return how packets end whose way depends on more than kinds, by the places of targets."""
        if not (paths.balanced or paths.traced):
            return {}
        drawn = {place: self._drawn(kind, source, own, place) for place in paths.balanced}
        backends = [backend for backend in drawn.values() if backend is not None]
        said = self._backends.said_by(source, own, backends)
        firewall = self._peers[own.version].spread(wfp)
        ends = {
            place: self._ended(firewall[place], said[backend], block.received_by(backend, number))
            for place, backend in drawn.items()
            if backend is not None
        }
        alone = [place for place, backend in drawn.items() if backend is None]
        return ends | {place: self._traced(source, own, place) for place in (*paths.traced, *alone)}

    def _drawn(
        self, kind: int, source: PlumbedEndpoint, own: Address, place: int
    ) -> Backend | None:
        vip = self._targets[place].address
        assert vip is not None  # noqa: S101 (only those with one are looked at)
        return self._backends.drawn(kind, source, own, vip)

    def _ended(self, firewall: StageDecision, port: StageDecision, received: int) -> int:
        """Return the number of the end of a packet that a sender's firewall and port decided on."""
        blocked = firewall.blocked or port.blocked
        if blocked is not None:
            return self._world.numbers.of(blocked)
        last = port if port.rule else firewall
        return self._world.numbers.of(last.allowed) if received == _SILENT else received

    def _endings(self, end: int, split: Split) -> dict[StageDecision, int]:
        """Return how a packet with this end without access control ends behind each decision."""
        numbers = self._world.numbers
        cell = numbers.cell(end)
        return {
            decision: numbers.of(
                decision.blocked or replace(cell, rule=decision.rule, policy=decision.policy)
            )
            for decision, _ in split
            if decision.blocked is not None or decision.rule
        }

    def _traced(self, source: PlumbedEndpoint, own: Address, place: int) -> int:
        address = self._targets[place].address
        if address is None or address.version != own.version:
            return _SILENT
        walk = self._world.trace(self._world.fabric, source, own, address, self._service).trace
        return self._world.numbers.of(_cell_of(walk))

    def _selves_of(self, source: PlumbedEndpoint, own: Address) -> list[int]:
        """Return the targets that are the sender itself."""
        return [
            place
            for address in source.addresses
            if address.version == own.version
            for place in self._places.get(address, ())
        ]

    def _unplugged(self, source: PlumbedEndpoint, own: Address) -> int:
        """Return how every packet of an endpoint ends that is not attached."""
        if self._of_unplugged is None:
            walk = self._world.trace(self._world.open, source, own, own, self._service).trace
            self._of_unplugged = self._world.numbers.of(Cell(walk.verdict, walk.reason))
        return self._of_unplugged

    def _to_itself(self, kind: int, source: PlumbedEndpoint, own: Address) -> int:
        if kind not in self._selves:
            walk = self._world.trace(self._world.open, source, own, own, self._service).trace
            self._selves[kind] = self._world.numbers.of(Cell(walk.verdict, walk.reason))
        return self._selves[kind]

    def _paths_of(
        self, kind: int, source: PlumbedEndpoint, own: Address, selves: Sequence[int]
    ) -> _KindPaths:
        """Return how the targets are reached; the sender itself is left for another of its kind."""
        if kind not in self._of_kinds:
            self._forget_much()
            self._of_kinds[kind] = _KindPaths(list(self._of_version[own.version]))
        paths = self._of_kinds[kind]
        unknown, paths.unknown = paths.unknown, []
        for place in unknown:
            if place in selves:
                paths.unknown.append(place)
            else:
                paths.add(place, self._path(source, own, kind, place))
        return paths

    def _forget_much(self) -> None:
        """Forget paths of kinds before there are so many as there are cells."""
        if len(self._paths) + len(self._of_kinds) * len(self._targets) > self._most_kept:
            self._paths.clear()
            self._of_kinds.clear()

    def _path(self, source: PlumbedEndpoint, own: Address, kind: int, place: int) -> _Path:
        """Return how the sender's packet to another ends without access control."""
        target = self._targets[place]
        endpoint, address = target.endpoint, target.address
        assert address is not None  # noqa: S101 (only those with one are looked at)
        if endpoint is None or endpoint.is_remote:
            return self._walked(source, own, target, address)
        if endpoint.policies.of(WfpProxy):
            return _TRACED
        key = (kind, self._kinds.of(endpoint, address))
        known = self._paths.get(key)
        if known is not None and known is not _OWN_WAY:
            return known
        path = self._walked(source, own, target, address)
        self._paths[key] = path if path.arrival is None else _OWN_WAY
        return path

    def _walked(
        self, source: PlumbedEndpoint, own: Address, target: Target, address: Address
    ) -> _Path:
        world = self._world
        result = world.trace(world.open, source, own, address, self._service)
        walk = result.trace
        receiver = receiver_of(result)
        if walk.backends and target.endpoint is None:
            return _BALANCED
        ends = {source.id, receiver.id if receiver else ""}
        if walk.backends or changed_before_acls(walk) or world.is_crossed(result, ends):
            return _TRACED
        if receiver is None:
            number = world.numbers.of(Cell(walk.verdict, walk.reason))
            is_first = walk.reason is Reason.NO_ROUTE and not result.counts
            return _Path(number, is_first=is_first)
        endpoint = world.fabric.host(receiver.host).endpoint(receiver.id)
        assert endpoint is not None  # noqa: S101 (it has just received)
        if walk.packet.flow != walk.sent.flow or endpoint.policies.of(WfpProxy):
            return _TRACED
        if target.endpoint is not None and target.endpoint.id == endpoint.id:
            return _PLAIN
        arrival = MetEndpoint(receiver.host, endpoint, address)
        return _Path(_SILENT, arrival)


def _peers_of(targets: Sequence[Target], version: int) -> Peers:
    addresses = (target.address for target in targets)
    return Peers(
        [
            address if address is not None and address.version == version else None
            for address in addresses
        ]
    )


def _ends(split: Split, numbers: Numbers) -> dict[StageDecision, int]:
    """Return the numbers of the cells of decisions: where they stop the packet, or pass it on."""
    return {
        decision: numbers.of(decision.blocked or decision.allowed)
        for decision in (OPEN, *(decision for decision, _ in split))
    }


def _cell_of(walk: Trace) -> Cell:
    """Return how a traced packet ended, with the last ACL rule that it met."""
    rule, policy = "", None
    for step in walk.steps:
        if step.layer == ACL_LAYER and step.rule:
            rule, policy = step.rule, step.policy
        elif step.stage == "WFP" and step.policy is not None and step.direction:
            rule, policy = "WFP", step.policy
    if walk.reason is Reason.BLOCKED_BY_DEFAULT:
        rule, policy = "", None
    return Cell(walk.verdict, walk.reason, rule, policy)
