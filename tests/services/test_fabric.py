"""What the data plane reads of a host, and what of it stays in memory."""

import gc

import pytest

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.services.dataplane import fabric
from hnsemu.services.dataplane.fabric import StoredFabric, StoredHost
from hnsemu.storage.transaction import Hns, Transaction, reads
from tests.services.pods import overlay, pod

_MANY, _AT_ONCE = 30, 4


def _in_memory() -> int:
    return sum(isinstance(found, PlumbedEndpoint) for found in gc.get_objects())


def test_the_endpoints_of_a_network_are_not_in_memory_together(
    hns: Hns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fabric, "_AT_ONCE", _AT_ONCE)
    network = overlay(hns)
    created = [pod(hns, network).id for _ in range(_MANY)]
    before = _in_memory()

    @reads
    def walk(tx: Transaction) -> tuple[list[str], int]:
        host: StoredHost = StoredFabric(tx).host(tx.host.name)
        ids, most = [], 0
        for endpoint in host.endpoints(network.id):
            ids.append(endpoint.id)
            most = max(most, _in_memory() - before)
        return ids, most

    ids, most = walk(hns)
    assert ids == created
    assert most <= 2
