"""Every cell of a matrix says what a trace of its packet says, on random worlds."""

from ipaddress import ip_address

import hypothesis
import pytest
from hypothesis import strategies as st

from hnsemu.domain.dataplane import parse_address
from hnsemu.domain.packet import Packet
from hnsemu.domain.tracing.matrix import Matrix, MatrixQuestion
from hnsemu.domain.tracing.model import Reason, Result, Trace
from hnsemu.domain.tracing.question import Probe
from hnsemu.domain.tracing.verdicts import Cell
from hnsemu.domain.tracing.walks import Service
from hnsemu.domain.vfp.acl import ACL_LAYER
from hnsemu.services.dataplane import reachability
from hnsemu.services.dataplane.fabric import StoredFabric
from hnsemu.services.dataplane.trace import traced
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Transaction, reads
from tests.property.worlds import nat_world, settings_of, vfp_world, worlds_on
from tests.scenarios.lab import Lab

_SERVICES = (Service(6, 80), Service(17, 80), Service(1, 0))
_BARE = tuple(
    ip_address(text)
    for text in (
        *("10.96.0.10", "10.96.0.11", "10.96.0.12", "93.184.216.34"),  # services, and outside
        *("10.244.1.5", "10.244.1.6", "10.244.1.77", "10.244.2.7", "10.244.2.99"),  # on bridges
        *("172.30.0.1", "172.30.0.5", "172.30.0.6", "172.30.0.99"),  # behind NAT
        *("10.127.130.35", "10.127.130.36", "10.127.130.99"),  # hosts, and none
    )
)


@pytest.mark.parametrize("kind", ["L2Bridge", "Overlay", "NAT"])
def test_cells_agree_with_traces(kind: str, database: Database) -> None:
    lab, worlds = Lab(database, "ws2025"), worlds_on(database, 20)
    compared = 0

    @settings_of(worlds)
    @hypothesis.given(data=st.data())
    def agree(data: st.DataObject) -> None:
        nonlocal compared
        lab.clear()
        if kind == "NAT":
            nat_world(lab, data)
        else:
            vfp_world(lab, kind, data)
        question = MatrixQuestion(None, None, _BARE, _SERVICES)
        matrix = reachability.reachability(lab.host("node-1"), question)
        compared += _compare(lab, matrix)

    agree()
    assert compared > 50 * worlds


def _compare(lab: Lab, matrix: Matrix) -> int:
    @reads
    def walks(tx: Transaction) -> list[tuple[Cell, Trace]]:
        fabric = StoredFabric(tx)
        found = []
        for n, service in enumerate(matrix.services):
            for i, source in enumerate(matrix.sources):
                for j, target in enumerate(matrix.targets):
                    cell = matrix.outcomes[matrix.indices[n][i][j]]
                    asked = _asked(source.id, source.address, target.address, service)
                    found.append((cell, traced(tx, fabric, asked)[0].trace))
        return found

    pairs = walks(lab.host("node-1"))
    for cell, walk in pairs:
        assert (cell.verdict, cell.reason) == (walk.verdict, walk.reason), walk
        said = [
            step
            for step in walk.steps
            if step.result in {Result.ALLOW, Result.BLOCK}
            and (step.layer == ACL_LAYER or (step.stage == "WFP" and step.policy))
        ]
        deciding = said[-1].policy if said else None
        if cell.reason is not Reason.BLOCKED_BY_DEFAULT and walk.steps[-1].stage != "WinNAT":
            assert cell.policy == deciding, walk
    return len(pairs)


def _asked(endpoint: str, source: str, destination: str, service: Service) -> Probe:
    one, other = parse_address(source), parse_address(destination)
    assert one is not None
    assert other is not None
    sent = Packet(
        protocol=service.protocol,
        source=one,
        destination=other,
        source_port=40000 if service.port else 0,
        destination_port=service.port,
    )
    return Probe(sent, one, endpoint=endpoint)
