"""What this daemon does not have: services, plugins, builds. It says so at once."""

from http import HTTPStatus

from fastapi import Response

from hnsemu.api.pace import Pace
from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call, Handler
from hnsemu.docker.api.door import Routes
from hnsemu.docker.errors import DockerError
from hnsemu.docker.services import containers, swarms

routes = Routes()

_OF_MANAGERS = ("service", "secret", "config")
"""What only a manager has, and no manager here."""

_PLUGINS = (
    ("GET", "/plugins"), ("GET", "/plugins/{name:path}"), ("POST", "/plugins/{name:path}"),
    ("DELETE", "/plugins/{name:path}"),
)  # fmt: skip
_NOT_HERE = (
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


def _refusing_on_managers(status: int, message: str) -> Handler:
    async def refuse(call: Call) -> Response:
        await call.run(swarms.check_manager)
        raise DockerError(status, message.format(**call.parameters))

    return refuse


async def list_nothing(call: Call) -> Response:
    """Answer with what a manager has of a kind that there is none of."""
    await call.run(swarms.check_manager)
    return answers.document([])


for _kind in _OF_MANAGERS:
    _missing = _refusing_on_managers(HTTPStatus.NOT_FOUND, f"{_kind} {{id}} not found")
    routes.on("GET", f"/{_kind}s")(list_nothing)
    routes.on("POST", f"/{_kind}s/create")(
        _refusing_on_managers(
            HTTPStatus.NOT_IMPLEMENTED,
            f"the swarm of hnsemu does not have {_kind}s: it connects networks, and runs nothing",
        )
    )
    for _method, _path in (("GET", ""), ("DELETE", ""), ("POST", "/update")):
        routes.on(_method, f"/{_kind}s/{{id}}{_path}")(_missing)
routes.on("GET", "/services/{id}/logs")(
    _refusing_on_managers(HTTPStatus.NOT_FOUND, "service {id} not found")
)
routes.on("GET", "/tasks")(list_nothing)
for _path in ("/tasks/{id}", "/tasks/{id}/logs"):
    routes.on("GET", _path)(_refusing_on_managers(HTTPStatus.NOT_FOUND, "task {id} not found"))
for _method, _path in _PLUGINS:
    routes.on(_method, _path)(
        _refusing(HTTPStatus.INTERNAL_SERVER_ERROR, "plugins are not supported on this platform")
    )
for _method, _path, _what in _NOT_HERE:
    routes.on(_method, _path, pace=Pace.PATIENT)(  # no body is read: those of builds are large
        _refusing(HTTPStatus.NOT_IMPLEMENTED, f"the Docker of hnsemu does not have {_what}")
    )


for _method, _path in (
    ("GET", "/containers/{id}/checkpoints"),
    ("POST", "/containers/{id}/checkpoints"),
    ("DELETE", "/containers/{id}/checkpoints/{checkpoint}"),
):
    routes.on(_method, _path)(
        _refusing(
            HTTPStatus.NOT_IMPLEMENTED,
            "This experimental feature is disabled by default. Start the Docker daemon in "
            "experimental mode in order to enable it.",
        )
    )


@routes.on("GET", "/containers/{id}/attach/ws")
async def refuse_websocket(call: Call) -> Response:
    """Refuse to attach by a WebSocket."""
    await call.run(containers.get_container, call.path("id"))
    raise DockerError(
        HTTPStatus.NOT_IMPLEMENTED,
        "the Docker of hnsemu does not have WebSockets: attach by POST /containers/{id}/attach",
    )


@routes.on("GET", "/containers/{id}/export")
async def export_container(call: Call) -> Response:
    """Refuse to export, as dockerd on Windows does. Source: moby daemon/export.go [C]."""
    await call.run(containers.get_container, call.path("id"))
    raise DockerError(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "the daemon on this operating system does not support exporting Windows containers",
    )


@routes.on("POST", "/build/prune")
async def prune_builds(_call: Call) -> Response:
    """Remove nothing of a cache that is not there."""
    return answers.document({"CachesDeleted": None, "SpaceReclaimed": 0})


@routes.on("POST", "/build/cancel")
async def cancel_build(_call: Call) -> Response:
    """End a build that was never begun."""
    return answers.nothing()
