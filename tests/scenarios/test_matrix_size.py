"""A matrix that is too large is refused before any of its endpoints is read."""

import pytest

from hnsemu.domain.tracing.matrix import MatrixQuestion
from hnsemu.domain.tracing.walks import Service
from hnsemu.errors import HnsError, Hr
from hnsemu.services.dataplane import reachability
from hnsemu.storage.database import Database
from tests.scenarios.lab import Lab
from tests.statements import sent_to

WEB = Service(6, 80)


@pytest.fixture
def crowded(database: Database) -> Lab:
    lab = Lab(database)
    network = lab.network("node-1", "L2Bridge", "10.244.1.0/24", "10.244.1.1")
    for number in range(3):
        lab.pod("node-1", network, f"pod-{number}", f"10.244.1.{number + 5}")
    lab.pod("node-1", network, "unplugged", "10.244.1.9", attached=False)
    return lab


@pytest.mark.parametrize("bound", ["_MOST_CELLS", "_MOST_ENDPOINTS"])
def test_a_matrix_of_everybody_is_refused_by_their_number(
    crowded: Lab, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(reachability, bound, 2)
    question = MatrixQuestion(None, None, (), (WEB,))
    with sent_to(crowded.database) as statements, pytest.raises(HnsError) as refusal:
        reachability.reachability(crowded.host("node-1"), question)
    assert refusal.value.hr is Hr.E_INVALIDARG
    assert refusal.value.detail.startswith("3 senders, 3 receivers and 1 ports are 9 cells; ")
    assert not any("endpoints.ip_configurations" in text for text in statements)
