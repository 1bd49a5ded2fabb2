"""The health of containers is told to those who follow the events."""

import json
from typing import Any

import httpx
import pytest

from tests.docker.api.test_health import DOCKER, SECOND, later, run

STATE = "/emulator/hosts/default/state"
FOLLOWED = ["start", "die", "health_status: healthy", "health_status: unhealthy"]


@pytest.fixture
async def docker(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host with an image, whose clock stands still."""
    await client.put("/emulator/clock", json={"freeze": True})
    await client.post(f"{DOCKER}/images/create?fromImage=iis")
    return client


async def told(docker: httpx.AsyncClient) -> list[tuple[str, str, int]]:
    """Return the names of containers, what happened to their health, and when."""
    now = (await docker.get("/emulator/clock")).json()["time"]
    filters = json.dumps({"event": FOLLOWED})
    answer = await docker.get(f"{DOCKER}/events", params={"until": now, "filters": filters})
    events: list[dict[str, Any]] = [json.loads(line) for line in answer.text.splitlines()]
    return [
        (event["Actor"]["Attributes"]["name"], event["Action"], event["time"]) for event in events
    ]


async def test_a_health_is_told_once_and_of_the_time_of_its_probe(
    docker: httpx.AsyncClient,
) -> None:
    await run(docker, "web", "CMD", "hostname")
    ((_, _, started),) = await told(docker)
    await later(docker, 10)
    expected = [("web", "start", started), ("web", "health_status: healthy", started + 1)]
    assert await told(docker) == expected
    await later(docker, 10)
    assert await told(docker) == expected


async def test_a_health_that_changes_is_told_again(docker: httpx.AsyncClient) -> None:
    await run(docker, "web", "CMD", "ping", "-n", "1", "db")
    await later(docker, 2)
    assert [action for _, action, _ in await told(docker)] == ["start"]
    await later(docker, 2)
    assert [action for _, action, _ in await told(docker)][1:] == ["health_status: unhealthy"]
    await run(docker, "db")
    *_, db, web = await told(docker)
    assert (db[:2], web[:2]) == (("db", "start"), ("web", "health_status: healthy"))
    assert web[2] >= db[2]


async def test_a_health_that_nobody_looked_at_is_told_at_the_end(docker: httpx.AsyncClient) -> None:
    await run(docker, "web", "CMD", "hostname")
    await later(docker, 10)
    await docker.post(f"{DOCKER}/containers/web/restart")
    await docker.delete(f"{DOCKER}/containers/web?force=1")
    assert [action for _, action, _ in await told(docker)] == [
        "start",
        "health_status: healthy",
        "die",
        "start",
        "die",
    ]


@pytest.mark.parametrize(
    ("test", "check", "health"),
    [
        ((), None, "starting"),
        (("CMD", "hostname"), {"Test": ["NONE"]}, "healthy"),
        (("CMD", "hostname"), {"Test": ["CMD", "hostname"], "Interval": -SECOND}, "starting"),
    ],
)
async def test_a_state_with_a_health_that_cannot_be_is_refused(
    docker: httpx.AsyncClient, test: tuple[str, ...], check: dict[str, Any] | None, health: str
) -> None:
    await run(docker, "web", *test)
    state = (await docker.get(STATE)).json()
    (container,) = state["docker"]["containers"]
    config = json.loads(container["config"])
    container |= {"health": health, "config": json.dumps({**config, "Healthcheck": check})}
    assert (await docker.put(STATE, json=state)).status_code == 400
    assert [action for _, action, _ in await told(docker)] == ["start"]


async def test_a_state_brings_a_health_back(docker: httpx.AsyncClient) -> None:
    await run(docker, "web", "CMD", "hostname")
    await later(docker, 10)
    before = await told(docker)
    state = await docker.get(STATE)
    assert (await docker.put(STATE, content=state.content)).status_code == 200
    await docker.post(f"{DOCKER}/containers/web/stop")
    stopped = await docker.get(STATE)
    assert (await docker.put(STATE, content=stopped.content)).status_code == 200
    assert "health_status: healthy" in {action for _, action, _ in before}
