"""A swarm of two hosts through the real docker CLI: the scene of docs/docker.md."""

import json
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.e2e.docker.conftest import Docker, Result, run_program
from tests.e2e.servers import Server

On = Callable[..., Result]


@pytest.fixture
def nodes(
    server: Server,
    client: httpx.Client,
    docker_environment: dict[str, str],
    tmp_path: Path,
) -> tuple[On, On, str]:
    """Return what runs the CLI on a manager and on a worker, and the name of the worker."""
    program = shutil.which("docker")
    assert program
    first, second = (f"node-{uuid.uuid4().hex}" for _ in range(2))

    def on(host: str) -> On:
        assert client.put(f"/emulator/hosts/{host}", json={}).status_code == 201
        door = f"{server.url.replace('http:', 'tcp:')}/hosts/{host}/docker"
        environment = {**docker_environment, "DOCKER_HOST": door}
        return lambda *arguments: run_program([program, *arguments], environment, folder=tmp_path)

    one, two = on(first), on(second)
    begun = one("swarm", "init", "--advertise-addr", "Ethernet")
    assert begun.code == 0, begun.err
    assert "is now a manager" in begun.out
    token = one("swarm", "join-token", "-q", "worker").out
    manager = one("info", "--format", "{{.Swarm.NodeAddr}}").out
    joined = two("swarm", "join", "--token", token, f"{manager}:2377")
    assert (joined.code, joined.out) == (0, "This node joined a swarm as a worker."), joined.err
    return one, two, second


def test_containers_of_two_hosts_meet_on_an_overlay(nodes: tuple[On, On, str]) -> None:
    one, two, _ = nodes
    assert one("network", "create", "-d", "overlay", "--attachable", "mesh").code == 0
    assert one("network", "ls", "--filter", "driver=overlay", "--format", "{{.Name}}").lines == [
        "ingress",
        "mesh",
    ]
    assert two("network", "ls", "--filter", "driver=overlay", "-q").out == ""
    for on, name in ((one, "web"), (two, "db")):
        assert on("pull", "-q", "nanoserver").code == 0
        ran = on("run", "-d", "--name", name, "--network", "mesh", "nanoserver")
        assert ran.code == 0, ran.err
    assert "Reply from 10.0.1.3" in one("exec", "web", "ping", "-n", "1", "db").out
    assert "Reply from 10.0.1.2" in two("exec", "db", "ping", "-n", "1", "web").out
    [shown] = json.loads(two("network", "inspect", "--verbose", "mesh").out)
    assert (shown["Scope"], len(shown["Peers"])) == ("swarm", 2)
    refused = one("network", "rm", "mesh")
    assert (refused.code, "is in use by task" in refused.err) == (1, True)
    for on, name in ((one, "web"), (two, "db")):
        assert on("rm", "-f", name).code == 0
    assert one("network", "rm", "mesh").code == 0


def test_nodes_are_promoted_drained_and_removed(nodes: tuple[On, On, str]) -> None:
    one, two, worker = nodes
    assert len(one("node", "ls", "-q").lines) == 2
    assert "Worker nodes can't be used" in two("node", "ls").err
    assert one("node", "promote", worker).code == 0
    managers = two("node", "ls", "--format", "{{.ManagerStatus}}")
    assert sorted(managers.lines) == ["Leader", "Reachable"]
    assert one("node", "demote", worker).code == 0
    updated = one("node", "update", "--availability", "drain", "--label-add", "zone=b", worker)
    assert updated.code == 0
    assert one("node", "inspect", "--format", "{{.Spec.Availability}}", worker).out == "drain"
    assert one("node", "ps", worker).code == 0
    assert two("swarm", "leave").out == "Node left the swarm."
    assert one("node", "ls", "--filter", f"name={worker}", "--format", "{{.Status}}").out == "Down"
    assert one("node", "rm", worker).code == 0
    assert one("swarm", "leave").code == 1
    assert one("swarm", "leave", "--force").code == 0


def test_tokens_are_rotated_and_settings_updated(nodes: tuple[On, On, str]) -> None:
    one, _, _ = nodes
    before = one("swarm", "join-token", "-q", "worker").out
    assert one("swarm", "join-token", "--rotate", "-q", "worker").out != before
    assert one("swarm", "update", "--task-history-limit", "3").code == 0
    assert "Task History Retention Limit: 3" in one("info").out
    assert "no unlock key is set" in one("swarm", "unlock-key").err


@pytest.mark.parametrize("command", ["service create nanoserver", "stack ls"])
def test_services_are_out_of_scope(nodes: tuple[On, On, str], command: str) -> None:
    one, _, _ = nodes
    answer = one(*command.split())
    if command == "stack ls":
        assert (answer.code, len(answer.lines)) == (0, 1)
    else:
        assert "the swarm of hnsemu does not have services" in answer.err


def test_outside_of_a_swarm_its_commands_say_so(docker: Docker) -> None:
    made = docker("network", "create", "-d", "overlay", "mesh")
    assert "This node is not a swarm manager." in made.err
    assert "This node is not part of a swarm" in docker("swarm", "leave").err
