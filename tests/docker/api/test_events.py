"""What happens is told in the order and in the words in which dockerd 28.5.2 was recorded."""

import json
from typing import Any

import httpx
import pytest

DOCKER = "/docker"


@pytest.fixture
async def docker(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host with an image, whose clock stands still."""
    await client.put("/emulator/clock", json={"freeze": True})
    assert (await client.post(f"{DOCKER}/images/create?fromImage=iis")).status_code == 200
    return client


async def run(docker: httpx.AsyncClient, **members: Any) -> None:
    """Run the container `web`."""
    wanted = {"Image": "iis", **members}
    created = await docker.post(f"{DOCKER}/containers/create?name=web", json=wanted)
    assert created.status_code == 201, created.text
    assert (await docker.post(f"{DOCKER}/containers/web/start")).status_code == 204


async def told(docker: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    """Return the past events; a second passes."""
    await docker.put("/emulator/clock", json={"advance": "1s"})
    now = (await docker.get("/emulator/clock")).json()["time"]
    answer = await docker.get(f"{DOCKER}/events", params={"until": now, **query})
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


async def actions(docker: httpx.AsyncClient) -> list[str]:
    """Return what happened to containers, networks and volumes behind the start."""
    names = [f"{event['Type']} {event['Action']}" for event in await told(docker)]
    return names[names.index("container start") + 1 :]


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("POST", "kill", ["kill", "disconnect", "die"]),
        ("POST", "stop", ["kill", "disconnect", "stop", "die"]),
        (
            "POST",
            "restart",
            ["kill", "disconnect", "stop", "die", "connect", "start", "restart"],
        ),
        ("DELETE", "?force=1", ["kill", "disconnect", "die", "destroy"]),
    ],
)
async def test_a_container_leaves_its_networks_before_it_dies(
    docker: httpx.AsyncClient, method: str, path: str, expected: list[str]
) -> None:
    await run(docker)
    answer = await docker.request(method, f"{DOCKER}/containers/web/{path}".replace("/?", "?"))
    assert answer.status_code == 204
    assert [action.split()[1] for action in await actions(docker)] == expected


async def test_a_stopped_container_with_auto_remove_goes_last(docker: httpx.AsyncClient) -> None:
    await run(docker, HostConfig={"AutoRemove": True})
    await docker.post(f"{DOCKER}/containers/web/stop")
    assert [action.split()[1] for action in await actions(docker)] == [
        "kill",
        "disconnect",
        "stop",
        "die",
        "destroy",
    ]


async def test_commands_and_volumes_of_a_container_end_with_it(docker: httpx.AsyncClient) -> None:
    await run(docker, HostConfig={"Binds": ["data:C:\\data"]})
    wanted = {"Cmd": ["ping", "-t", "web"]}
    made = await docker.post(f"{DOCKER}/containers/web/exec", json=wanted)
    exec_id = made.json()["Id"]
    await docker.post(f"{DOCKER}/exec/{exec_id}/start", json={"Detach": True})
    await docker.post(f"{DOCKER}/containers/web/kill")
    assert await actions(docker) == [
        "container exec_create: ping -t web",
        "container exec_start: ping -t web",
        "container kill",
        "container exec_die",
        "network disconnect",
        "volume unmount",
        "container die",
    ]
    attributes = [event["Actor"]["Attributes"] for event in await told(docker)][-4:]
    shown = (await docker.get(f"{DOCKER}/containers/web/json")).json()
    assert (attributes[0]["execID"], attributes[0]["exitCode"]) == (exec_id, "1073807364")
    assert attributes[2] == {"container": shown["Id"], "driver": "local"}


async def test_a_command_without_arguments_has_a_blank_behind_it(docker: httpx.AsyncClient) -> None:
    await run(docker)
    await docker.post(f"{DOCKER}/containers/web/exec", json={"Cmd": ["ipconfig"]})
    assert await actions(docker) == ["container exec_create: ipconfig "]


async def test_who_attaches_is_told_of(docker: httpx.AsyncClient) -> None:
    await run(docker)
    attached = await docker.post(f"{DOCKER}/containers/web/attach?logs=1&stdout=1")
    assert attached.status_code == 200
    assert await actions(docker) == ["container attach"]


@pytest.mark.parametrize(("signal", "number"), [("", "9"), ("sigkill", "9"), ("TERM", "15")])
async def test_a_signal_is_told_by_its_number(
    docker: httpx.AsyncClient, signal: str, number: str
) -> None:
    await run(docker)
    await docker.post(f"{DOCKER}/containers/web/kill", params={"signal": signal})
    killed = (await told(docker, filters='{"event": ["kill"]}'))[0]
    assert killed["Actor"]["Attributes"]["signal"] == number


@pytest.mark.parametrize(
    ("stop", "code"),
    [("stop", 0xC000013A), ("stop?signal=KILL", 0x40010004), ("kill?signal=HUP", 0xC000013A)],
)
async def test_every_signal_but_kill_shuts_a_container_down(
    docker: httpx.AsyncClient, stop: str, code: int
) -> None:
    await run(docker)
    assert (await docker.post(f"{DOCKER}/containers/web/{stop}")).status_code == 204
    shown = (await docker.get(f"{DOCKER}/containers/web/json")).json()
    assert shown["State"]["ExitCode"] == code


async def test_a_terminal_that_changes_its_size_ends_nothing(docker: httpx.AsyncClient) -> None:
    await run(docker)
    answer = await docker.post(f"{DOCKER}/containers/web/kill?signal=WINCH")
    assert answer.status_code == 204
    assert await actions(docker) == ["container kill"]


async def test_events_of_images_have_the_old_form_too(docker: httpx.AsyncClient) -> None:
    pulled = (await told(docker))[0]
    assert (pulled["status"], pulled["id"]) == ("pull", "iis:latest")
    assert "from" not in pulled


async def test_the_end_is_not_before_the_beginning(docker: httpx.AsyncClient) -> None:
    answer = await docker.get(f"{DOCKER}/events?since=2000000001&until=2000000000")
    text = "`since` time (2000000001) cannot be after `until` time (2000000000)"
    assert (answer.status_code, answer.json()["message"]) == (400, text)


async def test_an_unknown_filter_lets_everything_pass(docker: httpx.AsyncClient) -> None:
    assert await told(docker, filters='{"color": ["red"]}') == await told(docker)


async def test_what_concerns_no_container_has_no_id(docker: httpx.AsyncClient) -> None:
    await docker.post(f"{DOCKER}/containers/prune")
    pruned = (await told(docker))[-1]
    assert (pruned["status"], pruned["Actor"]["ID"]) == ("prune", "")
    assert pruned.keys().isdisjoint({"id", "from"})
