"""Running the service: one process on SQLite, one or many on PostgreSQL."""

import functools
import multiprocessing
import os
import signal
import socket
import ssl
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

import uvicorn
from fastapi import FastAPI
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from uvicorn.supervisors.multiprocess import Multiprocess

from hnsemu.api.deps import Service
from hnsemu.config import Settings
from hnsemu.domain.releases import RELEASES
from hnsemu.logs import configuration
from hnsemu.main import create_app
from hnsemu.storage.database import Database
from hnsemu.storage.versions import HEAD, revision

_READY_WITHIN = 30  # seconds that a worker may take to start
_STOPPED_WITHIN = 10  # seconds that running requests get when the service stops
_OK = 200
_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (where to reach them)


class StartError(Exception):
    """The service cannot start; the sentence says why and what to mend."""


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, let running requests end, and exit with 0.

    Raises: StartError.
    """
    _check(settings)
    # uvicorn raises the signal once more when it has stopped: whatever is open closes on the way
    # out, the temporary database among it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    with _database(settings) as url, _shared_metrics(settings.workers):
        settings = settings.model_copy(update={"database_url": url})
        _prepare(settings)
        listening = _listen(settings.host, settings.port)
        scheme = "https" if settings.tls_certificate else "http"
        announce = functools.partial(_announce, scheme, settings.host, listening.getsockname()[1])
        config = uvicorn.Config(
            functools.partial(_app, settings),
            factory=True,
            workers=settings.workers,
            log_config=configuration(settings.log_level, settings.log_format),
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_STOPPED_WITHIN,
            ssl_certfile=settings.tls_certificate or None,
            ssl_keyfile=settings.tls_key or None,
        )
        if settings.workers == 1:
            _Server(config, announce).run([listening])
        else:
            _Workers(config, [listening], announce).run()


def _app(settings: Settings) -> FastAPI:
    """Return the service; its streams end when the server is told to stop, which waits for them.

    The server calls this in the process that serves, when it has taken over the signals.
    """
    _end_with_parent()
    app = create_app(settings)
    service: Service = app.state.service

    def ending_streams(then: Callable[[int, FrameType | None], object]) -> Callable[..., None]:
        def handle(number: int, frame: FrameType | None) -> None:
            service.database.wakes.stop()
            then(number, frame)

        return handle

    for number in (signal.SIGTERM, signal.SIGINT):
        handler = signal.getsignal(number)
        if callable(handler):
            signal.signal(number, ending_streams(handler))
    return app


def _end_with_parent() -> None:
    """See that a worker stops when the process that started it is killed, and frees the port."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def is_ready(host: str, port: int, certificate: str = "") -> bool:
    """Tell whether the service at that address says that it is ready.

    certificate: PEM file that it serves https with, "" for http.
    """
    context, scheme = None, "http"
    if certificate:
        scheme, context = "https", ssl.create_default_context(cafile=certificate)
        context.check_hostname = False  # it is asked by its address
    try:
        url = f"{scheme}://{_reachable(host)}:{port}/readyz"
        with urlopen(url, timeout=5, context=context) as answer:  # noqa: S310 (http or https)
            return bool(answer.status == _OK)
    except (URLError, OSError):
        return False


class _Server(uvicorn.Server):
    """The only process: it tells when it answers."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


class _Workers(Multiprocess):
    """The parent of several processes: it tells when all of them answer."""

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket.socket], announce: Callable[[], None]
    ) -> None:
        super().__init__(config, sockets)
        self._announce = announce
        self._watch = threading.Thread(target=self._wait, daemon=True)

    def init_processes(self) -> None:
        super().init_processes()
        self._watch.start()

    def _wait(self) -> None:
        if all(each.wait_until_ready(_READY_WITHIN, self.should_exit) for each in self.processes):
            self._announce()


def _stop(_number: int, _frame: object) -> None:
    raise SystemExit(0)


def _check(settings: Settings) -> None:
    """Refuse settings that contradict each other or this version."""
    on_sqlite = settings.ephemeral or _backend(settings.database_url) == "sqlite"
    if settings.release not in RELEASES:
        raise StartError(f"unknown release {settings.release!r}; known are {', '.join(RELEASES)}")
    if settings.workers > 1 and on_sqlite:
        raise StartError(
            "several workers need PostgreSQL; set HNSEMU_DATABASE_URL=postgresql+psycopg://…"
        )
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        raise StartError("TLS needs both HNSEMU_TLS_CERTIFICATE and HNSEMU_TLS_KEY")
    if settings.tls_certificate:
        _check_certificate(settings.tls_certificate, settings.tls_key)
    if settings.workers > 1 and settings.seed is not None:
        raise StartError("several workers with one seed would make the same GUIDs; use one worker")


def _check_certificate(certificate: str, key: str) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise StartError(f"the certificate or its key cannot be used: {error}") from error


def _backend(url: str) -> str:
    try:
        return make_url(url).get_backend_name()
    except SQLAlchemyError as error:
        raise StartError(f"the database URL cannot be read: {error}") from error


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """Yield the URL of the database; a temporary one is removed at the end."""
    if not settings.ephemeral:
        yield settings.database_url
        return
    with tempfile.TemporaryDirectory(prefix="hnsemu-") as directory:
        yield f"sqlite:///{Path(directory) / 'hnsemu.db'}"


@contextmanager
def _shared_metrics(workers: int) -> Iterator[None]:
    """Let several workers write their metrics where each of them can sum them up."""
    if workers == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="hnsemu-metrics-") as directory:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory
        yield


def _prepare(settings: Settings) -> None:
    """See that the database is there and at this version's schema; SQLite is brought to it."""
    try:
        database = Database(settings.database_url)
        found = revision(database)
        database.dispose()
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        raise StartError(f"the database cannot be opened: {error}") from error
    if found == HEAD:
        return
    if not database.is_sqlite:
        raise StartError(
            f"the database is at {found or 'no revision'}, this version wants {HEAD}; "
            "run hnsemu migrate"
        )
    migrate(settings.database_url)


def migrate(url: str) -> str:
    """Bring the database to this version's schema; return its revision.

    Raises: StartError.
    """
    # Alembic takes longer to load than a database that is up to date takes to open.
    from alembic.util import CommandError  # noqa: PLC0415

    from hnsemu.storage.migrate import upgrade  # noqa: PLC0415

    try:
        upgrade(url)
    except (CommandError, SQLAlchemyError, ModuleNotFoundError) as error:
        raise StartError(f"the database cannot be migrated: {error}") from error
    return HEAD


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise StartError(f"cannot listen on {host} port {port}: {error.strerror}") from error
    listening.set_inheritable(True)
    return listening


def _announce(scheme: str, host: str, port: int) -> None:
    sys.stdout.write(f"hnsemu ready on {scheme}://{_reachable(host)}:{port}\n")
    sys.stdout.flush()


def _reachable(host: str) -> str:
    """Return how a URL on this machine names the address that the service listens on."""
    address = _EVERY_ADDRESS.get(host, host)
    return f"[{address}]" if ":" in address else address
