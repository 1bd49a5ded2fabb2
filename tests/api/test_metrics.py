"""/metrics: requests by template, transactions, objects."""

import re

import httpx
from prometheus_client.parser import text_string_to_metric_families

Key = tuple[str, tuple[tuple[str, str], ...]]


async def samples(client: httpx.AsyncClient) -> dict[Key, float]:
    answer = await client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def requests(path: str, method: str, status: int) -> Key:
    labels = {"path": path, "method": method, "status": str(status)}
    return "hnsemu_requests_total", tuple(sorted(labels.items()))


async def test_requests_are_counted_by_template_and_status(client: httpx.AsyncClient) -> None:
    before = await samples(client)
    unknown = "11111111-2222-3333-4444-555555555555"
    await client.get(f"/v2/networks/{unknown}")
    await client.get("/hosts/default/v2/networks")
    await client.get("/nothing/here")
    after = await samples(client)
    for key in (
        requests("/v2/networks/{id}", "GET", 404),
        requests("/v2/networks", "GET", 200),
        requests("none", "GET", 404),
    ):
        assert after[key] == before.get(key, 0) + 1, key


async def test_transactions_and_seconds_are_counted(client: httpx.AsyncClient) -> None:
    before = await samples(client)
    await client.get("/v2/networks")
    after = await samples(client)
    for name, labels in (
        ("hnsemu_transactions_total", {"outcome": "done"}),
        ("hnsemu_request_seconds_count", {"path": "/v2/networks", "method": "GET"}),
    ):
        key = (name, tuple(sorted(labels.items())))
        assert after[key] > before.get(key, 0)


async def test_objects_are_counted_by_host(client: httpx.AsyncClient) -> None:
    found = await samples(client)
    labels = (("host", "default"), ("kind", "networks"))
    assert found["hnsemu_objects", labels] == len((await client.get("/v2/networks")).json())


async def test_the_page_of_the_document_needs_no_other_server(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(named) == len(set(named)) == 5
    for asset in named:
        assert not asset.startswith(("http", "//"))
        assert (await client.get(f"/{asset}")).status_code == 200
    assert 'fetch("openapi.json")' in (await client.get("/docs/start.js")).text
    assert (await client.get("/docs/other.js")).status_code == 404
