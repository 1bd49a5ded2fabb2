"""Databases of every earlier version come along, with everything they hold."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from hnsemu.config import Settings
from hnsemu.main import create_app
from hnsemu.storage.migrate import upgrade
from hnsemu.storage.tables import endpoints, networks
from tests.storage.old_databases import REVISIONS, answers, empty_tables, fill, opened


@pytest.mark.parametrize("revision", REVISIONS)
async def test_an_upgraded_database_holds_every_object_and_takes_new_ones(
    bare_database_url: str, revision: str
) -> None:
    fill(bare_database_url, revision)
    empty = empty_tables(bare_database_url)
    assert not empty, f"tests/storage/revisions/{revision}.sql inserts no rows into {empty}"
    upgrade(bare_database_url)
    counts = _endpoints_of_networks(bare_database_url)
    assert counts["pods"] == (2, 2)
    assert [name for name, (known, found) in counts.items() if known != found] == []
    async with _service(bare_database_url) as http:
        for path, document in answers(revision).items():
            _assert_holds((await http.get(path)).json(), document, path)
        await _assert_source_nat_has_a_block_of_ports(http, 0 if revision < "0007" else 3)
        network = await http.post("/v2/networks", json={"Name": "new", "Type": "Private"})
        endpoint = await http.post(f"/v2/networks/{network.json()['ID']}/endpoints", json={})
    assert (network.status_code, endpoint.status_code) == (201, 201)


async def _assert_source_nat_has_a_block_of_ports(http: httpx.AsyncClient, block: int) -> None:
    request = {
        "From": {"Endpoint": "client"},
        "Packet": {"Destination": "93.184.216.34", "DestinationPort": 443},
    }
    walk = (await http.post("/host/trace", json=request)).json()
    assert (walk["Packet"]["SourcePort"] - 49152) // 64 == block


def _endpoints_of_networks(url: str) -> dict[str, tuple[int, int]]:
    """Return how many endpoints each network says it has, and how many there are, by its name."""
    query = (
        select(networks.c.name, networks.c.current_endpoints, func.count(endpoints.c.key))
        .outerjoin(endpoints, endpoints.c.network_key == networks.c.key)
        .group_by(networks.c.key)
    )
    with opened(url).connect() as connection:
        return {row[0]: (row[1], row[2]) for row in connection.execute(query)}


def _assert_holds(answer: Any, recorded: Any, where: str) -> None:
    """Fail unless the answer says all that was recorded; documents may have more members now."""
    if isinstance(recorded, dict) and isinstance(answer, dict):
        for name, value in recorded.items():
            _assert_holds(answer.get(name), value, f"{where}.{name}")
    elif isinstance(recorded, list) and isinstance(answer, list):
        assert len(answer) == len(recorded), where
        for number, value in enumerate(recorded):
            _assert_holds(answer[number], value, f"{where}[{number}]")
    else:
        assert answer == recorded, where


@asynccontextmanager
async def _service(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Run the application on an existing database; yield an HTTP client of it."""
    app = create_app(Settings(database_url=url, seed=1))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as http,
    ):
        yield http
