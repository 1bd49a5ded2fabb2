"""What is watched of a host that has just been created."""

from hnsemu.domain.host_definition import new_host
from hnsemu.domain.hosts import HostDefinition
from hnsemu.domain.journal import JournalSettings
from hnsemu.domain.watch import UNWATCHED, Watch, first_watch


def test_a_new_host_with_a_journal_is_watched_as_its_row_says() -> None:
    host = new_host("node", 0, HostDefinition(journal=True), now=7)
    assert first_watch(host, has_journal=True) == Watch(
        host.key, 1, JournalSettings(), (), host.release
    )
    assert host.watched == 1


def test_a_new_host_without_a_journal_is_not_watched() -> None:
    host = new_host("node", 0, HostDefinition(), now=7)
    assert first_watch(host, has_journal=False) == UNWATCHED
    assert host.watched == 0
