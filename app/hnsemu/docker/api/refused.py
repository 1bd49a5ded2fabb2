"""What this daemon does not have: swarms, plugins, builds. It says so as dockerd does, at once."""

from http import HTTPStatus

from fastapi import Response

from hnsemu.api.pace import Pace
from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call, Handler
from hnsemu.docker.api.door import Routes
from hnsemu.docker.domain.network_creation import NO_SWARM
from hnsemu.docker.errors import DockerError
from hnsemu.docker.services import containers

routes = Routes()

_SWARM = (
    ("GET", "/swarm"), ("GET", "/swarm/unlockkey"), ("POST", "/swarm/update"),
    ("POST", "/swarm/unlock"),
    ("GET", "/services"), ("GET", "/services/{id}"), ("POST", "/services/create"),
    ("POST", "/services/{id}/update"), ("DELETE", "/services/{id}"), ("GET", "/services/{id}/logs"),
    ("GET", "/nodes"), ("GET", "/nodes/{id}"), ("DELETE", "/nodes/{id}"),
    ("POST", "/nodes/{id}/update"),
    ("GET", "/tasks"), ("GET", "/tasks/{id}"), ("GET", "/tasks/{id}/logs"),
    ("GET", "/secrets"), ("POST", "/secrets/create"), ("GET", "/secrets/{id}"),
    ("DELETE", "/secrets/{id}"), ("POST", "/secrets/{id}/update"),
    ("GET", "/configs"), ("POST", "/configs/create"), ("GET", "/configs/{id}"),
    ("DELETE", "/configs/{id}"), ("POST", "/configs/{id}/update"),
)  # fmt: skip
_PLUGINS = (
    ("GET", "/plugins"), ("GET", "/plugins/{name:path}"), ("POST", "/plugins/{name:path}"),
    ("DELETE", "/plugins/{name:path}"),
)  # fmt: skip
_NOT_HERE = (
    ("POST", "/swarm/init", "a swarm"), ("POST", "/swarm/join", "a swarm"),
    ("POST", "/build", "builds: pull or tag the image by its name; any name can be pulled"),
    ("POST", "/session", "builds: pull or tag the image by its name; any name can be pulled"),
    ("POST", "/grpc", "builds: pull or tag the image by its name; any name can be pulled"),
    ("POST", "/commit", "images of its own: tag one, or pull any name"),
    ("POST", "/images/load", "archives of images: pull the image by its name"),
    ("GET", "/images/get", "archives of images: pull the image by its name"),
    ("GET", "/images/{name:path}/get", "archives of images: pull the image by its name"),
    ("GET", "/images/search", "a registry to search; any name can be pulled"),
)  # fmt: skip


def _refusing(status: int, message: str) -> Handler:
    async def refuse(_call: Call) -> Response:
        raise DockerError(status, message)

    return refuse


for _method, _path in _SWARM:
    routes.on(_method, _path)(_refusing(HTTPStatus.SERVICE_UNAVAILABLE, NO_SWARM))
for _method, _path in _PLUGINS:
    routes.on(_method, _path)(
        _refusing(HTTPStatus.INTERNAL_SERVER_ERROR, "plugins are not supported on this platform")
    )
for _method, _path, _what in _NOT_HERE:
    routes.on(_method, _path, pace=Pace.PATIENT)(  # no body is read: those of builds are large
        _refusing(HTTPStatus.NOT_IMPLEMENTED, f"the Docker of hnsemu does not have {_what}")
    )


async def refuse_files(call: Call) -> Response:
    """Refuse to copy: a container has no files."""
    await call.run(containers.get_container, call.path("id"))
    raise DockerError(
        HTTPStatus.NOT_IMPLEMENTED, "the Docker of hnsemu does not have files in containers"
    )


for _method in ("GET", "HEAD", "PUT"):
    routes.on(_method, "/containers/{id}/archive", pace=Pace.PATIENT)(refuse_files)


@routes.on("GET", "/containers/{id}/export")
async def export_container(call: Call) -> Response:
    """Refuse to export, as dockerd on Windows does. Source: moby daemon/export.go [C]."""
    await call.run(containers.get_container, call.path("id"))
    raise DockerError(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "the daemon on this operating system does not support exporting Windows containers",
    )


@routes.on("POST", "/swarm/leave")
async def leave_swarm(_call: Call) -> Response:
    """Refuse to leave a swarm that the host is not in."""
    raise DockerError(HTTPStatus.SERVICE_UNAVAILABLE, "This node is not part of a swarm")


@routes.on("POST", "/build/prune")
async def prune_builds(_call: Call) -> Response:
    """Remove nothing of a cache that is not there."""
    return answers.document({"CachesDeleted": None, "SpaceReclaimed": 0})


@routes.on("POST", "/build/cancel")
async def cancel_build(_call: Call) -> Response:
    """End a build that was never begun."""
    return answers.nothing()
