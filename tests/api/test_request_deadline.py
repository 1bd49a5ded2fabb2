"""The time that a client has for a request: one of each request, not of its connection."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.server import ServerState

from hnsemu.protocol import UpgradeProtocol
from tests.waiting import PATIENCE

HEAD = b"POST /v2/networks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n"


class Socket(asyncio.Transport):
    """A transport on which nothing is read or written."""

    def write(self, data: Any) -> None:
        """Write nothing."""

    def close(self) -> None:
        """Stay open."""

    def is_closing(self) -> bool:
        """Tell that it stays open."""
        return False


async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


@pytest.fixture
async def protocol() -> AsyncIterator[UpgradeProtocol]:
    """The protocol of a connection that a client has opened."""
    config = Config(answer, http=UpgradeProtocol, ws="none", log_config=None, lifespan="off")
    config.load()
    opened = UpgradeProtocol(config, ServerState(), {}, request_timeout=PATIENCE)
    opened.connection_made(Socket())
    yield opened
    opened.connection_lost(None)


async def test_the_time_begins_with_the_connection_and_again_with_the_request(
    protocol: UpgradeProtocol,
) -> None:
    of_connection = protocol._deadline
    assert of_connection is not None
    protocol.data_received(HEAD)
    assert of_connection.cancelled()
    assert protocol._deadline is not None
    assert protocol._deadline.when() >= of_connection.when()


async def test_the_time_ends_with_the_request_and_begins_with_the_next(
    protocol: UpgradeProtocol,
) -> None:
    protocol.data_received(HEAD)
    protocol.data_received(b"{")
    first = protocol._deadline
    assert first is not None
    protocol.data_received(b"}")
    assert (first.cancelled(), protocol._deadline) == (True, None)
    await asyncio.sleep(0)
    protocol.data_received(HEAD + b"{")
    assert protocol._deadline is not None
