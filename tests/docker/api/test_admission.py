"""What hnsemu refuses before a request reaches the door has Docker's shape there, too."""

from collections.abc import AsyncIterator

import httpx
import pytest

from hnsemu.config import Settings
from hnsemu.main import create_app
from tests.api.test_metrics import requests, samples


@pytest.fixture
async def guarded(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of a service with a token and small bodies."""
    app = create_app(Settings(database_url=database_url, seed=1, token="secret", body_limit=2048))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as http,
    ):
        yield http


def _says(answer: httpx.Response, status: int, text: str) -> bool:
    is_dockers = set(answer.json()) == {"message"} and "Api-Version" in answer.headers
    return answer.status_code == status and is_dockers and text in answer.json()["message"]


async def test_a_missing_token_is_a_message(guarded: httpx.AsyncClient) -> None:
    assert _says(await guarded.get("/docker/info"), 401, "HNSEMU_TOKEN")
    assert _says(await guarded.get("/hosts/default/docker/info"), 401, "HNSEMU_TOKEN")
    right = {"Authorization": "Bearer secret"}
    assert (await guarded.get("/docker/info", headers=right)).status_code == 200


async def test_a_large_body_is_a_message(guarded: httpx.AsyncClient) -> None:
    headers = {"Authorization": "Bearer secret"}
    document = {"Name": "x" * 3000}
    answer = await guarded.post("/docker/networks/create", json=document, headers=headers)
    assert _says(answer, 413, "HNSEMU_BODY_LIMIT")


async def test_a_compressed_body_is_a_message(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/docker/networks/create", content=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}
    )
    assert _says(answer, 415, "Content-Encoding 'gzip'")


async def test_a_foreign_host_and_another_site_are_messages(guarded: httpx.AsyncClient) -> None:
    headers = {"Authorization": "Bearer secret"}
    foreign = await guarded.get("/docker/info", headers={**headers, "Host": "evil.example"})
    assert _says(foreign, 421, "HNSEMU_ALLOWED_HOSTS")
    site = {**headers, "Origin": "https://evil.example"}
    assert _says(await guarded.post("/docker/networks/prune", headers=site), 403, "evil.example")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/networks/%00"),
        ("DELETE", "/networks/%F0%9F%90%B3"),
        ("GET", "/networks/a%2Fb"),
        ("GET", "/networks/%25"),
        ("GET", "/volumes/%00"),
        ("GET", "/containers/%00/json"),
        ("GET", f"/networks/{'a' * 5000}"),
    ],
)
async def test_an_odd_name_is_not_found(client: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, f"/docker{path}")
    assert answer.status_code == 404, answer.text
    assert set(answer.json()) == {"message"}


@pytest.mark.parametrize("name", ["a\0b", "x\U0001f433", "  ", "a" * 255])
async def test_an_odd_name_of_a_network_is_kept_or_refused(
    client: httpx.AsyncClient, name: str
) -> None:
    document = {"Name": name, "Labels": {"\0": "\0"}, "ConfigOnly": True}
    answer = await client.post("/docker/networks/create", json=document)
    assert answer.status_code == (400 if name.isspace() else 201), answer.text


async def test_requests_are_counted_by_template(client: httpx.AsyncClient) -> None:
    before = await samples(client)
    await client.get("/docker/v1.51/networks/nat")
    await client.get("/docker/nothing")
    after = await samples(client)
    for key in (
        requests("/docker/networks/{id:path}", "GET", 200),
        requests("none", "GET", 404),
    ):
        assert after[key] == before.get(key, 0) + 1, key
