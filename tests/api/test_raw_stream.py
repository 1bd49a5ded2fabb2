"""Requests that offer `Upgrade: tcp`, over real connections."""

import asyncio
import socket
import threading
from collections.abc import Iterator

import anyio
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message

from hnsemu.api.raw_stream import EXTENSION, Stream, StreamResponse
from hnsemu.protocol import UpgradeProtocol
from tests.waiting import PATIENCE

OFFER = "Connection: Upgrade\r\nUpgrade: tcp\r\n"


async def echo(request: Request) -> Response:
    """Take the offer up; repeat the body, then all that comes, and say when it ends."""
    body = await request.body()

    async def converse(stream: Stream) -> None:
        await stream.write(b"body " + body + b"\n")
        while data := await stream.read():
            await stream.write(data)
        await stream.write(b"end")

    return StreamResponse(converse, {"content-type": "application/x-raw"})


async def refuse(_request: Request) -> Response:
    return PlainTextResponse("no", 409)


async def refuse_with_body(request: Request) -> Response:
    return PlainTextResponse(await request.body(), 404)


async def large(_request: Request) -> Response:
    async def converse(stream: Stream) -> None:
        for _ in range(64):
            await stream.write(b"x" * 65536)

    return StreamResponse(converse, {})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Return the port of a server that speaks our protocol."""
    routes = [
        Route(f"/{handler.__name__}", handler, methods=["GET", "POST"])
        for handler in (echo, refuse, refuse_with_body, large)
    ]
    config = uvicorn.Config(
        Starlette(routes=routes), http=UpgradeProtocol, ws="none", log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(PATIENCE)


@pytest.fixture
def connection(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as opened:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield opened


def request(path: str, body: bytes = b"", headers: str = OFFER) -> bytes:
    head = f"POST /{path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{headers}\r\n".encode() + body


def everything(connection: socket.socket) -> tuple[bytes, bytes]:
    """Read until the server closes; return the head and what follows it."""
    received = b""
    while data := connection.recv(65536):
        received += data
    head, _, rest = received.partition(b"\r\n\r\n")
    return head, rest


def read_until(connection: socket.socket, end: bytes) -> bytes:
    received = b""
    while end not in received:
        data = connection.recv(65536)
        assert data, received
        received += data
    return received


def test_an_offer_that_is_taken_up_becomes_a_stream(connection: socket.socket) -> None:
    connection.sendall(request("echo", b"{}"))
    head = read_until(connection, b"body {}\n")
    assert head.startswith(b"HTTP/1.1 101 UPGRADED\r\n")
    assert b"connection: Upgrade\r\nupgrade: tcp\r\n" in head
    assert b"transfer-encoding" not in head
    connection.sendall(b"one")
    assert read_until(connection, b"one") == b"one"


def test_the_server_answers_on_after_the_client_has_ended_its_half(
    connection: socket.socket,
) -> None:
    connection.sendall(request("echo"))
    connection.sendall(b"typed")
    connection.shutdown(socket.SHUT_WR)
    assert everything(connection)[1] == b"body \ntypedend"


def test_what_comes_with_the_request_belongs_to_the_stream(connection: socket.socket) -> None:
    connection.sendall(request("echo", b'{"Tty":false}') + b"GET / HTTP/1.1\r\n\r\n")
    connection.shutdown(socket.SHUT_WR)
    assert everything(connection)[1] == b'body {"Tty":false}\nGET / HTTP/1.1\r\n\r\nend'


@pytest.mark.parametrize("size", [1, 3, 50])
def test_a_request_in_pieces_keeps_its_body_and_its_stream(
    connection: socket.socket, size: int
) -> None:
    sent = request("echo", b"0123456789") + b"typed"
    for start in range(0, len(sent), size):
        connection.sendall(sent[start : start + size])
    connection.shutdown(socket.SHUT_WR)
    assert everything(connection)[1] == b"body 0123456789\ntypedend"


def test_a_refused_offer_leaves_a_connection_for_the_next_request(
    connection: socket.socket,
) -> None:
    connection.sendall(request("refuse", b"unread body") + request("refuse_with_body", b"read"))
    answers = read_until(connection, b"read")
    assert answers.count(b"HTTP/1.1 ") == 2
    assert b"HTTP/1.1 409" in answers
    assert answers.endswith(b"\r\n\r\nread")


def test_a_body_that_is_refused_before_it_arrives_is_not_the_next_request(
    connection: socket.socket,
) -> None:
    sent = request("refuse", b"GET /echo HTTP/1.1\r\n\r\n")
    head, body = sent[:-22], sent[-22:]
    connection.sendall(head)
    read_until(connection, b"no")
    connection.sendall(body + request("refuse_with_body", b"second"))
    assert read_until(connection, b"second").startswith(b"HTTP/1.1 404")


def test_a_client_that_offers_nothing_gets_our_half(connection: socket.socket) -> None:
    connection.sendall(request("large", headers="Connection: close\r\n"))
    head, body = everything(connection)
    assert head.startswith(b"HTTP/1.1 200")
    assert body.count(b"x") == 64 * 65536


def test_a_slow_reader_gets_all_of_it(connection: socket.socket) -> None:
    connection.sendall(request("large"))
    head, body = everything(connection)
    assert head.startswith(b"HTTP/1.1 101")
    assert len(body) == 64 * 65536


def test_a_stream_that_the_client_cuts_leaves_the_server_serving(
    connection: socket.socket, port: int
) -> None:
    connection.sendall(request("echo"))
    read_until(connection, b"body \n")
    connection.close()
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as another:
        another.sendall(request("refuse_with_body", b"still here"))
        assert read_until(another, b"still here").startswith(b"HTTP/1.1 404")


async def _hang_up() -> Message:
    return {"type": "http.disconnect"}


async def test_a_client_that_hangs_up_ends_a_conversation_of_several_tasks_without_a_word() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def converse(stream: Stream) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(anyio.sleep_forever)
            await stream.read()

    scope = {"type": "http", "extensions": {EXTENSION: {}}}
    await StreamResponse(converse, {})(scope, _hang_up, send)
    assert [message["type"] for message in sent] == ["http.response.start"]
