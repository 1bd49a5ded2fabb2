"""Which endpoint reaches which on which port: each cell says how a trace of its packet would end.

A walk without access control is the same for endpoints that are alike, so it is traced once for
each kind of sender and receiver, and for each kind of sender and bare address; what ACLs and
firewalls say is worked out for all peers of an endpoint at once (`verdicts`). Most cells are then
what the receiver says, with what the sender blocks written over it. Cells that none of this
covers are traced one by one.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.fabric import Fabric, HostFabric
from hnsemu.domain.packet import TCP, Address, Direction, Packet
from hnsemu.domain.tracing.acl_free import AclFreeFabric
from hnsemu.domain.tracing.kinds import Kinds
from hnsemu.domain.tracing.model import Arrival, ArrivalKind, Reason, Trace, Verdict
from hnsemu.domain.tracing.ports import Ports
from hnsemu.domain.tracing.question import Origin, OriginKind, TraceQuestion
from hnsemu.domain.tracing.trace import TraceResult, trace
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
from hnsemu.domain.vfp.acl import ACL_LAYER
from hnsemu.domain.vfp.container_port import L4_PROXY, LB_DSR
from hnsemu.domain.wfp import WfpProxy

_SOURCE_PORT = 40000
_OUT, _IN = Direction.OUT, Direction.IN
_SILENT = -1
_BEFORE_ACLS = {LB_DSR, L4_PROXY}
_ENDPOINTS = {ArrivalKind.ENDPOINT, ArrivalKind.PROXY}
_MOST_KEPT = 1 << 20
_MOST_PORTS = 1000  # about 23 kB each
_NOWHERE = Cell(Verdict.DROPPED, Reason.NO_ROUTE)

Row = list[int]
"""For each target the place of its cell among `Reachability.outcomes`."""


@dataclass(frozen=True, slots=True)
class Service:
    """A port to try: protocol number and destination port, 0 for protocols without ports."""

    protocol: int
    port: int


@dataclass(frozen=True, slots=True)
class Target:
    """What the packet is for: an endpoint by its address, or a bare address."""

    address: Address | None
    endpoint: PlumbedEndpoint | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Arrival:
    """An endpoint that receives a packet: name of its host, itself, the address it is met by."""

    host: str
    endpoint: PlumbedEndpoint
    address: Address


@dataclass(frozen=True, slots=True, eq=False)
class _Path:
    """How packets end without access control: number of the cell, and who receives them.

    arrival:  None when no endpoint does, or the target itself (`_PLAIN`).
    is_first: whether they end in the sender's compartment, before its port has a say.
    """

    number: int
    arrival: _Arrival | None = None
    is_first: bool = False


_PLAIN = _Path(_SILENT)
"""The target receives the packet as it was sent."""

_TRACED = _Path(_SILENT)
"""The way depends on more than kinds: each packet is traced."""

_OWN_WAY = _Path(_SILENT)
"""The way depends on which target of the kind it is."""


@dataclass(slots=True)
class _KindPaths:
    """How the targets of a kind of sender are reached, by their places, unless it is plainly.

    unknown:  not looked at yet.
    arrivals: who receives what is for them.
    ends:     those with the same end, by its number and whether the firewall alone comes before it.
    traced:   those that are traced packet by packet.
    """

    unknown: list[int]
    arrivals: dict[int, _Arrival] = field(default_factory=dict)
    ends: dict[tuple[int, bool], list[int]] = field(default_factory=dict)
    traced: list[int] = field(default_factory=list)

    def add(self, place: int, path: _Path) -> None:
        """Note how a target is reached."""
        if path is _TRACED:
            self.traced.append(place)
        elif path.arrival is not None:
            self.arrivals[place] = path.arrival
        elif path is not _PLAIN:
            self.ends.setdefault((path.number, path.is_first), []).append(place)


class _Numbers:
    """Cells as numbers while rows are put together, and their places among the outcomes.

    A cell becomes an outcome when a row shows it, so that outcomes stand as rows meet them.
    """

    def __init__(self) -> None:
        self.outcomes: list[Cell] = []
        self._cells: list[Cell] = []
        self._known: dict[Cell, int] = {}
        self._places: dict[int, int] = {}

    def of(self, cell: Cell) -> int:
        """Return the number of a cell."""
        if cell not in self._known:
            self._known[cell] = len(self._cells)
            self._cells.append(cell)
        return self._known[cell]

    def cell(self, number: int) -> Cell:
        """Return the cell of a number."""
        return self._cells[number]

    def shown(self, row: Sequence[int]) -> Row:
        """Return the places among the outcomes for a row of numbers."""
        for number in dict.fromkeys(row):
            if number not in self._places:
                self._places[number] = len(self.outcomes)
                self.outcomes.append(self._cells[number])
        return [self._places[number] for number in row]


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
        self._world = _World(fabric, AclFreeFabric(fabric), home, _Numbers())
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


@dataclass(frozen=True, slots=True)
class _World:
    """Where packets walk, with access control and without, and the cells that come of it."""

    fabric: Fabric
    open: AclFreeFabric
    home: str
    numbers: _Numbers
    ports: Ports = field(default_factory=lambda: Ports(_MOST_PORTS))

    @property
    def host(self) -> HostFabric:
        """Return the host of the senders."""
        return self.fabric.host(self.home)

    def trace(
        self, fabric: Fabric, source: PlumbedEndpoint, own: Address, to: Address, service: Service
    ) -> TraceResult:
        """Return the walk of a packet of an endpoint."""
        origin = Origin(OriginKind.ENDPOINT, source.id)
        question = TraceQuestion(origin, _packet(service, own, to))
        ports = self.ports if fabric is self.fabric else None  # others know no ACLs
        return trace(fabric, self.home, question, ports)[0]


class _Block:
    """What receivers say to a block of senders."""

    def __init__(
        self,
        world: _World,
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
            else self._column(_Arrival(world.home, target.endpoint, target.address))
            for target in targets
        ]
        self._of_kinds: dict[int, tuple[int, list[list[int]]]] = {}

    def received(self, kind: int, paths: _KindPaths, number: int) -> list[int]:
        """Return what each target makes of the packet of a sender of the kind: numbers of cells.

        `_SILENT` where neither its port nor its firewall has a say.
        """
        known, columns = self._of_kinds.get(kind, (0, self._plain))
        if known != len(paths.arrivals):
            columns = list(self._plain)
            for place, arrival in paths.arrivals.items():
                columns[place] = self._column(arrival)
            self._of_kinds[kind] = (len(paths.arrivals), columns)
        return [column[number] for column in columns]

    def _column(self, arrival: _Arrival) -> list[int]:
        host, endpoint = self._world.fabric.host(arrival.host), arrival.endpoint
        sample = _packet(self._service, arrival.address, arrival.address)
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
        world: _World,
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
        for place in paths.traced:
            row[place] = self._traced(source, own, place)
        for place in selves:
            row[place] = self._to_itself(kind, source, own)
        return row

    def _said_by(self, source: PlumbedEndpoint, own: Address, peers: Peers) -> tuple[Split, Split]:
        """Return what the sender's firewall says of its packets, and what firewall and port do."""
        host = self._world.host
        network = host.network(source.endpoint.network_id)
        sample = _packet(self._service, own, own)
        wfp = wfp_decisions(host, network, source, _OUT, sample, peers)
        return wfp, both(wfp, vfp_decisions(network, source, _OUT, sample, peers))

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
        receiver = _receiver_of(result)
        if walk.backends or self._is_crossed(result, {source.id, receiver.id if receiver else ""}):
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
        arrival = _Arrival(receiver.host, endpoint, address)
        return _Path(_SILENT, arrival)

    def _is_crossed(self, result: TraceResult, ends: AbstractSet[str]) -> bool:
        """Tell whether the ACLs of others, or of the sender for another address, have a say."""
        if any(step.changed and step.layer in _BEFORE_ACLS for step in result.trace.steps):
            return True
        return any(
            self._world.fabric.host(count.host).endpoint(count.owner_id) is not None
            for count in result.counts
            if count.owner_id not in ends
        )


def _receiver_of(result: TraceResult) -> Arrival | None:
    """Return the endpoint that gets the packet, be it to refuse it for want of an ACL."""
    walk = result.trace
    if walk.reason is Reason.BLOCKED_BY_DEFAULT and walk.steps[-1].direction == _IN:
        last = result.counts[-1]
        return Arrival(ArrivalKind.ENDPOINT, last.owner_id, last.host)
    arrival = walk.delivered_to
    return arrival if arrival is not None and arrival.kind in _ENDPOINTS else None


def _peers_of(targets: Sequence[Target], version: int) -> Peers:
    addresses = (target.address for target in targets)
    return Peers(
        [
            address if address is not None and address.version == version else None
            for address in addresses
        ]
    )


def _ends(split: Split, numbers: _Numbers) -> dict[StageDecision, int]:
    """Return the numbers of the cells of decisions: where they stop the packet, or pass it on."""
    return {
        decision: numbers.of(decision.blocked or decision.allowed)
        for decision in (OPEN, *(decision for decision, _ in split))
    }


def _packet(service: Service, source: Address, destination: Address) -> Packet:
    return Packet(
        protocol=service.protocol,
        source=source,
        destination=destination,
        source_port=_SOURCE_PORT if service.port else 0,
        destination_port=service.port,
        tcp_flags=("SYN",) if service.protocol == TCP else (),
    )


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
