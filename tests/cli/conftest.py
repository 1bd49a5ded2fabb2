"""A server with two pods, and the command line beside it."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from hnsemu.cli.app import cli
from tests.e2e.servers import serving


@dataclass(frozen=True)
class Outcome:
    """What a command printed, and its exit code."""

    exit_code: int
    stdout: str
    stderr: str


Hnsemu = Callable[..., Outcome]

SCHEMA = {"Major": 2, "Minor": 0}
NETWORK = {
    "Name": "bridge",
    "Type": "L2Bridge",
    "Ipams": [
        {
            "Type": "Static",
            "Subnets": [
                {
                    "IpAddressPrefix": "10.244.1.0/24",
                    "Routes": [{"NextHop": "10.244.1.1", "DestinationPrefix": "0.0.0.0/0"}],
                }
            ],
        }
    ],
    "SchemaVersion": SCHEMA,
}


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[str]:
    """Return the address of a server whose host `node` has the pods `client` and `web`.

    All tests of a worker share it. A test that creates objects does so on a host of its own.
    """
    path = tmp_path_factory.mktemp("cli") / "hnsemu.db"
    path.write_bytes(sqlite_template.read_bytes())
    with serving(f"sqlite:///{path}", HNSEMU_SEED="1") as server:
        with server.client() as http:
            assert http.put("/emulator/hosts/node").status_code == 201
            prefix = "/hosts/node/v2"
            network = http.post(f"{prefix}/networks", json=NETWORK).json()["ID"]
            for name, address in (("client", "10.244.1.5"), ("web", "10.244.1.6")):
                _create_pod(http, prefix, network, name, address)
        yield server.url


def _create_pod(http: httpx.Client, prefix: str, network: str, name: str, address: str) -> None:
    request = {
        "Name": name,
        "IpConfigurations": [{"IpAddress": address}],
        "SchemaVersion": SCHEMA,
    }
    endpoint = http.post(f"{prefix}/networks/{network}/endpoints", json=request).json()["ID"]
    namespace = http.post(f"{prefix}/namespaces", json={"SchemaVersion": SCHEMA}).json()["ID"]
    change = {
        "ResourceType": "Endpoint",
        "RequestType": "Add",
        "Settings": {"EndpointId": endpoint},
    }
    http.patch(f"{prefix}/namespaces/{namespace}", json=change).raise_for_status()


@pytest.fixture
def hnsemu(server_url: str) -> Hnsemu:
    """Return a function that runs a command against the server, on the host `node`."""

    def run(*words: str, stdin: str = "", **variables: str) -> Outcome:
        result = CliRunner().invoke(
            cli,
            words,
            input=stdin,
            env={"HNSEMU_DEBUG": "", "HNSEMU_URL": server_url, "HNSEMU_ON": "node", **variables},
            catch_exceptions=False,
        )
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def own_host(hnsemu: Hnsemu) -> str:
    """Return the name of a fresh host that only this test uses."""
    name = f"test-{uuid.uuid4().hex}"
    assert hnsemu("hosts", "create", name).exit_code == 0
    return name
