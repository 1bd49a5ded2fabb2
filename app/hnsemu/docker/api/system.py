"""/_ping, /version, /info, /system/df and /auth."""

from http import HTTPStatus

from fastapi import Response

from hnsemu.api.pace import Pace
from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call
from hnsemu.docker.api.door import Routes
from hnsemu.docker.errors import DockerError
from hnsemu.docker.schema import api_versions
from hnsemu.docker.schema.shapes import Struct
from hnsemu.docker.services import system

routes = Routes()

_PING_HEADERS = {
    "Builder-Version": "1",
    "Cache-Control": "no-cache, no-store, must-revalidate",
    "Pragma": "no-cache",
}
_KINDS = frozenset({"build-cache", "container", "image", "volume"})
CREDENTIALS = Struct(
    "registry.AuthConfig",
    {
        "username": str,
        "password": str,
        "auth": str,
        "email": str,
        "serveraddress": str,
        "identitytoken": str,
        "registrytoken": str,
    },
)
_PLAIN = "text/plain; charset=utf-8"


@routes.on("GET", "/_ping", starts=False)
async def ping(call: Call) -> Response:
    """Say that the daemon is there."""
    return Response("OK", headers=await _ping_headers(call), media_type=_PLAIN)


@routes.on("HEAD", "/_ping", starts=False)
async def ping_head(call: Call) -> Response:
    """Say the same without a body."""
    return Response("", headers=await _ping_headers(call), media_type=_PLAIN)


@routes.on("GET", "/version", starts=False)
async def version(call: Call) -> Response:
    """Answer with the versions of the daemon and its parts."""
    return answers.document(await call.run(system.version))


@routes.on("GET", "/info")
async def info(call: Call) -> Response:
    """Answer with what the daemon says of itself and its host."""
    shown = await call.run(system.info)
    return answers.document(api_versions.info(shown, call.daemon, call.version))


@routes.on("GET", "/system/df", pace=Pace.LONG)
async def disk_usage(call: Call) -> Response:
    """Answer with the objects that take room, of the kinds that are named."""
    named = frozenset(call.request.query_params.getlist("type"))
    for kind in named - _KINDS:
        raise DockerError(HTTPStatus.BAD_REQUEST, f"unknown object type: {kind}")
    used = await call.run(system.disk_usage, named or _KINDS)
    return answers.document(api_versions.usage(used, call.daemon))


@routes.on("POST", "/auth")
async def log_in(call: Call) -> Response:
    """Accept any credentials: no registry is asked."""
    await call.document(CREDENTIALS)
    return answers.document({"Status": "Login Succeeded", "IdentityToken": ""})


async def _ping_headers(call: Call) -> dict[str, str]:
    return {**_PING_HEADERS, "Swarm": await call.run(system.swarm_of)}
