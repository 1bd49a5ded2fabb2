"""/_ping, /version and /info."""

from fastapi import Response

from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call
from hnsemu.docker.api.door import Routes
from hnsemu.docker.services import system

routes = Routes()

_PING_HEADERS = {
    "Builder-Version": "1",
    "Cache-Control": "no-cache, no-store, must-revalidate",
    "Pragma": "no-cache",
    "Swarm": "inactive",
}
_PLAIN = "text/plain; charset=utf-8"


@routes.on("GET", "/_ping", starts=False)
async def ping(_call: Call) -> Response:
    """Say that the daemon is there."""
    return Response("OK", headers=_PING_HEADERS, media_type=_PLAIN)


@routes.on("HEAD", "/_ping", starts=False)
async def ping_head(_call: Call) -> Response:
    """Say the same without a body."""
    return Response("", headers=_PING_HEADERS, media_type=_PLAIN)


@routes.on("GET", "/version", starts=False)
async def version(call: Call) -> Response:
    """Answer with the versions of the daemon and its parts."""
    return answers.document(await call.run(system.version))


@routes.on("GET", "/info")
async def info(call: Call) -> Response:
    """Answer with what the daemon says of itself and its host."""
    return answers.document(await call.run(system.info))
