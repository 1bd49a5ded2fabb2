"""A reachability matrix: the question, and the answer with each outcome stored once."""

from dataclasses import dataclass

from hnsemu.domain.packet import Address
from hnsemu.domain.tracing.reachability import Service
from hnsemu.domain.tracing.verdicts import Cell


@dataclass(frozen=True, slots=True)
class MatrixQuestion:
    """Ids or names of endpoints; None stands for every attached endpoint of the host."""

    sources: tuple[str, ...] | None
    targets: tuple[str, ...] | None
    addresses: tuple[Address, ...]
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A sender or a receiver; id and name are "" for a bare address."""

    id: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """indices: into outcomes, by service, source and target."""

    sources: tuple[Member, ...]
    targets: tuple[Member, ...]
    services: tuple[Service, ...]
    outcomes: tuple[Cell, ...]
    indices: list[list[list[int]]]
