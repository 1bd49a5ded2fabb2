"""The way of every request: in, to its handler, and out as an answer.

One layer does what would be six of Starlette's, each with a look at the headers and a wrapper
around every message: together they took longer than a query (docs/adr/0010-route-table.md).
"""

import functools
import itertools
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

from prometheus_client import Counter, Histogram
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hnsemu.api import faults
from hnsemu.api.admission import Admission, Headers
from hnsemu.api.deps import SERVICE, Service
from hnsemu.api.scope import address, host_of
from hnsemu.api.watching import Watching
from hnsemu.logs import FIELDS, REQUEST_ID
from hnsemu.metrics import REQUESTS, SECONDS

_log = logging.getLogger("hnsemu.request")

_ErrorHandler = Callable[[Request, Exception], Awaitable[Response]]

_STREAM = b"text/event-stream"
_ID = re.compile(rb"[\w.:-]{1,128}")
_DENIAL = "hnsemu.denial"
_PROCESS, _NUMBERS = secrets.token_hex(10), itertools.count(1)


async def _nothing() -> Message:
    """Receive nothing of a body that is refused."""
    return {"type": "http.disconnect"}


class Entrance:
    """Admit a request, give it to its handler, and count and log its outcome.

    Each request has an id: the caller's X-Request-Id, or a new one; the answer echoes it, and names
    the emulated host. Paths are counted by their template, so that ids do not make metrics.
    """

    def __init__(
        self,
        app: ASGIApp,
        routes: Sequence[BaseRoute],
        admission: Admission,
        service: Service,
    ) -> None:
        """Stand in front of `app`, which answers what none of `routes`, tried in order, does."""
        self._service = service
        self._watched = Watching(self._serve, service)
        self._app = app
        self._routes = tuple(routes)
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request and record its status and duration."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope[SERVICE] = self._service
        scope["state"] = dict(scope.get("state", {}))
        headers = dict(reversed(scope["headers"]))
        request_id = _request_id(headers)
        token = REQUEST_ID.set(request_id)
        own_headers = ((b"hns-host", address(scope)), (b"x-request-id", request_id.encode()))
        outcome = _Outcome(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                outcome.begin(message)
                message["headers"] = [*message["headers"], *own_headers]
            elif not message.get("more_body", False):
                outcome.note()  # the client's next request may ask for it
            await send(message)

        try:
            await self._answer(scope, headers, receive, send_with_headers)
        except Exception as error:
            if not outcome.has_begun:
                broken = scope["app"].exception_handlers[Exception]
                refused = await broken(Request(scope), error)
                await refused(scope, receive, send_with_headers)
            raise  # the server logs it
        finally:
            outcome.note()
            REQUEST_ID.reset(token)

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        """Let the handler of a request that is admitted answer it, or say why it is refused."""
        denial = scope[_DENIAL] = self._admission.denial(scope, headers)
        if denial is None:
            await self._watched(scope, self._admission.limited(scope, receive, headers), send)
        elif denial.is_call:
            await self._watched(scope, _nothing, send)
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the handler of a request answer it, or say why it is refused."""
        denial = scope[_DENIAL]
        if denial is not None:
            response = await faults.answer(Request(scope), denial.error, status=denial.status)
            response.headers.update(denial.headers or {})
            await response(scope, receive, send)
            return
        for route in self._routes:
            match, found = route.matches(scope)
            if match is not Match.NONE:
                break
        else:
            await self._app(scope, receive, send)
            return
        scope.update(found)
        try:
            await route.handle(scope, receive, send)
        except Exception as error:
            handler = _handler(scope, error)
            if handler is None:
                raise
            refused = await handler(Request(scope, receive, send), error)
            await refused(scope, receive, send)
            error.__traceback__ = None  # it holds the documents of the request


class _Outcome:
    """What becomes of a request: counted and logged once, before the end of its answer goes out."""

    __slots__ = ("_is_noted", "_is_stream", "_scope", "_started", "_status", "has_begun")

    def __init__(self, scope: Scope) -> None:
        """Begin to measure, now."""
        self._scope = scope
        self._started = time.perf_counter()
        self._status = 500
        self.has_begun = self._is_stream = self._is_noted = False

    def begin(self, head: Message) -> None:
        """Take note of the head of the answer."""
        self._status, self.has_begun = head["status"], True
        self._is_stream = dict(head["headers"]).get(b"content-type", b"").startswith(_STREAM)

    def note(self) -> None:
        """Count and log the request, unless that is done."""
        if self._is_noted:
            return
        self._is_noted = True
        seconds = time.perf_counter() - self._started
        state, method = self._scope["state"], self._scope["method"]
        path = state.get("path", "none")
        _counter(path, method, self._status).inc()
        if not self._is_stream and not state.get("lasts"):
            _histogram(path, method).observe(seconds)
        if _log.isEnabledFor(logging.INFO):
            _log_outcome(self._scope, self._status, seconds)


def _request_id(headers: Headers) -> str:
    given = headers.get(b"x-request-id")
    if given is not None and _ID.fullmatch(given):
        return given.decode()
    return f"{_PROCESS}{next(_NUMBERS):012x}"


def _handler(scope: Scope, error: Exception) -> _ErrorHandler | None:
    """Return what answers an error; what nothing but `Exception` covers is the server's to log."""
    handlers: Mapping[object, _ErrorHandler] = scope["app"].exception_handlers
    known = (kind for kind in type(error).__mro__ if kind in handlers and kind is not Exception)
    kind = next(known, None)
    return None if kind is None else handlers[kind]


@functools.cache
def _counter(path: str, method: str, status: int) -> Counter:
    return REQUESTS.labels(path, method, status)


@functools.cache
def _histogram(path: str, method: str) -> Histogram:
    return SECONDS.labels(path, method)


def _log_outcome(scope: Scope, status: int, seconds: float) -> None:
    fields = {
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "milliseconds": round(1000 * seconds, 1),
        "host": host_of(scope),
        "hresult": scope["state"].get("hresult"),
    }
    _log.info(
        "%(method)s %(path)s %(status)s %(milliseconds).1f ms", fields, extra={FIELDS: fields}
    )
