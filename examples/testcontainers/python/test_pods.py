"""The service runs once for all tests; each test has an emulated host of its own."""

import os
import uuid
from collections.abc import Iterator

import httpx
import pytest
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy


@pytest.fixture(scope="session")
def service() -> Iterator[str]:
    if running := os.environ.get("HNSEMU_URL"):
        yield running
        return
    ready = HttpWaitStrategy(8420, "/readyz").for_status_code(200)
    with DockerContainer("hnsemu").with_exposed_ports(8420).waiting_for(ready) as container:
        yield f"http://{container.get_container_host_ip()}:{container.get_exposed_port(8420)}"


@pytest.fixture
def host(service: str) -> Iterator[str]:
    name = f"pods-{uuid.uuid4()}"
    httpx.put(f"{service}/emulator/hosts/{name}", json={"journal": True}).raise_for_status()
    yield f"{service}/hosts/{name}"
    httpx.delete(f"{service}/emulator/hosts/{name}")


def test_one_network_is_created(host: str) -> None:
    network = {"Name": "pods", "Type": "L2Bridge"}  # your program's calls go here
    httpx.post(f"{host}/v2/networks", json=network).raise_for_status()

    expectation = {"match": {"operation": "HcnCreateNetwork", "name": "pods"}, "count": 1}
    emulator = host.replace("/hosts/", "/emulator/hosts/")
    answer = httpx.post(f"{emulator}/requests/verify", json=expectation).json()
    assert answer["verified"], answer
