"""Moments of the database: which hosts were written to between two of them."""

from collections.abc import Iterator

import pytest

from hnsemu.domain.clock import ClockChange
from hnsemu.domain.journal import JournalSettings
from hnsemu.host import SeededSource
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import clock, hosts, journal, namespaces
from hnsemu.storage.database import Database
from hnsemu.storage.marks import JOURNALS
from hnsemu.storage.transaction import Hns
from tests.conftest import DATABASES


@pytest.fixture
def other(hns: Hns) -> Hns:
    """Return a second host beside the first."""
    created = Hns(hns.database, "other", SeededSource(7))
    hosts.ensure_host(created)
    return created


def write(hns: Hns) -> None:
    namespaces.create_namespace(hns, HostComputeNamespace())


def test_a_write_is_told_of_its_host_alone(hns: Hns, other: Hns) -> None:
    before = hns.database.mark()
    write(other)
    written = hns.database.mark().written_since(before)
    assert written is not None
    assert written - {JOURNALS} == {"other"}  # whatever runs on the server counts for journals


def test_nothing_is_told_of_reading(hns: Hns) -> None:
    before = hns.database.mark()
    namespaces.list_namespaces(hns, EVERYTHING)
    written = hns.database.mark().written_since(before)
    assert written is not None
    assert written - {JOURNALS} == frozenset()


def test_a_host_that_is_removed_is_told(hns: Hns, other: Hns) -> None:
    before = hns.database.mark()
    hosts.remove_host(other)
    written = hns.database.mark().written_since(before)
    assert written is None or "other" in written


def test_the_settings_of_a_journal_are_told(hns: Hns, other: Hns) -> None:
    before = hns.database.mark()
    journal.set_journal(other, JournalSettings())
    written = hns.database.mark().written_since(before)
    assert written is None or "other" in written


@pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)
def test_what_may_concern_every_host_is_told_of_all(hns: Hns) -> None:
    before = hns.database.mark()
    clock.change_clock(hns, ClockChange(advance=1))
    assert hns.database.mark().written_since(before) is None


@pytest.fixture
def elsewhere(database_url: str) -> Iterator[Database]:
    """Return the database as another process has it open."""
    opened = Database(database_url)
    yield opened
    opened.dispose()


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
def test_a_write_elsewhere_is_told_while_it_runs_and_when_it_is_done(
    hns: Hns, other: Hns, elsewhere: Database
) -> None:
    before = hns.database.mark()
    name = other.host_name
    with elsewhere.writing() as connection:
        locked = Hns(elsewhere, name, SeededSource(8)).transaction(connection, writing=True).host
        during = hns.database.mark()
    after = hns.database.mark()
    assert locked.name in (during.written_since(before) or ())
    assert locked.name in (after.written_since(during) or ())
    assert "default" not in (after.written_since(before) or ())
