"""What stands for the state of the database: equal while nothing was written."""

import pytest

from hnsemu.domain.clock import ClockChange
from hnsemu.errors import HnsError
from hnsemu.schema.base import parse
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.services import hosts, networks
from hnsemu.services.clock import change_clock
from hnsemu.storage import networks as storage_of_networks
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns, Transaction, writes

NETWORK = parse(HostComputeNetwork, {"Name": "one", "Type": "Private"})


def test_every_commit_is_another_state(hns: Hns, database: Database) -> None:
    seen = [database.state()]
    created = networks.create_network(hns, NETWORK)
    seen.append(database.state())
    networks.delete_network(hns, created.id)
    seen.append(database.state())
    assert len(set(seen)) == len(seen)


def test_only_what_is_written_makes_another_state(hns: Hns, database: Database) -> None:
    """On PostgreSQL so do transactions of other databases, which costs a reading."""
    created = networks.create_network(hns, NETWORK)
    before = database.state()
    networks.get_network(hns, created.id)
    with pytest.raises(HnsError):
        networks.create_network(hns, NETWORK)
    assert not database.is_sqlite or database.state() == before


def test_another_process_has_other_states_of_sqlite(database: Database) -> None:
    other = Database(database.url)
    try:
        assert not database.is_sqlite or other.state() != database.state()
    finally:
        other.dispose()


def test_what_one_host_does_leaves_the_state_of_others(hns: Hns, database: Database) -> None:
    other = Hns(database, "other", hns.source)
    hosts.ensure_host(other)
    before = database.state({"default"}), database.state({"other"}), database.state()
    networks.create_network(other, NETWORK)
    after = database.state({"default"}), database.state({"other"}), database.state()
    assert before[1] != after[1]
    assert before[2] != after[2]
    assert not database.is_sqlite or before[0] == after[0]
    both = database.state({"default", "other"})
    assert both != before[0]
    assert not database.is_sqlite or both != after[0]


def test_what_may_change_every_host_changes_the_state_of_each(hns: Hns, database: Database) -> None:
    before = database.state({"default"})
    change_clock(hns, ClockChange(advance=60))
    assert database.state({"default"}) != before


def test_a_host_that_a_transaction_goes_on_with_has_another_state(
    hns: Hns, database: Database
) -> None:
    other = Hns(database, "other", hns.source)
    hosts.ensure_host(other)
    before = database.state({"other"})
    wake_beside(hns, "other")
    assert database.state({"other"}) != before


@writes
def wake_beside(tx: Transaction, name: str) -> None:
    storage_of_networks.all_of(tx.on(name))
