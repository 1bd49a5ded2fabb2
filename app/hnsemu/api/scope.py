"""Many hosts in one service: `/hosts/{name}/…` is the whole service for that host."""

import re
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

DEFAULT_HOST = "default"

_HOST = "hnsemu.host"
_PATH = "hnsemu.path"
_OF_A_HOST = re.compile(r"(/hosts/([^/]+))/")


def host_of(scope: Scope) -> str:
    """Return the name of the emulated host that a request addresses."""
    name: str = scope[_HOST]
    return name


def set_host(scope: Scope, name: str) -> None:
    """Address a request to the emulated host `name`."""
    scope[_HOST] = name.replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL knows no NUL


def path_of(scope: Scope) -> str:
    """Return the path of a request below its host."""
    path: str = scope[_PATH]
    return path


class HostScope:
    """Make `/hosts/{name}` a root path, as ASGI has it, and name the host in every answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the host from the path, and leave the rest of the path to the routes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = DEFAULT_HOST
        root = scope.get("root_path", "")
        found = _OF_A_HOST.match(scope["path"], len(root))
        if found is not None:
            prefix, name = found.groups()
            root = scope["root_path"] = root + prefix
        set_host(scope, name)
        scope[_PATH] = scope["path"][len(root) :]
        header = (b"hns-host", quote(name).encode())

        async def send_with_host(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append(header)
            await send(message)

        await self._app(scope, receive, send_with_host)
