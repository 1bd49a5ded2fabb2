"""A server that the tests of a module share, and a host on it for each test."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import postgres
from tests.conftest import DATABASES
from tests.e2e.servers import Server, serving

pytest.register_assert_rewrite("tests.e2e.invariants")


@pytest.fixture(scope="module", params=DATABASES)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Return a running server, once per kind of database."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path_factory.mktemp("e2e") / "hnsemu.db"
        shutil.copyfile(template, path)
        with serving(f"sqlite:///{path}") as running:
            yield running
        return
    with (
        postgres.new_database(request.getfixturevalue("postgres_template")) as name,
        serving(postgres.url_of(name)) as running,
    ):
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
