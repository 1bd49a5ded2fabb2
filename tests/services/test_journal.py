"""Use cases of the journal: what becomes of calls whose process is gone."""

import pytest
from sqlalchemy import text

from hnsemu.domain.hosts import HostDefinition
from hnsemu.domain.journal import Bound, Call, CallMatch, Expectation, JournalSettings
from hnsemu.errors import HnsError
from hnsemu.host import SeededSource
from hnsemu.services import hosts, journal
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.conftest import DATABASES

RUNNING = Call("docker wait", "POST", "/docker/containers/a/wait", is_running=True)


@pytest.fixture
def host_key(hns: Hns) -> int:
    """Return the key of a host whose journal is on."""
    journal.set_journal(hns, JournalSettings())
    return journal.begin_reading(hns)[0]


def lose_its_process(hns: Hns) -> None:
    """Let what a process said of its calls be as when it was killed more than a minute ago."""
    if hns.database.is_sqlite:
        journal.recover(hns)
        return
    with hns.database.writing() as connection:
        connection.execute(text("UPDATE calls SET sure_until = sure_until - 61 WHERE running"))


def outcomes(hns: Hns) -> list[tuple[int, bool, bool]]:
    """Return number, whether it runs, and whether it is lost, of each call."""
    _, calls = journal.find_calls(hns, CallMatch())
    return [(call.number, call.is_running, call.is_lost) for call in calls]


def test_a_call_whose_process_was_killed_is_lost(hns: Hns, host_key: int) -> None:
    done = Call("HcnEnumerateNetworks", "GET", "/v2/networks", status=200)
    journal.store_calls(hns, host_key, [done, RUNNING], 0, 0)
    assert outcomes(hns) == [(1, False, False), (2, True, False)]
    lose_its_process(hns)
    assert outcomes(hns) == [(1, False, False), (2, False, True)]


def test_nothing_is_proven_by_an_answer_that_is_lost(hns: Hns, host_key: int) -> None:
    journal.store_calls(hns, host_key, [RUNNING], 0, 0)
    lose_its_process(hns)
    with pytest.raises(HnsError, match="make the calls again"):
        journal.verify_calls(hns, Expectation((CallMatch(status=404),), Bound.EXACTLY, 0))
    called = Expectation((CallMatch(operation="docker wait"),), Bound.EXACTLY, 1)
    assert journal.verify_calls(hns, called).is_met


def test_calls_that_still_last_are_not_lost(hns: Hns, host_key: int) -> None:
    journal.store_calls(hns, host_key, [RUNNING, RUNNING], 0, 0)
    if not hns.database.is_sqlite:
        lose_its_process(hns)
        journal.renew_calls(hns, [(host_key, 2)])
        assert outcomes(hns) == [(1, False, True), (2, True, False)]
    journal.finish_call(hns, host_key, Call("docker wait", "POST", "/", number=1, status=200))
    assert outcomes(hns) == [(1, False, False), (2, True, False)]


@pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)
def test_numbers_that_a_killed_process_may_have_given_are_lost(database: Database) -> None:
    own = Hns(database, "own", SeededSource())
    hosts.define_host(own, HostDefinition(journal=True), 5)
    journal.recover(own)
    assert journal.get_journal(own).lost == 5
    with pytest.raises(HnsError, match="lost"):
        journal.verify_calls(own, Expectation((CallMatch(status=404),), Bound.EXACTLY, 0))
