"""What happens to every request before it is routed: plain ASGI, one job each."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from starlette._utils import get_route_path
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import faults
from app.errors import HnsError, Hr

DEFAULT_HOST = "default"

_HOST_KEY = "hnsemu.host"
_HOST_HEADER = "Hns-Host"
# Making and steering hosts is nothing a host offers.
_OF_A_HOST = re.compile(r"(/hosts/([^/]+))/(?!emulator(?:/|$))")


def host_of(scope: Scope) -> str:
    """Return the name of the emulated host that a request means."""
    name: str = scope[_HOST_KEY]
    return name


class HostScope:
    """Let `/hosts/{name}` be the root of an application of its own, as ASGI's `root_path`.

    The answer names the host in the header `Hns-Host`.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note which host is meant."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = DEFAULT_HOST
        found = _OF_A_HOST.match(get_route_path(scope))
        if found is not None:
            prefix, name = found.groups()
            scope["root_path"] = scope.get("root_path", "") + prefix
        scope[_HOST_KEY] = name

        async def naming_the_host(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"hns-host", quote(name).encode()))
            await send(message)

        await self._app(scope, receive, naming_the_host)
