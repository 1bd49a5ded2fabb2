"""What tests of pages begin with."""

from collections.abc import AsyncIterator

import httpx
import pytest

from hnsemu.config import Settings
from hnsemu.main import create_app
from tests.api.calls import WORLD


@pytest.fixture
async def world(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host with one object of each kind."""
    for call in WORLD:
        created = await call.send(client)
        assert created.status_code == call.status, created.text
    return client


@pytest.fixture
async def reading(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of a service whose pages change nothing."""
    app = create_app(Settings(database_url=database_url, ui="read"))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8420"
        ) as client,
    ):
        yield client
