"""The door: Docker's routes under /docker, with and without the version of the API in front.

It has a table of its own, as references of images hold slashes; the table of hnsemu's own routes
(hnsemu.api.routing) is tried first and does not know the first segment.
"""

import re
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from functools import cache, partial
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from starlette.routing import compile_path
from starlette.types import Message, Receive, Scope, Send

from hnsemu.api import deps
from hnsemu.api.pace import Pace, paced
from hnsemu.api.scope import host_of, path_of
from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call, Handler
from hnsemu.docker.api.standings import Belief, StandingChanged, Standings
from hnsemu.docker.domain.daemons import Daemon, daemon_of, dotted, spoken
from hnsemu.docker.errors import DockerError
from hnsemu.docker.services import daemon as daemons
from hnsemu.docker.storage.daemons import Standing
from hnsemu.storage.database import Database

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


_Found = tuple[_Path, dict[str, str]]


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
        self._standings = Standings()
        self._by_noun: dict[str, list[_Path]] = {}
        for part in parts:
            for path in part.paths.values():
                self._by_noun.setdefault(_noun(path.template), []).append(path)
        for paths in self._by_noun.values():
            paths.sort(key=lambda path: _rank(path.template))

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request in the version of the API that it speaks."""
        request = Request(scope, receive, send)
        path, asked = path_of(scope)[len(PREFIX) :], ""
        versioned = _VERSIONED.fullmatch(path)
        if versioned:
            asked, path = versioned.groups()
        found = self._find(scope["method"], path)
        response = await self._believing(request, found, asked)
        if response is None:
            standing = await deps.call(request, daemons.standing_of)
            self._standings.believe(_database(request), host_of(scope), standing)
            response = await _respond(request, found, asked, standing)
        await response(scope, receive, _with_headers(send, scope[_DAEMON]))

    async def _believing(
        self, request: Request, found: _Found | None, asked: str
    ) -> Response | None:
        """Answer by what is believed of the daemon, which the first transaction confirms.

        Return None where nothing is believed, or it is not so: nothing has happened then. An answer
        that lasts goes on beyond any moment at which something is true.
        """
        scope = request.scope
        standing = self._standings.of(_database(request), host_of(scope))
        if standing is None or found is None or found[0].lasts:
            return None
        belief = scope[deps.CHECK] = Belief(standing)
        try:
            response = await _respond(request, found, asked, standing)
            if not belief.is_confirmed:
                await deps.call(request, daemons.confirm)
        except StandingChanged:
            return None
        finally:
            del scope[deps.CHECK]
        return response

    def _find(self, method: str, path: str) -> _Found | None:
        """Return the path that a request meets and its parameters; another method is no page."""
        for known in self._by_noun.get(_noun(path), ()):
            found = known.pattern.match(path)
            if found and method in known.operations:
                return known, found.groupdict()
        return None


async def _respond(
    request: Request, found: _Found | None, asked: str, standing: Standing
) -> Response:
    """Return the answer of a daemon that stands so."""
    scope = request.scope
    daemon = scope[_DAEMON] = daemon_of(standing.release)
    if found is None:
        return answers.refusal(_NO_PAGE, HTTPStatus.NOT_FOUND)
    known, parameters = found
    scope.get("state", {}).update(path=f"{PREFIX}{known.template}", lasts=known.lasts)
    if known.starts and not standing.daemon_id:
        await deps.call_aside(request, daemons.start_at_first_request)
    operation = known.operations[scope["method"]]
    call = partial(_answer, request, operation.handler, daemon, asked, parameters)
    size = 0 if operation.pace is Pace.PATIENT else len(await request.body())
    return await paced(request, call, size, operation.pace)


def _database(request: Request) -> Database:
    return deps.service(request).database


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


@cache
def _raw_headers(daemon: Daemon) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers_of(daemon).items()]


def _with_headers(send: Send, daemon: Daemon) -> Send:
    own = _raw_headers(daemon)

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
