"""Running the service: one process on SQLite, one or many on PostgreSQL."""

import json
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import uvicorn
from fastapi import FastAPI
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from app.config import Settings
from app.domain.releases import RELEASES
from app.main import create_app
from app.storage.engine import Database
from app.storage.versions import HEAD, revision

_READY_WITHIN = 30  # seconds
_SETTINGS = "HNSEMU_RUNNING_SETTINGS"


class StartError(Exception):
    """The service cannot start; the sentence says why and what to mend."""


def serve(settings: Settings, *, ephemeral: bool = False) -> None:
    """Serve until SIGTERM or SIGINT, then finish what runs and stop.

    ephemeral: use a temporary SQLite file and remove it at the end.
    Raises: StartError.
    """
    if settings.release not in RELEASES:
        raise StartError(f"unknown release {settings.release!r}; known are {', '.join(RELEASES)}")
    with _database(settings, ephemeral=ephemeral) as url:
        settings = settings.model_copy(update={"database_url": url})
        _prepare(settings)
        listening = _listen(settings.host, settings.port)
        _announce(settings.host, listening.getsockname()[1])
        config = uvicorn.Config(
            "app.serving:running_app",
            factory=True,
            workers=settings.workers,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=10,
        )
        os.environ[_SETTINGS] = settings.model_dump_json()
        if settings.workers == 1:
            uvicorn.Server(config).run(sockets=[listening])
        else:
            from uvicorn.supervisors import Multiprocess  # noqa: PLC0415 (rarely needed)

            Multiprocess(config, uvicorn.Server(config).run, [listening]).run()


def running_app() -> FastAPI:
    """Return the application of a worker, with the settings that `serve` was given."""
    return create_app(Settings(**json.loads(os.environ[_SETTINGS])))


def is_ready(port: int) -> bool:
    """Tell whether a service on this machine answers that it is ready."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:  # noqa: S310 (http)
            return bool(answer.status == 200)  # noqa: PLR2004 (OK)
    except (URLError, OSError):
        return False


@contextmanager
def _database(settings: Settings, *, ephemeral: bool) -> Iterator[str]:
    if not ephemeral:
        yield settings.database_url
        return
    with tempfile.TemporaryDirectory(prefix="hnsemu-") as directory:
        yield f"sqlite:///{Path(directory) / 'hnsemu.db'}"


def _prepare(settings: Settings) -> None:
    """See that the database is there and at this version's schema."""
    try:
        url = make_url(settings.database_url)
        on_sqlite = url.get_backend_name() == "sqlite"
        database = Database(url)
        found = revision(database)
        database.dispose()
    except SQLAlchemyError as error:
        raise StartError(f"no database at {settings.database_url}: {error}") from error
    if on_sqlite and settings.workers > 1:
        raise StartError(
            "several workers need PostgreSQL; set HNSEMU_DATABASE_URL=postgresql+psycopg://…"
        )
    if found == HEAD:
        return
    if not on_sqlite:
        raise StartError(
            f"the database is at {found or 'no revision'}, this version wants {HEAD}; "
            "run hnsemu migrate"
        )
    from app.storage.migrate import upgrade  # noqa: PLC0415 (Alembic is slow to load)

    upgrade(settings.database_url)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise StartError(f"cannot listen on {host} port {port}: {error.strerror}") from error
    listening.listen(2048)
    listening.set_inheritable(True)
    return listening


def _announce(host: str, port: int) -> None:
    """Print the ready line as soon as the service answers."""
    asked = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 (compared, not bound)

    def wait() -> None:
        deadline = time.monotonic() + _READY_WITHIN
        while time.monotonic() < deadline:
            if is_ready(port):
                shown = f"[{asked}]" if ":" in asked else asked
                sys.stdout.write(f"hnsemu ready on http://{shown}:{port}\n")
                sys.stdout.flush()
                return
            time.sleep(0.02)

    threading.Thread(target=wait, daemon=True).start()
