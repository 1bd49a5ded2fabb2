"""What stands for the state of the database: equal while nothing was written."""

import pytest

from hnsemu.errors import HnsError
from hnsemu.schema.base import parse
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.services import networks
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns

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
