"""An answer reaches the socket with one write, and is byte for byte what uvicorn would write."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import pytest
from starlette.types import Message
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from hnsemu.api.whole_answers import WholeAnswer

DATE = (b"date", b"Sat, 28 Nov 2026 12:00:00 GMT")
JSON = (b"Content-Type", b"application/json")


class Socket(asyncio.Transport):
    """A transport that keeps what is written to it, write by write."""

    def __init__(self) -> None:
        """Begin with nothing written."""
        super().__init__()
        self.writes: list[bytes] = []
        self.is_closed = False

    def write(self, data: Any) -> None:
        """Keep the data."""
        if data:
            self.writes.append(bytes(data))

    def close(self) -> None:
        """Write no more."""
        self.is_closed = True

    def is_closing(self) -> bool:
        """Tell whether it was closed."""
        return self.is_closed


def cycle_of(socket: Socket, method: str = "GET", *, keep_alive: bool = True) -> Any:
    scope: Any = {"type": "http", "method": method}
    return RequestResponseCycle(
        scope=scope,
        transport=socket,
        flow=FlowControl(socket),
        logger=logging.getLogger("uvicorn.error"),
        access_logger=logging.getLogger("uvicorn.access"),
        access_log=False,
        default_headers=[DATE],
        message_event=asyncio.Event(),
        expect_100_continue=False,
        keep_alive=keep_alive,
        on_response=lambda: None,
    )


def start(status: int, *headers: tuple[bytes, bytes]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(data: bytes, *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}


def length(size: int) -> tuple[bytes, bytes]:
    return (b"content-length", b"%d" % size)


async def answered(send: Any, messages: Sequence[Message]) -> None:
    for message in messages:
        await send(message)


WHOLE = [
    pytest.param("GET", [start(200, length(2), JSON), body(b"{}")], id="a document"),
    pytest.param("HEAD", [start(200, length(2), JSON), body(b"")], id="the head of one"),
    pytest.param("DELETE", [start(204), body(b"")], id="nothing"),
    pytest.param("GET", [start(499, length(2)), body(b"{}")], id="a status without a phrase"),
    pytest.param("POST", [start(200, length(0)), body(b"")], id="an empty document"),
]
IN_PARTS = [
    pytest.param(
        "GET", [start(200, length(4)), body(b"ab", more=True), body(b"cd")], id="in two parts"
    ),
    pytest.param("GET", [start(200), body(b"a", more=True), body(b"")], id="of unknown length"),
    pytest.param("GET", [start(200, (b"connection", b"close"), length(1)), body(b"a")], id="last"),
]


@pytest.mark.parametrize("keep_alive", [True, False])
@pytest.mark.parametrize(("method", "messages"), [*WHOLE, *IN_PARTS])
async def test_an_answer_is_what_uvicorn_would_write(
    method: str, messages: list[Message], *, keep_alive: bool
) -> None:
    theirs, ours = Socket(), Socket()
    await answered(cycle_of(theirs, method, keep_alive=keep_alive).send, messages)
    cycle = cycle_of(ours, method, keep_alive=keep_alive)
    await answered(WholeAnswer(cycle).send, messages)
    assert b"".join(ours.writes) == b"".join(theirs.writes)
    assert ours.is_closed == theirs.is_closed
    assert cycle.response_complete


@pytest.mark.parametrize(("method", "messages"), WHOLE)
async def test_a_whole_answer_is_one_write(method: str, messages: list[Message]) -> None:
    socket = Socket()
    await answered(WholeAnswer(cycle_of(socket, method)).send, messages)
    assert len(socket.writes) == 1


async def test_the_head_of_a_stream_waits_for_nothing() -> None:
    socket = Socket()
    await WholeAnswer(cycle_of(socket)).send(start(200, (b"content-type", b"text/event-stream")))
    assert socket.writes[0].startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param([start(200, length(2), (b"x", b"a\r\nb: c")), body(b"{}")], id="a line more"),
        pytest.param([start(200, length(2), (b"x\n", b"a")), body(b"{}")], id="no name"),
        pytest.param([start(200, length(3)), body(b"{}")], id="too short"),
        pytest.param([start(200, length(1)), body(b"{}")], id="too long"),
        pytest.param([start(200, length(2)), start(200, length(2))], id="two heads"),
    ],
)
async def test_what_is_no_answer_is_refused_as_uvicorn_does(messages: list[Message]) -> None:
    with pytest.raises(RuntimeError) as theirs:
        await answered(cycle_of(Socket()).send, messages)
    with pytest.raises(RuntimeError) as ours:
        await answered(WholeAnswer(cycle_of(Socket())).send, messages)
    assert str(ours.value) == str(theirs.value)


async def test_nothing_is_written_to_a_client_that_has_gone() -> None:
    socket = Socket()
    send = WholeAnswer(cycle_of(socket)).send
    await send(start(200, length(2)))
    socket.close()
    await send(body(b"{}"))
    assert socket.writes == []
