"""Services with other settings than those of most tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from hnsemu.config import Settings
from hnsemu.main import create_app


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Run a service with these settings; yield a client of it."""
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8420"
        ) as client,
    ):
        yield client
