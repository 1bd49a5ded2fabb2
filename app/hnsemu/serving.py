"""Running the service: one process on SQLite, one or many on PostgreSQL."""

import functools
import multiprocessing
import os
import signal
import socket
import sqlite3
import ssl
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from multiprocessing.synchronize import Semaphore
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

import uvicorn
from fastapi import FastAPI
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from hnsemu.api.deps import Service
from hnsemu.config import Settings
from hnsemu.domain.host_definition import default_definition
from hnsemu.domain.visible import one_line
from hnsemu.errors import HnsError
from hnsemu.logs import configuration
from hnsemu.main import create_app
from hnsemu.protocol import UpgradeProtocol
from hnsemu.storage.backup import copy_sqlite
from hnsemu.storage.database import Database
from hnsemu.storage.failures import is_read_only
from hnsemu.storage.sessions import with_schema
from hnsemu.storage.versions import HEAD, revision
from hnsemu.workers import Workers

_STOP_TIMEOUT = 10  # seconds that running requests have when the service stops
_SWITCH_INTERVAL = 0.0005  # seconds after which work in a thread gives way to the event loop
_OK = 200
_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (for clients on this machine)


class StartError(Exception):
    """The service cannot start; the message gives the reason and the remedy."""


class BackupError(Exception):
    """The database cannot be copied; the message gives the reason."""


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, finish running requests, and exit with 0.

    Raises: StartError.
    """
    _check(settings)
    # uvicorn raises the signal again once it has stopped. SystemExit then closes what is open
    # here, such as the temporary database.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _exit)
    with _database(settings) as url, _shared_metrics(settings.workers), _seeds(settings.seed_dir):
        settings = settings.model_copy(update={"database_url": url})
        _prepare(settings)
        listening = [_listen(settings.host, settings.port)]
        if settings.docker_port:
            listening.append(_listen(settings.host, settings.docker_port))
        scheme = "https" if settings.tls_certificate else "http"
        port = listening[0].getsockname()[1]
        announce = functools.partial(_announce_seeded, settings, scheme, port)
        if settings.workers == 1:
            uvicorn.Server(_config(settings, announce)).run(listening)
        else:
            started = multiprocessing.get_context("spawn").Semaphore(0)
            _announce_when_started(started, settings.workers, announce)
            config = _config(settings, functools.partial(_count_start, started))
            workers = Workers(config, listening)
            workers.run()
            if workers.failed_to_start:
                raise StartError("a worker cannot start; its log says why")


def _config(settings: Settings, on_start: Callable[[], object]) -> uvicorn.Config:
    """Return the configuration of the server; each process calls `on_start` when it has started."""
    return uvicorn.Config(
        functools.partial(_app, settings, on_start),
        factory=True,
        workers=settings.workers,
        log_config=configuration(settings.log_level, settings.log_format),
        access_log=False,
        server_header=False,
        http=functools.partial(  # type: ignore[arg-type]  # called as the class would be
            UpgradeProtocol, request_timeout=settings.request_timeout
        ),
        ws="none",
        timeout_graceful_shutdown=_STOP_TIMEOUT,
        ssl_certfile=settings.tls_certificate or None,
        ssl_keyfile=settings.tls_key or None,
    )


def _app(settings: Settings, on_start: Callable[[], object]) -> FastAPI:
    """Return the service.

    The server calls this in the process that serves, after it has installed its signal handlers.
    """
    _exit_with_parent()
    sys.setswitchinterval(_SWITCH_INTERVAL)
    app = create_app(settings)
    _end_streams_on_signals(app.state.service)
    lifespan = app.router.lifespan_context

    @asynccontextmanager
    async def announced(app: FastAPI) -> AsyncIterator[None]:
        async with lifespan(app):
            on_start()
            yield

    app.router.lifespan_context = announced
    return app


def _end_streams_on_signals(service: Service) -> None:
    """End event streams when the server is told to stop, because it waits for open responses."""

    def ending_streams(handler: Callable[[int, FrameType | None], object]) -> Callable[..., None]:
        def handle(number: int, frame: FrameType | None) -> None:
            service.database.wakes.stop()
            handler(number, frame)

        return handle

    for number in (signal.SIGTERM, signal.SIGINT):
        handler = signal.getsignal(number)
        if callable(handler):
            signal.signal(number, ending_streams(handler))


def _exit_with_parent() -> None:
    """Stop this worker if its parent is killed, so that the port becomes free."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def _announce_when_started(
    started: Semaphore, workers: int, announce: Callable[[], object]
) -> None:
    """Announce the service once each worker has counted its start."""

    def wait() -> None:
        for _ in range(workers):
            started.acquire()
        announce()

    threading.Thread(target=wait, daemon=True).start()


def _count_start(started: Semaphore) -> None:
    started.release()


def is_ready(host: str, port: int, certificate: str = "") -> bool:
    """Tell whether the service at this address reports that it is ready.

    certificate: PEM file of a service that speaks HTTPS, "" for HTTP.
    """
    context, scheme = None, "http"
    if certificate:
        scheme, context = "https", ssl.create_default_context(cafile=certificate)
        context.check_hostname = False  # the address is not the name in the certificate
    try:
        url = f"{scheme}://{_reachable(host)}:{port}/readyz"
        with urlopen(url, timeout=5, context=context) as answer:  # noqa: S310 (http or https)
            return bool(answer.status == _OK)
    except (URLError, OSError):
        return False


def _exit(_number: int, _frame: object) -> None:
    raise SystemExit(0)


def _check(settings: Settings) -> None:
    """Refuse settings that contradict each other or this version.

    Raises: StartError.
    """
    on_sqlite = settings.ephemeral or _backend(settings.database_url) == "sqlite"
    try:
        default_definition(settings.release, settings.hns_version)
    except HnsError as refusal:
        raise StartError(refusal.detail) from refusal
    if settings.workers > 1 and on_sqlite:
        raise StartError(
            "more than one worker needs PostgreSQL; set HNSEMU_DATABASE_URL=postgresql+psycopg://…"
        )
    if settings.schema and on_sqlite:
        raise StartError("only PostgreSQL has schemas; leave HNSEMU_SCHEMA out with SQLite")
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        raise StartError("TLS needs both settings, HNSEMU_TLS_CERTIFICATE and HNSEMU_TLS_KEY")
    if settings.tls_certificate:
        _check_certificate(settings.tls_certificate, settings.tls_key)
    if settings.workers > 1 and settings.seed is not None:
        raise StartError("workers with the same seed would create the same GUIDs; use one worker")


def _check_certificate(certificate: str, key: str) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise StartError(f"cannot use the TLS certificate or its key: {error}") from error


def _backend(url: str) -> str:
    try:
        return make_url(url).get_backend_name()
    except SQLAlchemyError as error:
        raise StartError(f"invalid database URL: {one_line(str(error))}") from error


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """Yield the URL of the database; delete a temporary one at the end."""
    if not settings.ephemeral:
        yield with_schema(settings.database_url, settings.schema)
        return
    with tempfile.TemporaryDirectory(prefix="hnsemu-") as directory:
        yield f"sqlite:///{Path(directory) / 'hnsemu.db'}"


@contextmanager
def _shared_metrics(workers: int) -> Iterator[None]:
    """Give several workers a directory for their metrics, from which each can sum them up."""
    if workers == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="hnsemu-metrics-") as directory:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory
        yield


def _prepare(settings: Settings) -> None:
    """Check that the database exists and has this version's schema; upgrade it if it is SQLite."""
    try:
        database = Database(settings.database_url)
        current = revision(database)
        if current == HEAD and not database.is_reader():
            database.check_writable()
        database.dispose()
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        if is_read_only(error):
            raise StartError(
                "the database is read-only; let the service write to it, and to its folder if it "
                "is a file"
            ) from error
        raise StartError(f"cannot open the database: {_reason(error)}") from error
    if current == HEAD:
        return
    if current > HEAD:
        raise StartError(
            f"the database is at revision {current}, this version knows {HEAD} and older: a newer "
            "hnsemu wrote it; install that again, or start with another database"
        )
    if not database.is_sqlite:
        raise StartError(
            f"the database is at revision {current or 'none'}, this version needs {HEAD}; "
            "run `hnsemu migrate`, of a replica on its primary"
        )
    migrate(settings.database_url)


def migrate(url: str, schema: str = "") -> str:
    """Upgrade the database to this version's tables, in `schema` if given; return its revision.

    Raises: StartError.
    """
    # Alembic takes longer to load than an up-to-date database takes to open.
    from alembic.util import CommandError  # noqa: PLC0415

    from hnsemu.storage.migrate import upgrade  # noqa: PLC0415

    try:
        upgrade(url, schema=schema)
    except (CommandError, SQLAlchemyError, ModuleNotFoundError) as error:
        raise StartError(f"cannot migrate the database: {_reason(error)}") from error
    return HEAD


def _reason(error: Exception) -> str:
    """Return the message of the driver, without the statement and the links of SQLAlchemy."""
    return one_line(str(error.orig if isinstance(error, DBAPIError) else error))


def back_up(url: str, file: Path) -> None:
    """Copy the SQLite database at this URL to a new file.

    Raises: BackupError.
    """
    if _backend(url) != "sqlite":
        raise BackupError(
            "only SQLite databases are copied; PostgreSQL has a command of its own: "
            "pg_dump --format=custom --file=FILE postgresql://USER@SERVER/DATABASE"
        )
    try:
        copy_sqlite(Path(make_url(url).database or ":memory:"), file)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"cannot back up the database: {error}") from error


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise StartError(f"cannot listen on {host} port {port}: {error.strerror}") from error
    listening.listen()  # connections wait from now on, until a worker accepts them
    listening.set_inheritable(True)
    return listening


@contextmanager
def _seeds(folder: str) -> Iterator[None]:
    """Show the seeds as waiting.

    Raises: StartError for a folder that cannot be read.
    """
    if not folder:
        yield
        return
    from hnsemu import seeding  # noqa: PLC0415 (a service without seeds starts faster)

    try:
        files = seeding.files_in(folder)
    except OSError as error:
        raise StartError(f"cannot read the seeds in {folder}: {error.strerror}") from error
    with (
        tempfile.TemporaryDirectory(prefix="hnsemu-seeds-") as status,
        seeding.seeding_status(Path(status), files),
    ):
        yield


def _announce_seeded(settings: Settings, scheme: str, port: int) -> None:
    """Announce the service once its seeds are loaded, which a thread of its own does."""
    if not settings.seed_dir:
        _announce(scheme, settings.host, port)
        return
    from hnsemu import seeding  # noqa: PLC0415 (as above)

    url = f"{scheme}://{_reachable(settings.host)}:{port}"
    folder = Path(settings.seed_dir)
    seeds = seeding.Seeding(folder, url, settings.token, settings.tls_certificate)

    def load() -> None:
        if seeds.run(seeding.files_in(settings.seed_dir)):
            _announce(scheme, settings.host, port)

    threading.Thread(target=load, daemon=True).start()


def _announce(scheme: str, host: str, port: int) -> None:
    sys.stdout.write(f"hnsemu ready on {scheme}://{_reachable(host)}:{port}\n")
    sys.stdout.flush()


def _reachable(host: str) -> str:
    """Return how a URL on this machine names the address of the service."""
    address = _LOOPBACK.get(host, host)
    return f"[{address}]" if ":" in address else address
