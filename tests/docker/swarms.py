"""Hosts in one swarm, for tests."""

from typing import Any

import httpx

LISTEN = {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": "Ethernet"}


def door(host: str) -> str:
    """Return the path of a host's door."""
    return f"/hosts/{host}/docker"


async def begin(client: httpx.AsyncClient, host: str, **members: Any) -> str:
    """Make a host that begins a swarm, and return the id of its node."""
    assert (await client.put(f"/emulator/hosts/{host}")).status_code == 201
    answer = await client.post(f"{door(host)}/swarm/init", json={**LISTEN, **members})
    assert answer.status_code == 200, answer.text
    return str(answer.json())


async def tokens(client: httpx.AsyncClient, host: str) -> dict[str, str]:
    """Return the tokens of the swarm that a host manages."""
    found: dict[str, str] = (await client.get(f"{door(host)}/swarm")).json()["JoinTokens"]
    return found


async def joined(
    client: httpx.AsyncClient, host: str, manager: str, role: str = "Worker"
) -> httpx.Response:
    """Make a host that joins the swarm of a manager, and return the answer."""
    assert (await client.put(f"/emulator/hosts/{host}")).status_code == 201
    info = (await client.get(f"{door(manager)}/info")).json()["Swarm"]
    wanted = {
        **LISTEN,
        "RemoteAddrs": [f"{info['NodeAddr']}:2377"],
        "JoinToken": (await tokens(client, manager))[role],
    }
    return await client.post(f"{door(host)}/swarm/join", json=wanted)
