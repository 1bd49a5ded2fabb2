"""The door: Docker's routes under /docker, with and without the version of the API in front.

It has a table of its own, as references of images hold slashes; the table of hnsemu's own routes
(hnsemu.api.routing) is tried first and does not know the first segment.
"""

import re
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from starlette.routing import compile_path
from starlette.types import Message, Receive, Scope, Send

from hnsemu.api import deps
from hnsemu.api.incoming import IncomingRequest
from hnsemu.api.pace import Pace, paced
from hnsemu.api.scope import path_of
from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call, Handler
from hnsemu.docker.domain.daemons import Daemon, daemon_of, dotted, spoken
from hnsemu.docker.errors import DockerError
from hnsemu.docker.services import daemon as daemons

PREFIX = "/docker"

_DAEMON = "hnsemu.docker"
_VERSIONED = re.compile(r"/v(\d[\d.]*)(/.*)")
_NO_PAGE = "page not found"


@dataclass(frozen=True, slots=True)
class _Operation:
    """What answers a method on a path, and how long that takes."""

    handler: Handler
    pace: Pace


@dataclass(frozen=True, slots=True)
class _Path:
    """A template, what matches it, and its operations by method.

    starts: whether a call needs the daemon running, which its first one starts.
    lasts:  whether an answer lasts as long as its reader wants.
    """

    template: str
    pattern: re.Pattern[str]
    starts: bool
    lasts: bool
    operations: dict[str, _Operation] = field(default_factory=dict)


class Routes:
    """What one file of handlers answers."""

    def __init__(self) -> None:
        """Begin without paths."""
        self.paths: dict[str, _Path] = {}

    def on(
        self,
        method: str,
        path: str,
        *,
        starts: bool = True,
        lasts: bool = False,
        pace: Pace = Pace.SHORT,
    ) -> Callable[[Handler], Handler]:
        """Return a decorator that lets a handler answer `method` on `path`.

        path: /containers/{id}/json; {name:path} takes slashes, too. Longer paths are tried first.
        pace: how long it may take; what lasts waits for nobody, and reads its body itself.
        Raises: ValueError for a method declared twice.
        """
        known = self.paths.setdefault(path, _Path(path, compile_path(path)[0], starts, lasts))

        def declare(handler: Handler) -> Handler:
            operation = _Operation(handler, Pace.PATIENT if lasts else pace)
            if known.operations.setdefault(method, operation) is not operation:
                raise ValueError(f"{method} {path} is declared twice")
            return handler

        return declare


class Door:
    """All of Docker's routes as one."""

    def __init__(self, *parts: Routes) -> None:
        """Open the door to the routes of `parts`."""
        self._by_noun: dict[str, list[_Path]] = {}
        for part in parts:
            for path in part.paths.values():
                self._by_noun.setdefault(_noun(path.template), []).append(path)
        for paths in self._by_noun.values():
            paths.sort(key=lambda path: _rank(path.template))

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request in the version of the API that it speaks."""
        request = IncomingRequest(scope, receive, send)
        path, asked = path_of(scope)[len(PREFIX) :], ""
        versioned = _VERSIONED.fullmatch(path)
        if versioned:
            asked, path = versioned.groups()
        found = self._find(scope["method"], path)
        standing = await deps.call(request, daemons.standing_of)
        daemon = scope[_DAEMON] = daemon_of(standing.release)
        if found is None:
            response = answers.refusal(_NO_PAGE, HTTPStatus.NOT_FOUND)
        else:
            known, parameters = found
            scope.get("state", {}).update(path=f"{PREFIX}{known.template}", lasts=known.lasts)
            if known.starts and not standing.daemon_id:
                await deps.call_aside(request, daemons.start_at_first_request)
            operation = known.operations[scope["method"]]
            call = partial(_answer, request, operation.handler, daemon, asked, parameters)
            size = 0 if operation.pace is Pace.PATIENT else len(await request.body())
            response = await paced(request, call, size, operation.pace)
        await response(scope, receive, _with_headers(send, daemon))

    def _find(self, method: str, path: str) -> tuple[_Path, dict[str, str]] | None:
        """Return the path that a request meets and its parameters; another method is no page."""
        for known in self._by_noun.get(_noun(path), ()):
            found = known.pattern.match(path)
            if found and method in known.operations:
                return known, found.groupdict()
        return None


async def _answer(
    request: Request, handler: Handler, daemon: Daemon, asked: str, parameters: dict[str, str]
) -> Response:
    try:
        version = spoken(asked, daemon)
        return await handler(Call(request, daemon, version, asked, parameters))
    except DockerError as error:
        if asked and _is_ancient(asked):
            headers = {"X-Content-Type-Options": "nosniff"}
            text = f"{error.message}\n"
            return Response(text, error.status, headers, "text/plain; charset=utf-8")
        return answers.refusal(error.message, error.status)


def daemon_answering(scope: MutableMapping[str, Any]) -> Daemon | None:
    """Return the daemon that a request has reached, None for one that was refused before."""
    daemon: Daemon | None = scope.get(_DAEMON)
    return daemon


def headers_of(daemon: Daemon) -> dict[str, str]:
    """Return the headers of every answer."""
    return {
        "Api-Version": dotted(daemon.api),
        "Docker-Experimental": "false",
        "Ostype": "windows",
        "Server": f"Docker/{daemon.version} (windows)",
    }


def _with_headers(send: Send, daemon: Daemon) -> Send:
    own = [(name.lower().encode(), value.encode()) for name, value in headers_of(daemon).items()]

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *own]}
        await send(message)

    return send_with_headers


def _is_ancient(asked: str) -> bool:
    """Tell whether a client is so old that it reads errors as plain text."""
    try:
        spoken(asked, Daemon("", (1 << 30, 0), "", "", ""))
    except DockerError:
        return True
    return False


def _noun(path: str) -> str:
    return path.strip("/").partition("/")[0]


def _rank(template: str) -> tuple[int, int]:
    """Order templates: plain segments before parameters, those that take slashes last."""
    return (template.count(":path}"), template.count("{") - template.count("/"))
