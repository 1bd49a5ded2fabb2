"""Every legal form of an HTTP/1.1 request says the same, in bytes as clients send them."""

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.calls import WORKING
from tests.e2e.servers import Server, serving
from tests.waiting import PATIENCE

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


def test_an_answer_is_one_write(connection: socket.socket) -> None:
    for number in range(20):
        connection.sendall(post("/v2/networks", network(f"one-write-{number}")))
        received = connection.recv(1 << 20)
        head, _, body = received.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 201")
        assert json.loads(body)["Name"] == f"one-write-{number}"


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
    head = answer_head(connection)
    length = int(head.lower().partition(b"content-length:")[2].split()[0])
    body = b""
    while len(body) < length:
        body += connection.recv(length - len(body))
    return body


def answer_head(connection: socket.socket) -> bytes:
    """Read the head of an answer, and no byte more."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    return head


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


@pytest.mark.parametrize("body", [b"", b" \r\n", b"{}"])
@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_an_empty_body_is_an_empty_document_however_it_is_framed(
    connection: socket.socket, body: bytes, framing: str
) -> None:
    head = b"POST /v2/networks HTTP/1.1\r\nHost: localhost\r\n"
    if framing == "length":
        connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    else:
        chunk = b"%x\r\n%s\r\n" % (len(body), body) if body else b""
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk + b"0\r\n\r\n")
    status, _, created = answer(connection)
    assert (status, json.loads(created)["SchemaVersion"]) == (201, {"Major": 2, "Minor": 0})


def test_a_post_without_a_body_is_an_empty_document(connection: socket.socket) -> None:
    connection.sendall(b"POST /v2/namespaces HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert answer(connection)[0] == 201


def test_trailers_are_no_headers(connection: socket.socket) -> None:
    head = "POST /v2/networks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    trailers = "Host: elsewhere.example\r\nOrigin: http://elsewhere.example\r\n"
    connection.sendall(head.encode() + chunked(network("trailed"), trailers))
    status, _, body = answer(connection)
    assert (status, json.loads(body)["Name"]) == (201, "trailed")


def test_nobody_is_told_to_send_what_is_too_large(connection: socket.socket) -> None:
    connection.sendall(
        b"POST /v2/networks HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
        b"Content-Length: 999999999\r\n\r\n"
    )
    assert answer(connection)[0] == 413


def test_a_target_may_be_absolute(connection: socket.socket, server: Server) -> None:
    body = b'{"Name": "absolute", "Type": "Private"}'
    head = f"POST {server.url}/v2/networks HTTP/1.1\r\nHost: localhost\r\n"
    connection.sendall(head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    status, headers, created = answer(connection)
    assert (status, json.loads(created)["Name"]) == (201, "absolute")
    assert headers["location"].startswith("/v2/networks/")


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        ("http://localhost:1", "elsewhere.example", 200),
        ("http://elsewhere.example", "localhost", 421),
        ("HTTP://LOCALHOST", "localhost", 200),
    ],
)
def test_the_host_of_an_absolute_target_counts(
    connection: socket.socket, target: str, host: str, status: int
) -> None:
    connection.sendall(f"GET {target}/v2/networks HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert answer(connection)[0] == status


@pytest.mark.parametrize("second", ["localhost", "elsewhere.example"])
def test_two_hosts_are_refused(connection: socket.socket, second: str) -> None:
    connection.sendall(
        f"GET /v2/networks HTTP/1.1\r\nHost: localhost\r\nHost: {second}\r\n\r\n".encode()
    )
    status, _, body = answer(connection)
    assert (status, "several Host headers" in json.loads(body)["Detail"]) == (400, True)


@pytest.mark.parametrize(
    "path",
    [
        "/v2%2fnetworks",
        "/hosts%2Fdefault/v2/networks",
        "/v2/networks%2F404947ac-fc8f-4229-a4b5-595b9161f3a8",
        "/docs%2fstart.js",
    ],
)
def test_an_escaped_slash_ends_no_segment(connection: socket.socket, path: str) -> None:
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    status, _, body = answer(connection)
    assert status == 404
    assert "%2F" in json.loads(body)["Detail"]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/v2/networks/a%2fb", "'a/b' is not a GUID"),
        ("/v2/networks/a%252fb", "'a%2fb' is not a GUID"),
        ("/hosts/a%2fb/v2/networks", "no host named 'a/b'"),
        ("/hosts/default%2Fv2/v2/networks", "no host named 'default/v2'"),
        ("/host/vfp/ports/a%2Fb", "a/b"),
    ],
)
def test_an_escaped_slash_belongs_to_the_name(
    connection: socket.socket, path: str, shown: str
) -> None:
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    status, _, body = answer(connection)
    assert status in {400, 404}
    assert shown in json.loads(body)["Detail"]


@pytest.mark.parametrize(
    "path",
    sorted(quote(call.path, safe="/?=&") for call in WORKING.values() if call.method == "GET"),
)
def test_head_is_get_without_a_body(connection: socket.socket, path: str) -> None:
    connection.sendall(f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    lines = answer_head(connection).decode().lower().splitlines()
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    status, headers, body = answer(connection)  # no byte of a body is in front of it
    assert lines[0].split()[1] == str(status)
    assert f"content-type: {headers['content-type']}" in lines
    if path != "/metrics":  # they count the requests
        assert f"content-length: {len(body)}" in lines


def test_an_old_client_gets_its_answer_and_the_end(connection: socket.socket) -> None:
    connection.sendall(post("/v2/networks", network("old"), version="1.0"))
    assert answer(connection)[0] == 201
    assert connection.recv(1) == b""


def test_what_is_no_http_is_refused(connection: socket.socket) -> None:
    connection.sendall(b"NONSENSE\r\n\r\n")
    assert answer(connection)[0] == 400
