"""The size of consoles, and the keys by which clients want to leave them."""

import json
from typing import Any

import httpx
import pytest

DOCKER = "/docker"


@pytest.fixture
async def docker(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host where the container `web` runs."""
    await client.post(f"{DOCKER}/images/create?fromImage=iis")
    wanted = {"Image": "iis", "Tty": True, "OpenStdin": True}
    await client.post(f"{DOCKER}/containers/create?name=web", json=wanted)
    assert (await client.post(f"{DOCKER}/containers/web/start")).status_code == 204
    return client


async def told(docker: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Return the past events of the container since its start."""
    now = (await docker.get("/emulator/clock")).json()["time"]
    answer = await docker.get(f"{DOCKER}/events", params={"until": now})
    found = [json.loads(line) for line in answer.text.splitlines()]
    actions = [event["Action"] for event in found]
    return found[actions.index("start") + 1 :]


async def test_another_size_of_a_console_is_told_of(docker: httpx.AsyncClient) -> None:
    answer = await docker.post(f"{DOCKER}/containers/web/resize?h=24&w=80")
    assert (answer.status_code, answer.content) == (200, b"")
    (resized,) = await told(docker)
    assert resized["Action"] == "resize"
    assert resized["Actor"]["Attributes"] == {
        "height": "24", "width": "80", "image": "iis", "name": "web",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("web/attach?stream=1&detachKeys=escape", "Invalid detach keys (escape) provided"),
        ("web/resize?w=80", 'invalid resize height "": invalid syntax'),
        ("web/resize?h=24&w=+5", 'invalid resize width " 5": invalid syntax'),
        ("web/resize?h=24&w=x", 'invalid resize width "x": invalid syntax'),
        ("web/resize?h=-1&w=80", 'invalid resize height "-1": value out of range'),
        ("web/resize?h=24&w=4294967296", 'invalid resize width "4294967296": value out of range'),
        ("missing/resize?h=24", 'invalid resize width "": invalid syntax'),
        ("missing/exec", "No exec command specified"),
    ],
)
async def test_keys_sizes_and_commands_that_cannot_be_are_refused_first(
    docker: httpx.AsyncClient, path: str, text: str
) -> None:
    answer = await docker.post(f"{DOCKER}/containers/{path}", json={})
    assert (answer.status_code, answer.json()["message"]) == (400, text)
    assert await told(docker) == []


async def test_a_command_is_not_made_with_keys_that_there_are_not(
    docker: httpx.AsyncClient,
) -> None:
    wanted = {"Cmd": ["cmd"], "DetachKeys": "escape"}
    answer = await docker.post(f"{DOCKER}/containers/web/exec", json=wanted)
    message = answer.json()["message"]
    assert (answer.status_code, message) == (500, "Invalid escape keys (escape) provided")


async def test_the_console_of_a_command_has_a_size_while_it_runs(
    docker: httpx.AsyncClient,
) -> None:
    made = await docker.post(f"{DOCKER}/containers/web/exec", json={"Cmd": ["ping", "-t", "web"]})
    resize = f"{DOCKER}/exec/{made.json()['Id']}/resize?h=24&w=80"
    early = await docker.post(resize)
    assert (early.status_code, early.json()["message"]) == (
        500,
        "timeout waiting for exec session ready",
    )
    await docker.post(resize.replace("resize", "start"), json={"Detach": True})
    assert (await docker.post(resize)).status_code == 200
    assert (await docker.post(resize.replace("h=24", "h=x"))).status_code == 400
    short = await docker.post(f"{DOCKER}/containers/web/exec", json={"Cmd": ["hostname"]})
    ended = f"{DOCKER}/exec/{short.json()['Id']}"
    await docker.post(f"{ended}/start", json={"Detach": True})
    late = await docker.post(f"{ended}/resize?h=24&w=80")
    assert (late.status_code, late.json()["message"]) == (404, "process not found")


async def test_nobody_types_into_a_shell_that_is_started_detached(
    docker: httpx.AsyncClient,
) -> None:
    wanted = {"Cmd": ["cmd"], "AttachStdin": True}
    made = (await docker.post(f"{DOCKER}/containers/web/exec", json=wanted)).json()["Id"]
    await docker.post(f"{DOCKER}/exec/{made}/start", json={"Detach": True})
    shown = (await docker.get(f"{DOCKER}/exec/{made}/json")).json()
    assert (shown["Running"], shown["ExitCode"]) == (False, 0)
