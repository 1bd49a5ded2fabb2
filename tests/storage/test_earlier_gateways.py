"""A gateway of IPv6 in `gateway`, which releases before 0025 took, is one of IPv6 ever after."""

import json
from typing import Any

import httpx
from sqlalchemy import text

from hnsemu.config import Settings
from hnsemu.main import create_app
from hnsemu.storage.migrate import upgrade
from tests.storage.old_databases import fill, opened

NODE = "/emulator/hosts/node-1"
ASKED = {
    "release": "ws2019",
    "adapters": [
        {"name": "Ethernet", "mac": "", "address": "10.0.0.4/24", "gateway": "fd00::1",
         "wireless": False}
    ],
}  # fmt: skip


def _fill(url: str) -> None:
    """Fill a database in which an adapter and the definition of its host have such a gateway."""
    fill(url, "0024")
    with opened(url).begin() as connection:
        asked = {"asked": json.dumps(ASKED)}
        connection.execute(text("UPDATE hosts SET asked = :asked WHERE name = 'node-1'"), asked)
        connection.execute(text("UPDATE adapters SET gateway = 'fd00::1'"))
    upgrade(url)


def _gateways(host: dict[str, Any]) -> set[tuple[str, str]]:
    return {(adapter["gateway"], adapter["gateway6"]) for adapter in host["adapters"]}


async def test_a_host_with_an_earlier_gateway_is_read_reset_and_saved(
    bare_database_url: str,
) -> None:
    _fill(bare_database_url)
    app = create_app(Settings(database_url=bare_database_url, seed=1))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as http,
    ):
        assert _gateways((await http.get(NODE)).json()) == {("", "fd00::1")}
        assert (await http.get("/hosts/node-1/host/adapters")).status_code == 200
        state = (await http.get(f"{NODE}/state")).json()
        copied = await http.put("/emulator/hosts/copy/state", json=state)
        assert (copied.status_code, _gateways(copied.json())) == (201, {("", "fd00::1")})
        assert (await http.get("/emulator/hosts/copy/state")).status_code == 200
        reset = await http.post(f"{NODE}/reset")
        assert (reset.status_code, _gateways(reset.json())) == (200, {("", "fd00::1")})
        again = await http.put(NODE, json=ASKED)
        assert "gateway6" in again.json()["Detail"]
