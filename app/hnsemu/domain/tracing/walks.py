"""The packets of a matrix: where they walk, whom they meet, and how they end, by number."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.fabric import Fabric, HostFabric
from hnsemu.domain.packet import TCP, Address, Direction, Packet
from hnsemu.domain.tracing.acl_free import AclFreeFabric
from hnsemu.domain.tracing.model import Arrival, ArrivalKind, Reason, Trace
from hnsemu.domain.tracing.ports import Ports
from hnsemu.domain.tracing.question import Origin, OriginKind, TraceQuestion
from hnsemu.domain.tracing.trace import TraceResult, trace
from hnsemu.domain.tracing.verdicts import Cell
from hnsemu.domain.vfp.container_port import L4_PROXY, LB_DSR

_BEFORE_ACLS = {LB_DSR, L4_PROXY}
_SOURCE_PORT = 40000
_ENDPOINTS = {ArrivalKind.ENDPOINT, ArrivalKind.PROXY}
_MOST_PORTS = 1000  # about 23 kB each

Row = list[int]
"""For each target the place of its cell among the outcomes."""


@dataclass(frozen=True, slots=True)
class Service:
    """A port to try: protocol number and destination port, 0 for protocols without ports."""

    protocol: int
    port: int


@dataclass(frozen=True, slots=True, eq=False)
class MetEndpoint:
    """An endpoint that receives a packet: name of its host, itself, the address it is met by."""

    host: str
    endpoint: PlumbedEndpoint
    address: Address


class Numbers:
    """Cells as numbers while rows are put together, and their places among the outcomes.

    A cell becomes an outcome when a row shows it, so that outcomes stand as rows meet them.
    """

    def __init__(self) -> None:
        """Know no cell yet."""
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


@dataclass(frozen=True, slots=True)
class World:
    """Where packets walk, with access control and without, and the cells that come of it."""

    fabric: Fabric
    open: AclFreeFabric
    home: str
    numbers: Numbers
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
        question = TraceQuestion(origin, packet_of(service, own, to))
        ports = self.ports if fabric is self.fabric else None  # others know no ACLs
        return trace(fabric, self.home, question, ports)[0]

    def is_crossed(self, result: TraceResult, ends: AbstractSet[str]) -> bool:
        """Tell whether the ACLs of others than the sender and the receiver have a say."""
        return any(
            self.fabric.host(count.host).endpoint(count.owner_id) is not None
            for count in result.counts
            if count.owner_id not in ends
        )


def packet_of(service: Service, source: Address, destination: Address) -> Packet:
    """Return the packet that tries a service of an address."""
    return Packet(
        protocol=service.protocol,
        source=source,
        destination=destination,
        source_port=_SOURCE_PORT if service.port else 0,
        destination_port=service.port,
        tcp_flags=("SYN",) if service.protocol == TCP else (),
    )


def receiver_of(result: TraceResult) -> Arrival | None:
    """Return the endpoint that gets the packet, be it to refuse it for want of an ACL."""
    walk = result.trace
    if walk.reason is Reason.BLOCKED_BY_DEFAULT and walk.steps[-1].direction == Direction.IN:
        last = result.counts[-1]
        return Arrival(ArrivalKind.ENDPOINT, last.owner_id, last.host)
    arrival = walk.delivered_to
    return arrival if arrival is not None and arrival.kind in _ENDPOINTS else None


def changed_before_acls(walk: Trace) -> list[tuple[str, str]]:
    """Return the layers that changed the packet before ACLs saw it, with their directions."""
    return [
        (step.layer, step.direction)
        for step in walk.steps
        if step.changed and step.layer in _BEFORE_ACLS
    ]
