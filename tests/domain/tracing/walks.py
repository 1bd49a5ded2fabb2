"""One stage of a walk at a time: where the packet is next, or how the walk ends."""

from collections.abc import Callable
from typing import Any

import pytest

from hnsemu.domain.fabric import Fabric
from hnsemu.domain.packet import Direction, Packet
from hnsemu.domain.tracing import walks
from hnsemu.domain.tracing.flows import Flows
from hnsemu.domain.tracing.locations import Location
from hnsemu.domain.tracing.model import Result
from hnsemu.domain.tracing.ports import Ports
from hnsemu.domain.tracing.question import TraceQuestion
from hnsemu.domain.tracing.steps import End, Walk
from hnsemu.domain.tracing.trace import TraceResult, trace
from hnsemu.domain.vfp.model import VfpPort
from tests.domain.worlds import Node, packet, world

Stage = Callable[[Walk, Any], Location]


def walk_on(*nodes: Node, **members: Any) -> Walk:
    """Return a walk that begins on the first node."""
    return Walk(world(*nodes), nodes[0].name, members.pop("flows", Flows()), **members)


def walks_of_matrices(patch: pytest.MonkeyPatch) -> list[Packet]:
    """Return the packets that matrices trace from now on, as they do."""
    walked: list[Packet] = []

    def noted(
        fabric: Fabric, home: str, question: TraceQuestion, known: Ports | None
    ) -> list[TraceResult]:
        walked.append(question.packet)
        return trace(fabric, home, question, known)

    patch.setattr(walks, "trace", noted)
    return walked


def end_of(stage: Stage, walk: Walk, at: Location) -> End:
    """Return how the walk ends in this stage."""
    with pytest.raises(End) as ending:
        stage(walk, at)
    return ending.value


def results(walk: Walk) -> list[tuple[str, Result]]:
    """Return what the steps did, by stage; layers that did not match are left out."""
    return [(step.stage, step.result) for step in walk.steps if step.result is not Result.NO_MATCH]


def translated(host: str, port: VfpPort, before: str, after: str) -> Flows:
    """Return the flows after a port has changed the source of a connection to 10.9.9.9:80."""
    flows = Flows()
    flows.remember(
        (host, port.id),
        Direction.OUT,
        packet(before, "10.9.9.9"),
        packet(after, "10.9.9.9"),
        port,
    )
    return flows
