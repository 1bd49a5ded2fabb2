"""Clients that send half a request, or hang up: their connections end, and the log is quiet."""

import json
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pytest

from tests.e2e.servers import Server, serving
from tests.e2e.test_http import OFFER, answer, network, post
from tests.waiting import PATIENCE

TIMEOUT = 1.0


class Quiet:
    """A server with a short time limit, and its log."""

    def __init__(self, server: Server, log: IO[str]) -> None:
        """Keep both."""
        self.server, self._log = server, log

    @contextmanager
    def connection(self) -> Iterator[socket.socket]:
        """Open a connection."""
        host, _, port = self.server.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as opened:
            yield opened

    def log(self) -> str:
        """Return what was logged."""
        self._log.seek(0)
        return self._log.read()


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quiet]:
    database = tmp_path_factory.mktemp("slow") / "hnsemu.db"
    with (
        tempfile.TemporaryFile("w+") as log,
        serving(f"sqlite:///{database}", stderr=log, HNSEMU_REQUEST_TIMEOUT=str(TIMEOUT)) as server,
    ):
        yield Quiet(server, log)


WHOLE = post("/v2/networks", network("slow"))
OFFERED = post("/v2/networks", network("slow"), OFFER)
CHUNKS = (
    b"POST /v2/networks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"
)


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET /v2/netw", id="half a line"),
        pytest.param(b"GET /v2/networks HTTP/1.1\r\nHost: local", id="half the headers"),
        pytest.param(WHOLE[:-5], id="half the body"),
        pytest.param(OFFERED[:-5], id="half the body behind an offer"),
        pytest.param(CHUNKS, id="half the chunks"),
    ],
)
def test_half_a_request_is_answered_408_and_ended(quiet: Quiet, part: bytes) -> None:
    with quiet.connection() as connection:
        connection.sendall(part)
        status, headers, body = answer(connection)
        assert status == 408
        assert headers["connection"] == "close"
        assert "HNSEMU_REQUEST_TIMEOUT" in json.loads(body)["Detail"]
        assert connection.recv(1) == b""
    assert quiet.log() == ""


def test_a_trickle_is_no_excuse(quiet: Quiet) -> None:
    with quiet.connection() as connection, pytest.raises(ConnectionError):
        trickle(connection)


def trickle(connection: socket.socket) -> None:
    """Send a request byte by byte, for ten times the limit."""
    for byte in WHOLE[:-1].ljust(200):
        connection.sendall(bytes([byte]))
        time.sleep(TIMEOUT / 20)


def test_a_client_that_hangs_up_is_no_error(quiet: Quiet) -> None:
    for _ in range(3):
        with quiet.connection() as connection:
            connection.sendall(WHOLE[:-5])
    assert quiet.server.get("/livez").status_code == 200
    assert quiet.log() == ""
