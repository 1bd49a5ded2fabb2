"""Around each request: its id, its line in the log, its place in the metrics."""

import logging
import re
import time
import uuid

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hnsemu.api.scope import host_of
from hnsemu.logs import FIELDS, REQUEST_ID
from hnsemu.metrics import REQUESTS, SECONDS

_log = logging.getLogger("hnsemu.request")

_STREAM = "text/event-stream"
_ID = re.compile(r"[\w.:-]{1,128}")


class RequestMetrics:
    """Give each request an id, or keep the caller's; count it and log its outcome.

    X-Request-Id is echoed. Paths are counted by their template, so that ids do not make metrics.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and record its status and duration."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["state"] = state = dict(scope.get("state", {}))
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        token = REQUEST_ID.set(request_id)
        status, is_stream = 500, False

        async def send_with_id(message: Message) -> None:
            nonlocal status, is_stream
            if message["type"] == "http.response.start":
                status = message["status"]
                is_stream = any(_STREAM.encode() in value for _, value in message["headers"])
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        started = time.perf_counter()
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            path, method = state.get("path", "none"), scope["method"]
            REQUESTS.labels(path, method, status).inc()
            seconds = time.perf_counter() - started
            if not is_stream and not state.get("lasts"):
                SECONDS.labels(path, method).observe(seconds)
            fields = {
                "method": method,
                "path": scope["path"],
                "status": status,
                "milliseconds": round(1000 * seconds, 1),
                "host": host_of(scope),
                "hresult": state.get("hresult"),
            }
            _log.info(
                "%(method)s %(path)s %(status)s %(milliseconds).1f ms",
                fields,
                extra={FIELDS: fields},
            )
            REQUEST_ID.reset(token)
