"""Lists of any length: no statement takes more parameters than a database allows."""

from collections.abc import Callable

import pytest

from hnsemu.storage import adapters, nat_rules, policies, policylists
from hnsemu.storage.chunks import chunks
from hnsemu.storage.transaction import Hns, Transaction, writes

MANY = list(range(1_000_000, 1_260_000))
"""More than SQLite (250,000) and PostgreSQL (65,535) take; no row has these keys."""


def test_chunks_are_all_values_in_their_order() -> None:
    assert list(chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(chunks([])) == []


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(lambda tx: policies.of_many(tx, "endpoint", MANY), id="policies.of_many"),
        pytest.param(lambda tx: nat_rules.remove(tx, MANY), id="nat_rules.remove"),
        pytest.param(lambda tx: policylists.with_keys(tx, MANY), id="policylists.with_keys"),
        pytest.param(lambda tx: adapters.bind(tx, MANY, 0), id="adapters.bind"),
    ],
)
def test_a_list_of_any_length_is_looked_up(hns: Hns, work: Callable[[Transaction], object]) -> None:
    assert not writes(work)(hns)
