"""The ring of the daemon's events."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from hnsemu.docker.domain.events import Event
from hnsemu.docker.services.daemon import start_at_first_request
from hnsemu.docker.storage import events
from hnsemu.docker.storage.tables import docker_events
from hnsemu.host import SeededSource
from hnsemu.storage.transaction import Hns, Transaction, reads, writes


@pytest.fixture
def daemon(hns: Hns) -> Hns:
    start_at_first_request(hns)
    return hns


@writes
def append(tx: Transaction, *actions: str) -> int:
    before = events.last_number(tx)
    events.append(tx, *(Event("network", action, "a" * 64, {"name": "nat"}) for action in actions))
    return before


@reads
def seen(tx: Transaction, number: int) -> list[tuple[int, str]]:
    return [(event.number, event.action) for event in events.after(tx, tx.host.key, number)]


@reads
def count(tx: Transaction) -> int:
    return tx.connection.scalar(select(func.count()).select_from(docker_events)) or 0


def test_events_are_numbered_in_the_order_in_which_they_happened(daemon: Hns) -> None:
    before = append(daemon, "create", "connect")
    append(daemon, "destroy")
    assert seen(daemon, before) == [
        (before + 1, "create"),
        (before + 2, "connect"),
        (before + 3, "destroy"),
    ]


def test_old_events_go(daemon: Hns) -> None:
    before = append(daemon, *(["connect"] * events.KEPT))
    later = SeededSource(start=SeededSource().filetime() + 2 * events.PATIENCE)
    append(replace(daemon, source=later), *(["destroy"] * events.KEPT))
    assert seen(daemon, 0)[0] == (before + events.KEPT + 1, "destroy")


def test_events_wait_for_those_who_are_about_to_read_them(daemon: Hns) -> None:
    before = append(daemon, "die")
    for _ in range(3):
        append(daemon, *(["disconnect"] * events.KEPT))
    assert seen(daemon, before)[0] == (before + 1, "die")


def test_what_happened_at_once_is_all_there(daemon: Hns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST", events.KEPT)
    append(daemon, "create")
    before = append(daemon, "die", *(["disconnect"] * (3 * events.KEPT)))
    assert seen(daemon, 0)[0] == (before + 1, "die")


def test_events_do_not_wait_however_many_come(daemon: Hns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST", events.KEPT)
    for _ in range(4):
        append(daemon, *(["connect"] * events.KEPT))
    assert count(daemon) <= 2 * events.KEPT


def test_events_are_read_in_pages(daemon: Hns) -> None:
    before = append(daemon, *(["connect"] * (events.PAGE + 1)))
    assert len(seen(daemon, before)) == events.PAGE
    assert len(seen(daemon, before + events.PAGE)) == 1
