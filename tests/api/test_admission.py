"""Foreign hosts, other sites, missing tokens and oversized bodies are refused."""

import gzip
from collections.abc import AsyncIterator

import httpx
import pytest

from hnsemu.config import Settings
from hnsemu.errors import Hr
from hnsemu.main import create_app

LIMIT = 2048


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8420", "127.0.0.1", "127.9.9.9:80", "[::1]", "[::1]:8420"],
)
async def test_loopback_is_accepted(client: httpx.AsyncClient, host: str) -> None:
    assert (await client.get("/healthz", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8420",
        "localhost.evil.example",
        "10.0.0.1",
        "[fe80::1]",
        "",
        "a b",
    ],
)
@pytest.mark.parametrize("path", ["/v2/networks", "/v1/networks/", "/emulator/hosts", "/nothing"])
async def test_a_foreign_host_is_refused(client: httpx.AsyncClient, host: str, path: str) -> None:
    answer = await client.get(path, headers={"Host": host})
    assert answer.status_code == 421
    assert answer.json()["ErrorCode"] == Hr.E_ACCESSDENIED.hresult
    assert "HNSEMU_ALLOWED_HOSTS" in answer.json()["Detail"]


async def test_a_foreign_host_changes_nothing(client: httpx.AsyncClient) -> None:
    before = (await client.get("/v2/networks")).json()
    refused = await client.post(
        "/v2/networks", json={"Name": "x", "Type": "Private"}, headers={"Host": "evil.example"}
    )
    assert refused.status_code == 421
    assert (await client.get("/v2/networks")).json() == before


@pytest.mark.parametrize(
    ("allowed", "host", "status"),
    [
        ("hnsemu, Other.Example", "HNSEMU:8420", 200),
        ("hnsemu, Other.Example", "other.example", 200),
        ("hnsemu", "evil.example", 421),
        ("*", "evil.example", 200),
        ("", "node.example", 200),  # the address it listens on
    ],
)
async def test_other_names_can_be_allowed(allowed: str, host: str, status: int) -> None:
    app = create_app(Settings(database_url="sqlite://", allowed_hosts=allowed, host="node.example"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
        assert (await http.get("/healthz", headers={"Host": host})).status_code == status


async def test_the_address_the_request_came_to_is_accepted() -> None:
    app = create_app(Settings(database_url="sqlite://", host="0.0.0.0"))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://10.1.2.3:8420") as http:
        assert (await http.get("/healthz")).status_code == 200
        other = await http.get("/healthz", headers={"Host": "10.1.2.4:8420"})
        assert other.status_code == 421


@pytest.fixture
async def narrow(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of a service that accepts small bodies only."""
    app = create_app(Settings(database_url=database_url, body_limit=LIMIT))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            yield http


async def _stream(size: int) -> AsyncIterator[bytes]:
    yield b'{"Name": "x", "Type": "Private", "Owner": "'
    yield b"x" * size
    yield b'"}'


@pytest.mark.parametrize("path", ["/v2/networks", "/v1/networks/"])
@pytest.mark.parametrize("streamed", [False, True])
async def test_an_oversized_body_is_refused_and_changes_nothing(
    narrow: httpx.AsyncClient, path: str, *, streamed: bool
) -> None:
    before = (await narrow.get("/v2/networks")).json()
    content = _stream(LIMIT) if streamed else b"".join([part async for part in _stream(LIMIT)])
    answer = await narrow.post(path, content=content)
    assert answer.status_code == 413
    assert answer.json()["Success"] is False
    assert f"{LIMIT} bytes" in answer.json()["Detail"]
    assert (await narrow.get("/v2/networks")).json() == before


async def test_a_body_of_exactly_the_limit_is_accepted(narrow: httpx.AsyncClient) -> None:
    shell = len(b"".join([part async for part in _stream(0)]))
    answer = await narrow.post("/v2/networks", content=_stream(LIMIT - shell))
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/networks"),
        ("POST", "/v2/networks"),
        ("PUT", "/emulator/hosts/new/state"),
        ("POST", "/emulator/hosts/new/import"),
        ("POST", "/hosts/default/v2/networks"),
    ],
)
async def test_a_compressed_body_is_refused_with_what_to_mend(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    before = (await client.get("/v2/networks")).json()
    body = gzip.compress(b'{"Name": "x", "Type": "Private", "SchemaVersion": {"Major": 2}}')
    answer = await client.request(method, path, content=body, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 415
    assert answer.json()["ErrorCode"] == Hr.E_NOT_SUPPORTED.hresult
    assert "Content-Encoding 'gzip'; send it as it is" in answer.json()["Detail"]
    assert (await client.get("/v2/networks")).json() == before


async def test_a_compressed_form_is_refused_on_a_page(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/ui/networks", content=b"?", headers={"Content-Encoding": "br", "Accept": "text/html"}
    )
    assert answer.status_code == 415
    assert "send it as it is" in answer.text


@pytest.mark.parametrize("coding", ["identity", "Identity", ""])
async def test_a_body_as_it_is_is_read(client: httpx.AsyncClient, coding: str) -> None:
    document = {"Name": "x", "Type": "Private", "SchemaVersion": {"Major": 2, "Minor": 0}}
    headers = {"Content-Encoding": coding}
    assert (await client.post("/v2/networks", json=document, headers=headers)).status_code == 201
    gzipped = {"Content-Encoding": "gzip"}  # of no body
    assert (await client.get("/v2/networks", headers=gzipped)).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Origin": "http://localhost"}, 201),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:9999"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
async def test_pages_of_other_sites_change_nothing(
    headers: dict[str, str], status: int, client: httpx.AsyncClient
) -> None:
    document = {"Name": "x", "Type": "Private", "SchemaVersion": {"Major": 2, "Minor": 0}}
    answer = await client.post("/v2/networks", json=document, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["ErrorCode"] == Hr.E_ACCESSDENIED.hresult
    assert (await client.get("/v2/networks", headers=headers)).status_code == 200


@pytest.fixture
async def guarded(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of a service with a token."""
    app = create_app(Settings(database_url=database_url, token="s3cret"))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            yield http


@pytest.mark.parametrize("path", ["/v2/networks", "/v1/networks", "/host", "/openapi.json"])
@pytest.mark.parametrize(
    ("given", "status"),
    [("", 401), ("Bearer", 401), ("Bearer wrong", 401), ("Basic s3cret", 401),
     ("Bearer s3cret", 200), ("bearer  s3cret", 200)],
)  # fmt: skip
async def test_a_token_is_required_if_one_is_set(
    path: str, given: str, status: int, guarded: httpx.AsyncClient
) -> None:
    answer = await guarded.get(path, headers={"Authorization": given} if given else {})
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="hnsemu"'
        assert answer.json()["ErrorCode"] == Hr.E_ACCESSDENIED.hresult


@pytest.mark.parametrize("path", ["/healthz", "/livez", "/readyz"])
async def test_probes_need_no_token(path: str, guarded: httpx.AsyncClient) -> None:
    assert (await guarded.get(path)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 65 + b"]" * 65,
        b'{"a":' * 65 + b"1" + b"}" * 65,
        b"[" * 100_000 + b"]" * 100_000,
        b"[" + b"1," * 100_001 + b"1]",
    ],
    ids=["lists", "objects", "abyss", "long"],
)
async def test_a_document_that_is_too_deep_or_too_long_is_refused(
    body: bytes, client: httpx.AsyncClient
) -> None:
    answer = await client.post("/v2/networks", content=body)
    assert answer.status_code == 400
    assert answer.json()["ErrorCode"] == Hr.HCN_E_INVALID_JSON.hresult
