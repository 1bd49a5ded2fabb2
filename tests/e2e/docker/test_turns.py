"""No call of Docker holds up the requests of others, however much is in its body or its container.

Measured is the longest turn of the event loop, in processor time: a busy machine does not count.
"""

import gc
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hnsemu.config import Settings
from tests.e2e.turns import Turns, watched_server

LONGEST = 0.1
"""Seconds of a turn, as for other hostile documents; seen are 5 ms at most."""

MANY = 20_000
ALL_PORTS: dict[str, object] = {"1-65535/tcp": {}, "1-65535/udp": {}}
WORDS = {f"word-{number}": "x" * 100 for number in range(MANY)}


class World:
    """A client of a watched server on which Docker has an image and a container."""

    def __init__(self, client: httpx.Client, turns: Turns) -> None:
        """Use each kind of call once: the first builds its statements."""
        self.client, self.turns = client, turns
        client.post("/docker/images/create?fromImage=iis")
        for call, body in (
            ("containers/create?name=web", {"Image": "iis", "ExposedPorts": {"80/tcp": {}}}),
            ("containers/web/start", {}),
            ("containers/web/restart", {}),
            ("networks/create", {"Name": "shop", "Driver": "nat"}),
            ("networks/shop/connect", {"Container": "web"}),
            ("networks/shop/disconnect", {"Container": "web"}),
            ("containers/web/rename?name=db", {}),
            ("containers/db/exec", {"Cmd": ["hostname"]}),
            ("containers/db/stop", {}),
        ):
            assert self.post(call, body).is_success, call
        client.get("/docker/containers/db/json")

    def post(self, call: str, body: object = None) -> httpx.Response:
        """Post to the door."""
        return self.client.post(f"/docker/{call}", json=body)

    def longest_turn(self, method: str, call: str, body: object = None) -> float:
        """Send a request; return the longest turn that the event loop took meanwhile."""
        content = b"" if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        gc.freeze()  # what the client holds in this process is none of the service
        self.turns.longest = 0.0
        answer = self.client.request(method, f"/docker/{call}", content=content, headers=headers)
        assert answer.status_code < 500, answer.text[:200]
        return self.turns.longest


@pytest.fixture
def world(tmp_path: Path, sqlite_template: Path) -> Iterator[World]:
    """Serve a host that has nothing large yet, watched."""
    path = tmp_path / "docker.db"
    shutil.copyfile(sqlite_template, path)
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        watched_server(Settings(database_url=f"sqlite:///{path}"), monkeypatch) as (client, turns),
    ):
        yield World(client, turns)


def test_a_container_with_all_ports_holds_up_nobody(world: World) -> None:
    wanted = {"Image": "iis", "ExposedPorts": ALL_PORTS}
    overlapping: dict[str, object] = {f"1-{65535 - number}/tcp": {} for number in range(300)}
    turns = {
        call: world.longest_turn(method, call, body)
        for method, call, body in (
            ("POST", "containers/create?name=most", {"Image": "iis", "ExposedPorts": overlapping}),
            ("POST", "containers/create?name=all", wanted),
            ("POST", "containers/all/start", None),
            ("GET", "containers/all/json", None),
            ("GET", "containers/json", None),
            ("POST", "networks/shop/connect", {"Container": "all"}),
            ("POST", "networks/shop/disconnect", {"Container": "all"}),
            ("POST", "containers/all/restart", None),
            ("POST", "containers/all/stop", None),
            ("DELETE", "containers/all", None),
        )
    }
    assert {call: seconds for call, seconds in turns.items() if seconds > LONGEST} == {}


def test_large_bodies_of_docker_hold_up_nobody(world: World) -> None:
    ports: dict[str, object] = {f"{number}/tcp": {} for number in range(1, 65536)}
    bindings = {port: [{"HostPort": port.partition("/")[0]}] for port in ports}
    mounts = [
        {"Type": "volume", "Source": f"data-{number}", "Target": rf"C:\{number}"}
        for number in range(1_000)
    ]
    documents: dict[str, tuple[str, dict[str, object]]] = {
        "ports": ("containers/create", {"ExposedPorts": ports}),
        "bindings": (
            "containers/create",
            {"ExposedPorts": ports, "HostConfig": {"PortBindings": bindings}},
        ),
        "labels": ("containers/create?name=labels", {"Labels": WORDS}),
        "environment": (
            "containers/create?name=environment",
            {"Env": [f"{name}={word}" for name, word in WORDS.items()]},
        ),
        "mounts": ("containers/create", {"HostConfig": {"Mounts": mounts}}),
        "a command": ("containers/create", {"Cmd": ["echo", *WORDS]}),
        "labels of a network": (
            "networks/create",
            {"Name": "lab", "Driver": "nat", "Labels": WORDS},
        ),
        "options of a network": (
            "networks/create",
            {"Name": "opt", "Driver": "nat", "Options": WORDS},
        ),
        "labels of a volume": ("volumes/create", {"Name": "data", "Labels": WORDS}),
    }
    turns = {
        name: world.longest_turn("POST", call, {"Image": "iis", **body})
        for name, (call, body) in documents.items()
    }
    filters = json.dumps({"label": [f"word-{number}" for number in range(2_000)]})
    turns |= {
        call: world.longest_turn("GET", call)
        for call in (
            "containers/json?all=1",
            f"containers/json?all=1&filters={filters}",
            "containers/labels/json",
            "containers/environment/json",
            "networks",
            "networks/lab",
            "volumes",
            "system/df",
        )
    }
    assert {name: seconds for name, seconds in turns.items() if seconds > LONGEST} == {}
