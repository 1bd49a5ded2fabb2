"""Health checks, as Compose and ps look at them."""

from typing import Any

import httpx
import pytest

DOCKER = "/docker"
SECOND = 1_000_000_000  # nanoseconds


@pytest.fixture
async def docker(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host with an image, whose clock stands still."""
    await client.put("/emulator/clock", json={"freeze": True})
    await client.post(f"{DOCKER}/images/create?fromImage=iis")
    return client


async def run(docker: httpx.AsyncClient, name: str, *test: str, **members: Any) -> None:
    """Run a container that is looked at each second."""
    check = {"Test": list(test), "Interval": SECOND} if test else None
    wanted = {"Image": "iis", "Healthcheck": check, **members}
    created = await docker.post(f"{DOCKER}/containers/create?name={name}", json=wanted)
    assert created.status_code == 201, created.text
    assert (await docker.post(f"{DOCKER}/containers/{name}/start")).status_code == 204


async def health(docker: httpx.AsyncClient, name: str) -> dict[str, Any] | None:
    """Return State.Health of a container, None where inspect shows none."""
    shown = (await docker.get(f"{DOCKER}/containers/{name}/json")).json()
    found: dict[str, Any] | None = shown["State"].get("Health")
    return found


async def later(docker: httpx.AsyncClient, seconds: int) -> None:
    """Let time pass."""
    answer = await docker.put("/emulator/clock", json={"advance": f"{seconds}s"})
    assert answer.status_code == 200, answer.text


async def statuses(docker: httpx.AsyncClient, query: str = "") -> dict[str, str]:
    """Return what ps says of each container."""
    listed = (await docker.get(f"{DOCKER}/containers/json?all=1{query}")).json()
    assert all("Probed" not in container for container in listed)
    return {container["Names"][0]: container["Status"] for container in listed}


async def test_a_container_gets_healthy_with_its_first_probe(docker: httpx.AsyncClient) -> None:
    await run(docker, "web", "CMD-SHELL", "curl -f http://localhost || exit 1")
    assert await health(docker, "web") == {"Status": "starting", "FailingStreak": 0, "Log": []}
    assert await statuses(docker) == {"/web": "Up Less than a second (health: starting)"}
    await later(docker, 2)
    found = await health(docker, "web")
    assert found is not None
    assert (found["Status"], found["FailingStreak"]) == ("healthy", 0)
    assert [result["ExitCode"] for result in found["Log"]] == [0, 0]
    assert await statuses(docker) == {"/web": "Up 2 seconds (healthy)"}


async def test_a_container_whose_probe_does_not_arrive_gets_unhealthy(
    docker: httpx.AsyncClient,
) -> None:
    await run(docker, "web", "CMD", "ping", "-n", "1", "db")
    await later(docker, 3)
    found = await health(docker, "web")
    assert found is not None
    assert (found["Status"], found["FailingStreak"]) == ("unhealthy", 3)
    await run(docker, "db")
    found = await health(docker, "web")
    assert found is not None
    assert found["Status"] == "healthy"


async def test_lists_are_filtered_by_health(docker: httpx.AsyncClient) -> None:
    await run(docker, "web", "CMD", "hostname")
    await run(docker, "waiting", "CMD-SHELL", "ping -t web")
    await run(docker, "plain")
    await later(docker, 3)
    for status, name in (("healthy", "web"), ("unhealthy", "waiting"), ("none", "plain")):
        query = f'&filters={{"health":["{status}"]}}'
        assert list(await statuses(docker, query)) == [f"/{name}"]


async def test_no_probe_runs_before_a_start_or_after_an_end(docker: httpx.AsyncClient) -> None:
    wanted = {"Image": "iis", "Healthcheck": {"Test": ["CMD", "hostname"]}}
    await docker.post(f"{DOCKER}/containers/create?name=web", json=wanted)
    assert await health(docker, "web") is None
    await docker.post(f"{DOCKER}/containers/web/start")
    await docker.post(f"{DOCKER}/containers/web/stop")
    assert await health(docker, "web") == {"Status": "unhealthy", "FailingStreak": 0, "Log": []}


async def test_a_health_check_that_cannot_be_is_refused(docker: httpx.AsyncClient) -> None:
    wanted = {"Image": "iis", "Healthcheck": {"Test": ["CMD", "hostname"], "Interval": 1}}
    answer = await docker.post(f"{DOCKER}/containers/create", json=wanted)
    expected = "Interval in Healthcheck cannot be less than 1ms"
    assert (answer.status_code, answer.json()["message"]) == (400, expected)
