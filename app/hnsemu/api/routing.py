"""Finds the handler of a request in one lookup (docs/adr/0010-route-table.md).

Most areas of the API are loaded by the first request for one of their paths: a service that has
just started answers the others sooner.

FastAPI tries its routes one by one, which takes longer than a query. The table is in front of them
and has the same paths.
"""

import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module

from anyio.to_thread import run_sync
from fastapi import FastAPI, Request, Response
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Message, Receive, Scope, Send

from hnsemu.api.scope import segments_of

Handler = Callable[[Request], Awaitable[Response]]

Areas = Mapping[str, Sequence[str]]
"""Modules, each with a `router`, by the first segment of the paths that they answer."""


@dataclass(slots=True)
class _Node:
    """One segment of the paths: the next segments, and the handlers of the path that ends here.

    rest: name of the parameter that takes any other segment, and its node.
    path: template of the path that ends here.
    """

    literal: dict[str, "_Node"] = field(default_factory=dict)
    rest: tuple[str, "_Node"] | None = None
    handlers: dict[str, Handler] = field(default_factory=dict)
    path: str = ""


class RouteTable(BaseRoute):
    """All routes of an application as one. Slashes at the end of a path are ignored."""

    def __init__(self, areas: Areas | None = None) -> None:
        """Begin with an empty table.

        areas: what is loaded by the first request for one of its paths.
        """
        self._root = _Node()
        self._areas = dict(areas or {})
        self._loading = threading.Lock()

    def add(self, path: str, methods: Iterable[str], handler: Handler) -> None:
        """Let `handler` answer `methods` on `path`; segments such as `{name}` are parameters.

        Raises: ValueError for a method declared twice, or a parameter with two names.
        """
        node = self._root
        for segment in _segments(path):
            if not segment.startswith("{"):
                node = node.literal.setdefault(segment, _Node())
                continue
            if node.rest is None:
                node.rest = (segment[1:-1], _Node())
            name, node = node.rest
            if name != segment[1:-1]:
                raise ValueError(f"{path}: the parameter is called {name} in other paths")
        node.path = path
        for method in methods:
            if node.handlers.setdefault(method, handler) is not handler:
                raise ValueError(f"{method} {path} is declared twice")

    def add_all(self, routes: Sequence[BaseRoute]) -> None:
        """Add what FastAPI would answer with these routes."""
        for route in iter_route_contexts(routes):
            if route.path is not None and route.methods and route.endpoint is not None:
                self.add(route.path, route.methods, route.endpoint)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Find the handler of a request; other paths are left to the routes behind the table."""
        if scope["type"] != "http":
            return Match.NONE, {}
        node = self._root
        parameters = {}
        segments = segments_of(scope)
        if segments[0] in self._areas:
            return Match.FULL, {"path_params": {}, "hnsemu.handlers": None}
        for segment in segments:
            following = node.literal.get(segment)
            if following is None:
                if node.rest is None:
                    return Match.NONE, {}
                name, following = node.rest
                parameters[name] = segment
            node = following
        if not node.handlers:
            return Match.NONE, {}
        # The entrance counts the request by this template.
        scope.get("state", {})["path"] = node.path
        return Match.FULL, {"path_params": parameters, "hnsemu.handlers": node.handlers}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the handler of the method; HEAD is GET without the body.

        Raises: HTTPException 405, with the methods of the path; 404 for no path of its area.
        """
        handlers = scope["hnsemu.handlers"]
        if handlers is None:
            await run_sync(self._load, segments_of(scope)[0])
            match, found = self.matches(scope)
            if match is Match.NONE:
                raise HTTPException(404)
            scope.update(found)
            handlers = found["hnsemu.handlers"]
        method = scope["method"]
        handler = handlers.get(method)
        if handler is None and method == "HEAD":
            handler, send = handlers.get("GET"), _without_body(send)
        if handler is None:
            allowed = sorted(handlers.keys() | ({"HEAD"} if "GET" in handlers else set()))
            raise HTTPException(
                405,
                f"this path has no method {method}; it has {', '.join(allowed)}",
                {"Allow": ", ".join(allowed)},
            )
        response = await handler(Request(scope, receive, send))
        await response(scope, receive, send)

    def _load(self, area: str) -> None:
        """Load an area. What asks for it meanwhile waits."""
        with self._loading:
            for module in self._areas.get(area, ()):
                self.add_all(import_module(module).router.routes)
            self._areas.pop(area, None)


def install(app: FastAPI, areas: Areas | None = None) -> RouteTable:
    """Put a table of all routes of `app` in front of them. Call it after the last route."""
    table = RouteTable(areas)
    table.add_all(app.routes)
    app.router.routes.insert(0, table)
    return table


def _segments(path: str) -> list[str]:
    return path.strip("/").split("/")


def _without_body(send: Send) -> Send:
    async def head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return head
