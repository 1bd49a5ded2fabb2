"""A port of Docker's own: its API at /, for clients that leave the path of DOCKER_HOST out."""

from collections.abc import AsyncIterator

import httpx
import pytest

from hnsemu.config import Settings
from hnsemu.main import create_app

PORT = 2375


@pytest.fixture
async def transport(database_url: str) -> AsyncIterator[httpx.ASGITransport]:
    """Return the way to a service with a port for Docker."""
    app = create_app(Settings(database_url=database_url, docker_port=PORT, seed=1))
    async with app.router.lifespan_context(app):
        yield httpx.ASGITransport(app)


async def test_the_daemon_of_the_default_host_is_at_the_root(
    transport: httpx.ASGITransport,
) -> None:
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://localhost:8420") as usual,
        httpx.AsyncClient(transport=transport, base_url=f"http://localhost:{PORT}") as docker,
    ):
        assert (await docker.get("/_ping")).text == "OK"
        made = await docker.post("/v1.51/networks/create", json={"Name": "web", "Driver": "nat"})
        assert made.status_code == 201
        network = made.json()["Id"]
        shown = (await docker.get(f"/networks/{network}")).json()
        assert shown == (await usual.get(f"/docker/networks/{network}")).json()
        assert network in {known["Name"] for known in (await usual.get("/v2/networks")).json()}


async def test_nothing_else_is_there(transport: httpx.ASGITransport) -> None:
    async with httpx.AsyncClient(transport=transport, base_url=f"http://x:{PORT}") as stranger:
        assert (await stranger.get("/info")).status_code == 421
    async with httpx.AsyncClient(transport=transport, base_url=f"http://localhost:{PORT}") as http:
        for path in ("/livez", "/emulator/hosts", "/hosts/default/v2/networks", "/docker/info"):
            answer = await http.get(path)
            assert (answer.status_code, answer.text) == (404, '{"message":"page not found"}'), path
