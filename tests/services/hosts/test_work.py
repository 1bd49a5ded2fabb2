"""A test begins with a host of its own and removes it: few statements, and none built again."""

from dataclasses import replace

import pytest

from hnsemu.domain.hosts import HostDefinition
from hnsemu.domain.journal import Call, CallMatch, Change, JournalSettings
from hnsemu.services import hosts, journal, objects
from hnsemu.storage.transaction import Hns
from tests.conftest import DATABASES
from tests.services.vnics import bridge
from tests.statements import built_for, sent_to
from tests.work import calls


def of_work(statements: list[str]) -> list[str]:
    """Return the statements without those that begin, end and announce a transaction."""
    control = ("BEGIN", "COMMIT", "SELECT pg_notify")
    return [statement for statement in statements if not statement.startswith(control)]


@pytest.fixture
def own(hns: Hns) -> Hns:
    """Return the HNS service of a host that does not exist yet."""
    return replace(hns, host_name="of-a-test")


def test_a_host_takes_few_statements(own: Hns) -> None:
    with sent_to(own.database) as statements:
        hosts.define_host(own, HostDefinition(journal=True))
    assert len(of_work(statements)) <= 27


def test_a_host_is_removed_by_four_statements(own: Hns) -> None:
    hosts.ensure_host(own)
    with sent_to(own.database) as statements:
        hosts.delete_host(own)
    assert len(of_work(statements)) == 4


def test_no_statement_of_a_test_is_built_again(own: Hns) -> None:
    with built_for(own.database) as statements:
        machine, _ = hosts.define_host(own, HostDefinition(journal=True))
        network = bridge(own)
        made = Change("network", network.id, is_new=True)
        call = Call("HcnCreateNetwork", "POST", "/v2/networks", changes=(made,))
        journal.store_calls(own, machine.host.key, [call], 0, 0)
        (leftover,) = hosts.remove_host(own)
    assert leftover.object_id == network.id
    assert statements == []


@pytest.mark.parametrize("count", [1, 16, 17, 600])
def test_ids_are_found_however_many_are_asked_for(hns: Hns, count: int) -> None:
    network = bridge(hns)
    ids = [network.id, *(f"missing-{number}" for number in range(count - 1))]
    assert objects.existing(hns, "networks", ids) == {network.id}
    assert objects.existing(hns, "networks", []) == set()


def test_a_new_host_is_what_a_reader_finds(own: Hns) -> None:
    for has_journal in (False, True):
        created, _ = hosts.define_host(own, HostDefinition(journal=has_journal))
        found = hosts.get_host(own)
        assert created == found
        assert created.host.watched == found.host.watched == has_journal
        hosts.delete_host(own)


def test_calls_are_stored_and_read_without_building_statements(hns: Hns) -> None:
    journal.set_journal(hns, JournalSettings())
    key = hosts.get_host(hns).host.key
    new = [Call("HcnCreateNetwork", "POST", "/v2/networks") for _ in range(20)]
    with built_for(hns.database) as statements:
        assert journal.store_calls(hns, key, new, 0, 0) == (1, False)
        _, found = journal.find_calls(hns, CallMatch())
    assert [call.number for call in found] == list(range(1, 21))
    assert statements == []


@pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)
def test_a_further_host_parses_no_text_again(own: Hns) -> None:
    def define(name: str) -> None:
        hosts.define_host(replace(own, host_name=name), HostDefinition(journal=True))

    define("first")
    hosts.delete_host(replace(own, host_name="first"))
    assert calls(lambda: define("second"), of_c=False) < 900
