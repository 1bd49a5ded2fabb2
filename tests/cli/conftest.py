"""A server with something on it, and the command line beside it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.servers import serving

Hnsemu = Callable[..., "subprocess.CompletedProcess[str]"]

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
    """Return the address of a server with a host `node` that has two pods."""
    path = tmp_path_factory.mktemp("cli") / "hnsemu.db"
    path.write_bytes(sqlite_template.read_bytes())
    with serving(f"sqlite:///{path}", HNSEMU_SEED="1") as server:
        with httpx.Client(base_url=server.url) as http:
            assert http.put("/emulator/hosts/node").status_code == 201
            at = "/hosts/node/v2"
            network = http.post(f"{at}/networks", json=NETWORK).json()["ID"]
            for name, address in (("client", "10.244.1.5"), ("web", "10.244.1.6")):
                asked = {"Name": name, "IpConfigurations": [{"IpAddress": address}],
                         "SchemaVersion": SCHEMA}  # fmt: skip
                made = http.post(f"{at}/networks/{network}/endpoints", json=asked).json()
                space = http.post(f"{at}/namespaces", json={"SchemaVersion": SCHEMA}).json()["ID"]
                joining = {"ResourceType": "Endpoint", "RequestType": "Add",
                           "Settings": {"EndpointId": made["ID"]}}  # fmt: skip
                http.patch(f"{at}/namespaces/{space}", json=joining).raise_for_status()
        yield server.url


@pytest.fixture
def hnsemu(server_url: str) -> Hnsemu:
    """Return what runs a command against the server, on the host `node`."""

    def run(*words: str, stdin: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "hnsemu.cli", *words],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "HNSEMU_URL": server_url, "HNSEMU_ON": "node", **variables},
        )

    return run
