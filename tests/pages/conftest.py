"""What tests of pages begin with."""

import httpx
import pytest

from tests.api.calls import WORLD


@pytest.fixture
async def world(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host with one object of each kind."""
    for call in WORLD:
        created = await call.send(client)
        assert created.status_code == call.status, created.text
    return client
