"""The ring of the daemon's events."""

import pytest

from hnsemu.docker.domain.events import Event
from hnsemu.docker.services.daemon import start_at_first_request
from hnsemu.docker.storage import events
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


def test_events_are_numbered_in_the_order_in_which_they_happened(daemon: Hns) -> None:
    before = append(daemon, "create", "connect")
    append(daemon, "destroy")
    assert seen(daemon, before) == [
        (before + 1, "create"),
        (before + 2, "connect"),
        (before + 3, "destroy"),
    ]


def test_the_oldest_events_go(daemon: Hns) -> None:
    before = append(daemon, *(["connect"] * events.KEPT))
    append(daemon, "destroy")
    assert seen(daemon, before)[0] == (before + 2, "connect")


def test_events_are_read_in_pages(daemon: Hns) -> None:
    before = append(daemon, *(["connect"] * (events.PAGE + 1)))
    assert len(seen(daemon, before)) == events.PAGE
    assert len(seen(daemon, before + events.PAGE)) == 1
