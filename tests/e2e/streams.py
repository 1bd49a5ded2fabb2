"""Clients of event streams, over the network."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.waiting import PATIENCE


@dataclass
class Event:
    """What stands between two empty lines of a stream."""

    comment: str = ""
    id: str = ""
    event: str = ""
    data: Any = None

    @property
    def subject(self) -> str:
        """Return the ID of the object that the notification is about."""
        return str(self.data["NotificationData"].get("ID", ""))


def events(response: httpx.Response) -> Iterator[Event]:
    """Yield the events of a stream, and its comments."""
    event = Event()
    for line in response.iter_lines():
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            yield event
            event = Event()
        elif not name:
            event.comment = value
        else:
            setattr(event, name, json.loads(value) if name == "data" else value)


@contextmanager
def listening(
    url: str, last: str | None = None, timeout: float = PATIENCE
) -> Iterator[tuple[Event, Iterator[Event]]]:
    """Open a stream; the block begins when it is connected. Yield its first comment and the rest.

    last: the number of the last known event, from which the stream continues.
    """
    headers = {} if last is None else {"Last-Event-ID": last}
    with httpx.stream("GET", url, headers=headers, timeout=timeout) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["Content-Type"].startswith("text/event-stream")
        following = events(response)
        first = next(following)
        assert first.comment
        yield first, following


def news(following: Iterator[Event], count: int) -> list[Event]:
    """Return the next `count` notifications."""
    notifications = (event for event in following if event.data is not None)
    return [next(notifications) for _ in range(count)]


@dataclass
class Listener:
    """A client that reads a stream in a thread until the stream ends or breaks."""

    url: str
    last: str | None = None
    notifications: list[Event] = field(default_factory=list)
    comments: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start the thread; return when it is connected."""
        self._connected = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._connected.wait(PATIENCE)

    def join(self) -> "Listener":
        """Wait for the end of the stream."""
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        return self

    def _run(self) -> None:
        try:
            with listening(self.url, self.last) as (first, following):
                self.comments.append(first)
                self._connected.set()
                for event in following:
                    (self.comments if event.data is None else self.notifications).append(event)
        except httpx.TransportError:
            return  # the server died
        finally:
            self._connected.set()
