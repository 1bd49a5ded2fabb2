"""A server in this process whose event loop is watched: how long each of its turns took."""

import asyncio
import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn

from hnsemu.config import Settings
from hnsemu.main import create_app
from hnsemu.protocol import UpgradeProtocol
from tests.waiting import PATIENCE, until


@dataclass
class Turns:
    """The longest turn of an event loop, in seconds of processor time of its thread."""

    longest: float = 0.0
    culprit: str = ""


@contextmanager
def watched_server(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[httpx.Client, Turns]]:
    """Serve in a thread; yield a client, and the longest turn of the event loop."""
    turns = Turns()
    run: Callable[[Any], None] = asyncio.Handle._run

    def watched(handle: Any) -> None:
        before = time.thread_time()
        run(handle)
        seconds = time.thread_time() - before
        if seconds > turns.longest:
            turns.longest, turns.culprit = seconds, repr(handle)

    monkeypatch.setattr(asyncio.Handle, "_run", watched)
    gc.freeze()  # as a served process does: what is loaded is not looked through again
    config = uvicorn.Config(
        create_app(settings),
        port=0,
        log_config=None,
        http=UpgradeProtocol,
        ws="none",
        loop="asyncio",  # uvloop has turns that nobody can watch
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started, "the server does not start")
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
            yield client, turns
    finally:
        server.should_exit = True
        thread.join()
