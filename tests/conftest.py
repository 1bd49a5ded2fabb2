"""Fixtures every test may use: a real database of its own and an emulated host in it."""

import math
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import hypothesis
import pytest
from fastapi import FastAPI

from hnsemu.api import deps, pace
from hnsemu.config import Settings
from hnsemu.host import SeededSource
from hnsemu.main import create_app
from hnsemu.services import hosts
from hnsemu.storage.database import Database
from hnsemu.storage.migrate import upgrade
from hnsemu.storage.transaction import Hns
from tests import compiled, contract, postgres, trust
from tests.api.calls import WORLD
from tests.postgres import POSTGRES_URL

# Machines that others use too are slow at times; pytest-timeout stops what hangs.
hypothesis.settings.register_profile("hnsemu", deadline=None)
hypothesis.settings.load_profile("hnsemu")

# A shell lets what it runs in the background ignore Ctrl-C, and so would what tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

DATABASES = ["sqlite", "postgresql"] if POSTGRES_URL else ["sqlite"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what a run without PostgreSQL leaves out."""
    skipped = len(terminalreporter.stats.get("skipped", []))
    if skipped and not POSTGRES_URL:
        terminalreporter.line(
            f"without PostgreSQL: {skipped} tests skipped, the others ran on SQLite only; "
            "make test-postgres runs them all"
        )


@pytest.fixture(scope="session", autouse=True)
def made_once() -> Iterator[None]:
    """Let all tests share what SQLAlchemy compiled, and what HTTP clients trust."""
    with pytest.MonkeyPatch.context() as patch:
        compiled.share(patch)
        trust.share(patch)
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """Return the name of a migrated, empty PostgreSQL database to copy; dropped at the end."""
    with postgres.new_database() as name:
        upgrade(postgres.url_of(name))
        yield name


@pytest.fixture(scope="session")
def postgres_databases(postgres_template: str) -> Iterator[postgres.Databases]:
    """Return where tests take an empty PostgreSQL database from; gone at the end."""
    databases = postgres.Databases(postgres_template)
    yield databases
    databases.close()


@contextmanager
def _empty_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Yield the URL of a migrated, empty database of the kind that a fixture's parameter names."""
    if request.param == "sqlite":
        path = folder / "hnsemu.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    databases: postgres.Databases = request.getfixturevalue("postgres_databases")
    with databases.one() as name:
        yield postgres.url_of(name)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the URL of a migrated, empty database; the test runs once per kind of database."""
    with _empty_database(request, tmp_path) as url:
        yield url


@pytest.fixture(scope="module", params=DATABASES)
def lasting_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Return the URL of such a database for all tests of a module."""
    with _empty_database(request, tmp_path_factory.mktemp("lasting")) as url:
        yield url


@pytest.fixture(params=DATABASES)
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the URL of a database without tables; the test runs once per kind of database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    with postgres.new_database() as name:
        yield postgres.url_of(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Return an open, empty database."""
    opened = Database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def hns(database: Database) -> Hns:
    """Return the HNS service of a fresh host `default`, with a seeded source."""
    service = Hns(database, "default", SeededSource())
    hosts.ensure_host(service)
    return service


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Return what asynchronous tests run on."""
    return "asyncio"


@asynccontextmanager
async def _running(url: str) -> AsyncIterator[FastAPI]:
    """Run the application on a database.

    It does not find itself that a host has large objects, as a slow machine lets it: tests say so.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deps, "TOO_LONG", math.inf)
        patch.setattr(pace, "LONG", math.inf)
        app = create_app(Settings(database_url=url, seed=1))
        async with app.router.lifespan_context(app):
            yield app


def _client_of(app: FastAPI) -> httpx.AsyncClient:
    """Return an HTTP client; each answer is compared with the OpenAPI document."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False),
        base_url="http://localhost",
        event_hooks={"response": [contract.check_when_read]},
    )


@pytest.fixture
async def service(database_url: str) -> AsyncIterator[FastAPI]:
    """Return the running application on a database of its own."""
    async with _running(database_url) as app:
        yield app


@pytest.fixture
async def client(service: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Return an HTTP client of the running application; a defect is answered, not raised."""
    async with _client_of(service) as http:
        yield http


@pytest.fixture(scope="module")
async def lasting_client(lasting_database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of one service for all tests of a module.

    They read, are refused, or add what no other of them looks at.
    """
    async with _running(lasting_database_url) as app, _client_of(app) as http:
        yield http


@pytest.fixture
async def world(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host with one object of each kind."""
    return await _filled(client)


@pytest.fixture(scope="module")
async def lasting_world(lasting_client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of such a host for all tests of a module, as `lasting_client` does."""
    return await _filled(lasting_client)


async def _filled(client: httpx.AsyncClient) -> httpx.AsyncClient:
    for call in WORLD:
        created = await call.send(client)
        assert created.status_code == call.status, created.text
    return client
