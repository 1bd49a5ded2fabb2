"""testcontainers for Python: what it starts, waits for and cleans up, without Ryuk."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.waiting import PATIENCE

PROGRAM = """
from testcontainers.core.container import DockerContainer
from testcontainers.core.network import Network
from testcontainers.core.wait_strategies import ContainerStatusWaitStrategy

with Network(docker_network_kw={"driver": "nat"}) as shop:
    web = DockerContainer("contoso/web").with_exposed_ports(80).with_network(shop)
    web.with_network_aliases("web").waiting_for(ContainerStatusWaitStrategy())
    with web:
        print("host", web.get_container_host_ip())
        print("port", web.get_exposed_port(80))
        print("status", web.status)
        print("ping", web.exec("ping -n 1 web").exit_code)
        client = DockerContainer("nanoserver").with_command("curl http://web").with_network(shop)
        with client:
            print("logs", client.get_logs()[0].decode().strip())
print("gone")
"""


@pytest.fixture
def environment(docker_environment: dict[str, str]) -> dict[str, str]:
    """Return the environment of a test that uses testcontainers."""
    return {
        **docker_environment,
        "TESTCONTAINERS_RYUK_DISABLED": "true",
        "TESTCONTAINERS_CONNECTION_MODE": "docker_host",
    }


def test_containers_are_started_waited_for_and_removed(
    environment: dict[str, str], hns: Callable[[str], object]
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        timeout=PATIENCE,
    )
    said = dict(line.split(" ", 1) for line in ended.stdout.splitlines()[:-1])
    assert ended.returncode == 0, ended.stderr
    assert said["host"] == "127.0.0.1"
    assert 49152 <= int(said["port"]) <= 65535
    assert (said["status"], said["ping"]) == ("running", "0")
    assert said["logs"] == "hnsemu: http://web can be reached; nothing runs there to answer"
    assert ended.stdout.splitlines()[-1] == "gone"
    assert hns("/v2/endpoints") == []
