"""Clients that leave a console by its keys."""

import json
import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.servers import serving
from tests.waiting import PATIENCE

KEYS = b"\x10\x11"
LEFT = "exec attach failed: error on attach stdin: read escape sequence\r\n"


@pytest.fixture
def docker(database_url: str) -> Iterator[httpx.Client]:
    """Return a client of a host where cmd runs on a console in the container `web`."""
    with serving(database_url) as server, server.client() as client:
        client.base_url = httpx.URL(f"{server.url}/docker")
        client.timeout = httpx.Timeout(PATIENCE)
        client.post("/images/create?fromImage=iis").raise_for_status()
        wanted = {"Image": "iis", "Cmd": ["cmd"], "Tty": True, "OpenStdin": True}
        client.post("/containers/create?name=web", json=wanted).raise_for_status()
        client.post("/containers/web/start").raise_for_status()
        yield client


def typed(docker: httpx.Client, path: str, keys: bytes, document: object = None) -> str:
    """Type keys into a stream; return all that it says until it ends."""
    url = docker.base_url.join(f"/docker{path}")
    body = json.dumps(document).encode() if document is not None else b""
    head = (
        f"POST {url.raw_path.decode()} HTTP/1.1\r\nHost: {url.host}\r\nConnection: Upgrade\r\n"
        f"Upgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((url.host, url.port or 80), PATIENCE) as connection:
        connection.sendall(head.encode() + body)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(65536)
        connection.sendall(keys)
        while data := connection.recv(65536):
            answer += data
    head_of_answer, _, said = answer.partition(b"\r\n\r\n")
    assert head_of_answer.startswith(b"HTTP/1.1 101"), answer
    return said.decode()


def told(docker: httpx.Client, *actions: str) -> list[dict[str, str]]:
    """Return what was told of these actions: their attributes, with the action."""
    now = docker.get(f"{str(docker.base_url).removesuffix('/docker/')}/emulator/clock").json()
    query = {"until": now["time"], "filters": json.dumps({"event": actions})}
    lines = docker.get("/events", params=query).text.splitlines()
    found = [json.loads(line) for line in lines]
    return [{"action": event["Action"], **event["Actor"]["Attributes"]} for event in found]


def test_who_leaves_by_the_keys_of_the_console_is_told_of(docker: httpx.Client) -> None:
    attached = "/containers/web/attach?stream=1&stdin=1&stdout=1"
    assert "hostn\r\n" not in typed(docker, attached, b"hostn" + KEYS)
    assert typed(docker, f"{attached}&detachKeys=ctrl-a,x", KEYS + b"\x01x") == ""
    whom = {"image": "iis", "name": "web"}
    assert told(docker, "detach") == [{"action": "detach", **whom}] * 2
    assert docker.get("/containers/web/json").json()["State"]["Running"]


def test_a_command_whose_client_left_counts_as_failed_and_runs_on(docker: httpx.Client) -> None:
    wanted = {"Cmd": ["cmd"], "Tty": True, "AttachStdin": True, "DetachKeys": "ctrl-x,q"}
    made = docker.post("/containers/web/exec", json=wanted).json()["Id"]
    assert typed(docker, f"/exec/{made}/start", b"\x18q", {"Tty": True}).endswith(LEFT)
    shown = docker.get(f"/exec/{made}/json").json()
    assert (shown["Running"], shown["ExitCode"]) == (False, 126)
    assert shown["Pid"]
    assert docker.get("/containers/web/json").json()["ExecIDs"] is None
    assert told(docker, "exec_detach", "exec_die") == []
    docker.post("/containers/web/kill").raise_for_status()
    (died,) = told(docker, "exec_die")
    assert (died["execID"], died["exitCode"]) == (made, "127")
    assert docker.get(f"/exec/{made}/json").json()["Pid"] == 0


def test_commands_that_run_end_with_what_ended_the_container(docker: httpx.Client) -> None:
    wanted = {"Image": "iis", "Cmd": ["ping", "-t", "localhost"], "Tty": True, "OpenStdin": True}
    docker.post("/containers/create?name=pings", json=wanted).raise_for_status()
    docker.post("/containers/pings/start").raise_for_status()
    made = docker.post("/containers/pings/exec", json={"Cmd": wanted["Cmd"]}).json()["Id"]
    docker.post(f"/exec/{made}/start", json={"Detach": True}).raise_for_status()
    assert docker.get(f"/exec/{made}/json").json()["Running"]
    typed(docker, "/containers/pings/attach?stream=1&stdin=1&stdout=1", b"\x03")
    shown = docker.get(f"/exec/{made}/json").json()
    assert (shown["Running"], shown["ExitCode"], shown["Pid"]) == (False, 0xC000013A, 0)
