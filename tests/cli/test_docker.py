"""`hnsemu docker env`: lines for a shell, and what the shell then has."""

import subprocess

from tests.cli.conftest import Hnsemu


def test_docker_is_led_to_the_default_host(hnsemu: Hnsemu) -> None:
    printed = hnsemu("docker", "env", HNSEMU_URL="http://127.0.0.1:8420", HNSEMU_ON="")
    assert printed.stdout == "export DOCKER_HOST=tcp://127.0.0.1:8420/docker\n"


def test_docker_is_led_to_the_host_of_option_or_variable(hnsemu: Hnsemu) -> None:
    by_option = hnsemu("docker", "env", "--host", "node", "--url", "http://box:1/", HNSEMU_ON="")
    by_variable = hnsemu("docker", "env", HNSEMU_URL="http://box:1/", HNSEMU_ON="node")
    assert by_option == by_variable
    assert by_option.stdout == "export DOCKER_HOST=tcp://box:1/hosts/node/docker\n"


def test_a_shell_takes_the_lines_whatever_the_name_holds(hnsemu: Hnsemu) -> None:
    printed = hnsemu("docker", "env", "--host", "it's; id", HNSEMU_URL="http://box:1")
    shown = subprocess.run(
        ["sh", "-c", f'{printed.stdout}printf %s "$DOCKER_HOST"'],
        check=True,
        capture_output=True,
        text=True,
    )
    assert shown.stdout == "tcp://box:1/hosts/it%27s%3B%20id/docker"


def test_powershell_gets_lines_of_its_own(hnsemu: Hnsemu) -> None:
    printed = hnsemu("docker", "env", "--powershell", HNSEMU_URL="http://it's:1", HNSEMU_ON="")
    assert printed.stdout == "$Env:DOCKER_HOST = 'tcp://it''s:1/docker'\n"


def test_tls_is_asked_for_where_the_service_has_it(hnsemu: Hnsemu) -> None:
    printed = hnsemu("docker", "env", HNSEMU_URL="https://box:1", HNSEMU_ON="")
    assert printed.stdout.splitlines() == [
        "export DOCKER_HOST=tcp://box:1/docker",
        "export DOCKER_TLS_VERIFY=1",
    ]


def test_what_is_no_address_is_a_usage_error(hnsemu: Hnsemu) -> None:
    refused = hnsemu("docker", "env", HNSEMU_URL="box:1")
    assert (refused.exit_code, "is no address of a service" in refused.stderr) == (2, True)
