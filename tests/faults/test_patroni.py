"""A database of two servers that outlives either: nothing is lost, and the service finds back."""

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import pytest

from hnsemu.storage.migrate import upgrade
from tests.e2e.load import Load, check_nothing_is_lost_or_half_there
from tests.e2e.servers import serving
from tests.e2e.streams import Event, events, listening, news
from tests.faults.patroni import Pair, pair
from tests.waiting import PATIENCE

_CREATED = 201
_DEATHS = 3


@pytest.fixture
def servers() -> Iterator[Pair]:
    # Not below pytest's own folder, which only its user can enter.
    with tempfile.TemporaryDirectory(prefix="hnsemu-") as folder, pair(Path(folder)) as made:
        upgrade(made.url("read-write"))
        yield made


class Announcements:
    """A client that creates namespaces, and a reader of the stream that hears of them.

    heard: the events in the order in which they came, over however many connections.
    """

    def __init__(self, url: str) -> None:
        """Take a service; both run while the block lasts."""
        self._url = url
        self._over = threading.Event()
        self._complete = threading.Event()
        self._threads = [threading.Thread(target=work) for work in (self._create, self._hear)]
        self.acknowledged: list[str] = []
        self.heard: list[Event] = []

    def __enter__(self) -> Self:
        """Start both."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the client, then the reader when it has heard of everything."""
        creating, hearing = self._threads
        self._over.set()
        creating.join()
        self._complete.wait(PATIENCE)
        self._complete.set()
        hearing.join()

    def _create(self) -> None:
        with httpx.Client(base_url=self._url, timeout=PATIENCE) as client:
            while not self._over.wait(0.05):
                answer = client.post("/v2/namespaces", json={"SchemaVersion": {"Major": 2}})
                if answer.status_code == _CREATED:
                    self.acknowledged.append(answer.json()["ID"])

    def _hear(self) -> None:
        """Follow the stream, and take it up again behind the last number whenever it ends."""
        seen = "0"
        with httpx.Client(base_url=self._url, timeout=PATIENCE) as client:
            while not self._complete.wait(0.05):
                headers = {"Last-Event-ID": seen}
                with client.stream("GET", "/v2/notifications", headers=headers) as response:
                    for event in events(response) if response.is_success else ():
                        if event.data is not None:
                            self.heard.append(event)
                        seen = event.id or seen
                        if self._heard_all():
                            self._complete.set()
                        if self._complete.is_set():
                            break

    def _heard_all(self) -> bool:
        return self._over.is_set() and {event.subject for event in self.heard} >= set(
            self.acknowledged
        )


@pytest.mark.timeout(300)
def test_leaders_killed_under_load_lose_nothing(servers: Pair) -> None:
    with serving(servers.url("read-write"), HNSEMU_KEEP_ALIVE="0.5") as server:
        with Load(server.url) as load, Announcements(server.url) as announcements:
            for _ in range(_DEATHS):
                assert load.wait_for_more(50)
                killed = servers.leader()
                killed.kill()
                assert load.wait_for_more(50)  # on the other server, which nobody told the service
                assert servers.leader() is not killed
                killed.start()
                servers.wait_until_synchronous()
        assert set(load.refusals) == {503}
        assert load.breaks == 0
        check_nothing_is_lost_or_half_there(server.url, load.acknowledged)
        heard = [(event.id, event.subject) for event in announcements.heard]
        assert {subject for _, subject in heard} >= set(announcements.acknowledged)
        with listening(f"{server.url}/v2/notifications", "0") as (_, following):
            assert heard == [(event.id, event.subject) for event in news(following, len(heard))]
        assert server.stop() == 0
