"""HTTP for the commands, by the standard library: httpx loads for longer than a command runs."""

import os
import select
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit

FAILURES = (OSError, HTTPException)
"""What is raised when a request gets no answer."""

_PORTS = {"http": 80, "https": 443}
_SUCCESSES = range(200, 300)
_OF_TARGETS = "".join(map(chr, range(0x21, 0x7F)))  # what a request line may have as it is

_of_command = ExitStack()
close_connections = _of_command.close
"""Close the connections of the running command."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that has been read. seconds: from the request to the end of the response."""

    status: int
    headers: Mapping[str, str]
    text: str
    seconds: float

    @property
    def is_success(self) -> bool:
        """Tell whether the service did what the request says."""
        return self.status in _SUCCESSES


class _OneWrite(HTTPConnection):
    """A connection that sends the head and the body of a request together.

    The standard library writes twice, and wakes the service for a head without its body.
    """

    def __init__(self, host: str, port: int, timeout: float) -> None:
        """Prepare a connection; the first request opens it. timeout: seconds without a byte."""
        super().__init__(host, port, timeout=timeout)
        self._unsent = bytearray()

    def send(self, data: Any) -> None:  # noqa: ANN401 (bytes of any kind; requests have no other)
        """Keep what is to be sent until the answer is read."""
        self._unsent += data

    def getresponse(self) -> HTTPResponse:
        """Send the request and return the answer to it."""
        request, self._unsent = self._unsent, bytearray()
        super().send(request)
        return super().getresponse()


@dataclass(frozen=True)
class Connections:
    """Connections to one service. Those of `ask` stay open until `close`.

    service: its URL. context: for https. timeout: seconds without a byte.
    """

    service: SplitResult
    context: ssl.SSLContext | None
    timeout: float
    _of_thread: threading.local = field(default_factory=threading.local)
    _opened: ExitStack = field(default_factory=ExitStack)

    def close(self) -> None:
        """Close the connections of all threads."""
        self._opened.close()

    def ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        """Return the answer to a request. A thread has a connection of its own.

        path: blanks and what is not ASCII are escaped.
        Raises: one of FAILURES.
        """
        connection: HTTPConnection | None = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = self._of_thread.connection = self._new()
            self._opened.callback(connection.close)
        elif connection.sock and select.select([connection.sock], [], [], 0)[0]:
            connection.close()  # the service has closed it; a request opens it again
        started = time.monotonic()
        try:
            response = self._send(connection, method, path, body, headers)
            text = response.read().decode("utf-8", "replace")
        except FAILURES:
            connection.close()
            raise
        except BaseException:  # a part of the request may be left in it
            connection.close()
            self._of_thread.connection = None
            raise
        return Answer(response.status, dict(response.headers), text, time.monotonic() - started)

    @contextmanager
    def stream(
        self, path: str, headers: Mapping[str, str], silence: float | None
    ) -> Iterator[HTTPResponse]:
        """Send a GET on a connection of its own and yield the response, to be read line by line.

        silence: seconds without a byte after which reading raises TimeoutError; None for ever.
        Raises: one of FAILURES.
        """
        connection = self._new()
        try:
            response = self._send(connection, "GET", path, None, headers)
            if connection.sock:
                connection.sock.settimeout(silence)
            yield response
        finally:
            connection.close()

    def _send(
        self,
        connection: HTTPConnection,
        method: str,
        path: str,
        body: str | None,
        headers: Mapping[str, str],
    ) -> HTTPResponse:
        target = quote(f"{self.service.path.rstrip('/')}{path}", safe=_OF_TARGETS)
        if self._proxy and self.service.scheme == "http":
            target = f"http://{self.service.netloc.rpartition('@')[2]}{target}"
        if self.service.username is not None:
            login = f"{unquote(self.service.username)}:{unquote(self.service.password or '')}"
            headers = {"Authorization": f"Basic {b64encode(login.encode()).decode()}", **headers}
        connection.request(method, target, None if body is None else body.encode(), dict(headers))
        return connection.getresponse()

    def _new(self) -> HTTPConnection:
        """Return a connection that is not open yet."""
        name, port = str(self.service.hostname), self.service.port or _PORTS[self.service.scheme]
        proxy = self._proxy
        at = urlsplit(proxy if "//" in proxy else f"//{proxy}") if proxy else None
        host, at_port = (name, port) if at is None else (str(at.hostname), at.port or 80)
        if self.service.scheme == "http":
            return _OneWrite(host, at_port, self.timeout)
        connection = HTTPSConnection(host, at_port, timeout=self.timeout, context=self.context)
        if at is not None:
            connection.set_tunnel(name, port)
        return connection

    @cached_property
    def _proxy(self) -> str:
        """Return the URL of the proxy that the environment names for the service, or ""."""
        if not any(name.lower().endswith("_proxy") for name in os.environ):
            return ""
        from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415 (rarely needed)

        proxies = getproxies()
        chosen = proxies.get(self.service.scheme) or proxies.get("all") or ""
        return "" if proxy_bypass(str(self.service.hostname)) else chosen


def until_command_ends(connections: Connections) -> Connections:
    """Return connections that `close_connections` closes."""
    _of_command.callback(connections.close)
    return connections


def service_url(text: str) -> SplitResult:
    """Return the parts of the URL of a service.

    Raises: ValueError with what is wrong.
    """
    parts = urlsplit(text)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("write it as http://127.0.0.1:8420")
    _ = parts.port  # raises ValueError for what is no port
    return parts
