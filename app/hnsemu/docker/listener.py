"""A port of its own for Docker's API: what is at /docker elsewhere is at / there.

dockerode and bollard, and what stands on them, leave the path of DOCKER_HOST out.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

_DOOR = "/docker"


class Listener:
    """An application whose requests at one port are those below /docker."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        """Stand in front of `app`, which answers at every port."""
        self._app = app
        self._port = port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, at its place in the whole service."""
        if scope["server"][1] == self._port:
            raw: bytes = scope.get("raw_path") or b""
            at_door = {"path": _DOOR + scope["path"], "raw_path": _DOOR.encode() + raw}
            scope = {**scope, **at_door}
        await self._app(scope, receive, send)
