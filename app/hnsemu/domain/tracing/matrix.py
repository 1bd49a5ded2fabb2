"""A reachability matrix: the question, and the answer with each outcome stored once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hnsemu.domain.packet import Address
from hnsemu.domain.tracing.verdicts import Cell
from hnsemu.domain.tracing.walks import Service


@dataclass(frozen=True, slots=True)
class MatrixQuestion:
    """Ids or names of endpoints; None stands for every attached endpoint of the host."""

    sources: tuple[str, ...] | None
    targets: tuple[str, ...] | None
    addresses: tuple[Address, ...]
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A sender or a receiver; id, name and network are "" for a bare address.

    network: name of its network, else its id. is_attached: whether a namespace or a container
    holds it; an address alone counts as attached.
    """

    id: str
    name: str
    address: str
    network: str = ""
    is_attached: bool = True

    @property
    def title(self) -> str:
        """Return what people call it."""
        return self.name or self.id or self.address


@dataclass(frozen=True, slots=True)
class Matrix:
    """indices: into outcomes, by service, source and target.

    owners: names of the endpoints and networks whose policies decided, by their ids.
    """

    sources: tuple[Member, ...]
    targets: tuple[Member, ...]
    services: tuple[Service, ...]
    outcomes: tuple[Cell, ...]
    indices: list[list[list[int]]]
    owners: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MatrixInRows:
    """The same, to be read once: the rows of each port by source, each with a place per target.

    outcomes: of the rows that were read so far. owners: as in `Matrix`, when all were read.
    """

    sources: tuple[Member, ...]
    targets: tuple[Member, ...]
    services: tuple[Service, ...]
    rows: Iterable[Iterable[list[int]]]
    outcomes: Sequence[Cell]
    owners: Callable[[], Mapping[str, str]]


def grouped(matrix: Matrix) -> Matrix:
    """Return the matrix with the members of a network side by side, networks as they come first."""
    rows, columns = _by_network(matrix.sources), _by_network(matrix.targets)
    return replace(
        matrix,
        sources=tuple(matrix.sources[row] for row in rows),
        targets=tuple(matrix.targets[column] for column in columns),
        indices=[
            [[part[row][column] for column in columns] for row in rows] for part in matrix.indices
        ],
    )


def _by_network(members: Sequence[Member]) -> list[int]:
    order: dict[str, list[int]] = {}
    for number, member in enumerate(members):
        order.setdefault(member.network, []).append(number)
    return [number for numbers in order.values() for number in numbers]
