"""Every legal form of an HTTP/1.1 request says the same, in bytes as clients send them."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.servers import PATIENCE, Server, serving

OFFER = (
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    database = tmp_path_factory.mktemp("http") / "hnsemu.db"
    with serving(f"sqlite:///{database}") as running:
        yield running


@pytest.fixture
def connection(server: Server) -> Iterator[socket.socket]:
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as opened:
        yield opened


def answer(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Read one answer: status, headers in lower case, body."""
    with connection.makefile("rb") as stream:
        status = int(stream.readline().split()[1])
        headers = dict[str, str]()
        while line := stream.readline().strip():
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        return status, headers, stream.read(int(headers.get("content-length", "0")))


def post(path: str, document: object, headers: str = "", version: str = "1.1") -> bytes:
    body = json.dumps(document)
    head = f"POST {path} HTTP/{version}\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{headers}\r\n{body}".encode()


def network(name: str) -> dict[str, Any]:
    return {"Name": name, "Type": "Private", "SchemaVersion": {"Major": 2, "Minor": 0}}


def test_a_request_that_offers_an_upgrade_keeps_its_body(connection: socket.socket) -> None:
    connection.sendall(post("/v2/networks", network("from-java"), OFFER))
    status, _, body = answer(connection)
    assert (status, json.loads(body)["Name"]) == (201, "from-java")


def test_a_bad_body_behind_an_offer_is_refused(connection: socket.socket) -> None:
    connection.sendall(
        b"POST /v2/networks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
        + OFFER.encode()
        + b"\r\n{no"
    )
    status, _, body = answer(connection)
    assert (status, json.loads(body)["ErrorCode"]) == (400, 0x803B001B)


@pytest.mark.parametrize("size", [1, 7, 64])
def test_an_offer_that_comes_in_pieces_keeps_its_body(connection: socket.socket, size: int) -> None:
    request = post("/v2/networks", network(f"in-pieces-of-{size}"), OFFER)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for start in range(0, len(request), size):
        connection.sendall(request[start : start + size])
    status, _, body = answer(connection)
    assert (status, json.loads(body)["Name"]) == (201, f"in-pieces-of-{size}")


def test_an_offer_without_a_body_is_a_plain_request(connection: socket.socket) -> None:
    connection.sendall(f"GET /livez HTTP/1.1\r\nHost: localhost\r\n{OFFER}\r\n".encode())
    assert answer(connection)[0] == 200


def test_requests_behind_an_offer_are_answered_in_order(connection: socket.socket) -> None:
    offered = post("/v2/networks", network("first"), OFFER)
    plain = post("/v2/networks", network("second"))
    connection.sendall(offered + plain + offered.replace(b"first", b"third"))
    names = [json.loads(answer_body(connection))["Name"] for _ in range(3)]
    assert names == ["first", "second", "third"]


def answer_body(connection: socket.socket) -> bytes:
    """Read one answer byte by byte, so that the next one stays on the connection."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    length = int(head.lower().partition(b"content-length:")[2].split()[0])
    body = b""
    while len(body) < length:
        body += connection.recv(length - len(body))
    return body


def chunked(document: object, trailers: str = "") -> bytes:
    body = json.dumps(document)
    cut = len(body) // 2
    return (
        "".join(f"{len(part):x};ext=1\r\n{part}\r\n" for part in (body[:cut], body[cut:])).encode()
        + f"0\r\n{trailers}\r\n".encode()
    )


@pytest.mark.parametrize(
    ("name", "headers", "trailers"),
    [
        ("plain chunks", "", ""),
        ("trailers", "", "Checksum: 1\r\n"),
        ("offer", OFFER, ""),
        ("offer and trailers", OFFER, "Checksum: 1\r\n"),
    ],
)
def test_chunks_are_one_body(
    connection: socket.socket, name: str, headers: str, trailers: str
) -> None:
    head = "POST /v2/networks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
    connection.sendall(f"{head}{headers}\r\n".encode() + chunked(network(name), trailers))
    status, _, body = answer(connection)
    assert (status, json.loads(body)["Name"]) == (201, name)


def test_a_client_that_expects_it_is_told_to_go_on(connection: socket.socket) -> None:
    request = post("/v2/networks", network("expected"), "Expect: 100-continue\r\n")
    head, _, body = request.partition(b"\r\n\r\n")
    connection.sendall(head + b"\r\n\r\n")
    assert answer(connection)[0] == 100
    connection.sendall(body)
    assert answer(connection)[0] == 201


def test_a_target_may_be_absolute(connection: socket.socket, server: Server) -> None:
    connection.sendall(f"GET {server.url}/livez HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert answer(connection)[0] == 200


def test_an_escaped_slash_belongs_to_the_name(connection: socket.socket) -> None:
    connection.sendall(b"GET /hosts/no%2fhost/host HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert answer(connection)[0] == 404


def test_an_old_client_gets_its_answer_and_the_end(connection: socket.socket) -> None:
    connection.sendall(post("/v2/networks", network("old"), version="1.0"))
    assert answer(connection)[0] == 201
    assert connection.recv(1) == b""


def test_what_is_no_http_is_refused(connection: socket.socket) -> None:
    connection.sendall(b"NONSENSE\r\n\r\n")
    assert answer(connection)[0] == 400
