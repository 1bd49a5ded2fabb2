"""Commands in containers answer from the emulated network: attach, exec, logs, events, wait."""

import time

import pytest

from tests.e2e.docker.conftest import Docker


def soon() -> str:
    """Return the next second but one: events of this one are before it."""
    return str(int(time.time()) + 2)


@pytest.fixture(autouse=True)
def web(docker: Docker) -> None:
    """Run a container."""
    assert docker("run", "-d", "--name", "web", "-p", "8080:80", "iis").code == 0


def test_the_output_of_a_command_of_a_container_is_printed_and_kept(docker: Docker) -> None:
    run = docker("run", "--name", "once", "nanoserver", "hostname")
    assert (run.code, len(run.out)) == (0, 12)
    assert docker("logs", "once").out == run.out
    assert docker("ps", "-a", "--filter", "name=once", "--format", "{{.State}}").out == "exited"


def test_a_container_that_is_to_be_removed_is_gone_after_its_output(docker: Docker) -> None:
    run = docker("run", "--rm", "nanoserver", "ipconfig")
    assert (run.code, "IPv4 Address" in run.out) == (0, True)
    assert docker("ps", "-a", "--format", "{{.Names}}").lines == ["web"]


@pytest.mark.parametrize(
    ("command", "code", "text"),
    [
        (["ping", "-n", "1", "web"], 0, "Reply from"),
        (["ping", "-n", "1", "nope"], 1, "could not find host nope"),
        (["nslookup", "web"], 0, "Name:    web"),
        (["nslookup", "nope"], 1, "Non-existent domain"),
        (["curl", "http://web"], 0, "can be reached"),
        (["curl", "http://nope"], 6, "Could not resolve host: nope"),
        (["powershell", "Test-NetConnection web -Port 80"], 0, "TcpTestSucceeded : True"),
        (["route", "print"], 0, "Active Routes:"),
        (["whoami"], 0, "containeradministrator"),
        (["cmd", "/c", "exit 3"], 3, ""),
        (["nginx"], 0, "nothing runs here"),
    ],
)
def test_commands_tell_the_truth_about_the_network(
    docker: Docker, command: list[str], code: int, text: str
) -> None:
    docker("run", "-d", "--name", "client", "nanoserver")
    run = docker("exec", "client", *command)
    assert (run.code, text in run.out) == (code, True), run


def test_a_shell_runs_what_is_typed_into_it(docker: Docker) -> None:
    run = docker("exec", "-i", "web", "cmd", typed="hostname\nping -n 1 web\nexit\n")
    assert run.code == 0
    assert len(run.lines[0]) == 12
    assert "Reply from" in run.out


def test_a_containers_own_shell_ends_with_its_input_or_with_exit(docker: Docker) -> None:
    run = docker("run", "-i", "--rm", "nanoserver", "cmd", typed="hostname\r\nexit 4\r\n")
    assert (run.code, len(run.out)) == (4, 12)
    run = docker("run", "-i", "--rm", "nanoserver", "powershell", typed="hostname")
    assert (run.code, len(run.out)) == (0, 12)


def test_a_detached_command_ends_by_itself(docker: Docker) -> None:
    assert docker("exec", "-d", "web", "ipconfig").code == 0


def test_a_command_needs_a_running_container(docker: Docker) -> None:
    docker("stop", "web")
    assert "is not running" in docker("exec", "web", "ipconfig").err
    assert "No such container: nope" in docker("exec", "nope", "ipconfig").err


def test_wait_gives_the_exit_code(docker: Docker) -> None:
    docker("stop", "web")
    assert docker("wait", "web").out == "3221225786"


def test_events_tell_what_happened(docker: Docker) -> None:
    docker("stop", "web")
    docker("rm", "web")
    told = docker(
        "events", "--since", "1h", "--until", soon(), "--format", "{{.Type}} {{.Action}}"
    ).lines
    assert told == [
        "image pull",
        "container create",
        "network connect",
        "container start",
        "container kill",
        "network disconnect",
        "container stop",
        "container die",
        "container destroy",
    ]
    only = docker("events", "--since", "1h", "--until", soon(), "--filter", "event=die")
    assert len(only.lines) == 1


def test_images_are_names(docker: Docker) -> None:
    assert docker("tag", "iis", "iis:2").code == 0
    names = docker("images", "--format", "{{.Repository}}:{{.Tag}}").lines
    assert sorted(names) == ["iis:2", "iis:latest"]
    assert docker("rmi", "iis:2").out == "Untagged: iis:2"
    assert "is using its referenced image" in docker("rmi", "iis").err
    docker("rm", "-f", "web")
    assert docker("rmi", "iis").code == 0
    assert docker("images", "-q").out == ""
    assert "No such image: iis" in docker("image", "inspect", "iis").err
