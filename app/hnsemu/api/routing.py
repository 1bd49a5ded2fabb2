"""Finding the handler of a request in one look-up (docs/adr/0010-route-table.md).

FastAPI declares the routes and describes them in OpenAPI; matching them one by one costs more than
the work of a query. The table stands in front of them and knows the same paths. Handlers take the
request and nothing else.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from fastapi import FastAPI, Request, Response
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Message, Receive, Scope, Send

from hnsemu.api.scope import path_of

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class _Node:
    """One segment of the paths: what follows it, and what answers where a path ends here.

    rest: the node of any other segment, and the name of the parameter that takes it.
    path: the template of the path that ends here.
    """

    literal: dict[str, "_Node"] = field(default_factory=dict)
    rest: tuple[str, "_Node"] | None = None
    handlers: dict[str, Handler] = field(default_factory=dict)
    path: str = ""


class RouteTable(BaseRoute):
    """Every route of an application as one. Slashes at the end of a path do not count."""

    def __init__(self) -> None:
        """Make an empty table."""
        self._root = _Node()

    def add(self, path: str, methods: Iterable[str], handler: Handler) -> None:
        """Let `handler` answer `methods` on `path`, whose `{name}` segments are parameters."""
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

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Find the handler of a request; paths nobody declared are left to the other routes."""
        if scope["type"] != "http":
            return Match.NONE, {}
        node = self._root
        parameters = {}
        for segment in _segments(path_of(scope)):
            following = node.literal.get(segment)
            if following is None:
                if node.rest is None:
                    return Match.NONE, {}
                name, following = node.rest
                parameters[name] = segment
            node = following
        if not node.handlers:
            return Match.NONE, {}
        # The one scope that surrounds the request learns the template, for those who measure.
        scope.get("state", {})["path"] = node.path
        return Match.FULL, {"path_params": parameters, "hnsemu.handlers": node.handlers}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the handler of the method; HEAD is GET without the body."""
        handlers = scope["hnsemu.handlers"]
        method = scope["method"]
        handler = handlers.get(method)
        if handler is None and method == "HEAD":
            handler, send = handlers.get("GET"), _without_body(send)
        if handler is None:
            allowed = sorted(handlers.keys() | ({"HEAD"} if "GET" in handlers else set()))
            raise HTTPException(
                405,
                f"{method} is not offered here; {', '.join(allowed)} are",
                {"Allow": ", ".join(allowed)},
            )
        response = await handler(Request(scope, receive, send))
        await response(scope, receive, send)


def install(app: FastAPI) -> None:
    """Put a table of all routes of `app` in front of them; call it after the last one."""
    table = RouteTable()
    for route in iter_route_contexts(app.routes):
        if route.path is not None and route.methods and route.endpoint is not None:
            table.add(route.path, route.methods, route.endpoint)
    app.router.routes.insert(0, table)


def _segments(path: str) -> list[str]:
    return path.strip("/").split("/")


def _without_body(send: Send) -> Send:
    async def head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return head
