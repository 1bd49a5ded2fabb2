"""Counting requests and their seconds, by the template of the path."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.metrics import REQUESTS, SECONDS

_STREAM = "text/event-stream"


class Measured:
    """Count each request with its status, and the seconds until its answer is whole."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["state"] = state = dict(scope.get("state", {}))
        status, is_stream = 500, False

        async def noting(message: Message) -> None:
            nonlocal status, is_stream
            if message["type"] == "http.response.start":
                status = message["status"]
                is_stream = any(_STREAM in value.decode() for _, value in message["headers"])
            await send(message)

        started = time.perf_counter()
        try:
            await self._app(scope, receive, noting)
        finally:
            path, method = state.get("path", "none"), scope["method"]
            REQUESTS.labels(path, method, status).inc()
            if not is_stream:
                SECONDS.labels(path, method).observe(time.perf_counter() - started)
