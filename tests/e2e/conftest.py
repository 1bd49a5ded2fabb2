"""A server that the tests of a module share, and a host on it for each test."""

import uuid
from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.servers import Server, serving

pytest.register_assert_rewrite("tests.e2e.invariants")


@pytest.fixture(scope="module")
def server(lasting_database_url: str) -> Iterator[Server]:
    """Return a running server, once per kind of database."""
    with serving(lasting_database_url) as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """Return an HTTP client of the shared server."""
    with server.client() as http:
        yield http


@pytest.fixture
def host(client: httpx.Client) -> str:
    """Return the name of a fresh host that only this test uses."""
    name = f"test-{uuid.uuid4().hex}"
    assert client.put(f"/emulator/hosts/{name}", json={}).status_code == 201
    return name
