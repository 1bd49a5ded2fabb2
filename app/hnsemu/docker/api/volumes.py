"""/volumes."""

from http import HTTPStatus

from fastapi import Response

from hnsemu.api.pace import Pace
from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call
from hnsemu.docker.api.door import Routes
from hnsemu.docker.domain.strconv import parse_uint
from hnsemu.docker.errors import BAD_REQUEST, NOT_FOUND, DockerError
from hnsemu.docker.schema.volumes import CREATE_OPTIONS
from hnsemu.docker.services import swarms, volumes

routes = Routes()

_ANONYMOUS_ONLY_SINCE = (1, 42)
_BITS = 64  # of a version
_NO_CLUSTER = "volume update only valid for cluster volumes, but swarm is unavailable"


@routes.on("GET", "/volumes", pace=Pace.LONG)
async def list_volumes(call: Call) -> Response:
    """Answer with the volumes that the filters let pass."""
    listed = await call.run(volumes.list_volumes, call.filters())
    return answers.document({"Volumes": listed, "Warnings": None})


@routes.on("POST", "/volumes/create")
async def create_volume(call: Call) -> Response:
    """Create a volume."""
    options = await call.document(CREATE_OPTIONS)
    created = await call.run(
        volumes.create_volume,
        options["Name"],
        options["Driver"],
        options["DriverOpts"],
        options["Labels"],
    )
    return answers.document(created, HTTPStatus.CREATED)


@routes.on("POST", "/volumes/prune", pace=Pace.LONG)
async def prune_volumes(call: Call) -> Response:
    """Remove the volumes that no container uses: anonymous ones, before API 1.42 all."""
    default_all = call.version < _ANONYMOUS_ONLY_SINCE
    removed = await call.run(volumes.prune_volumes, call.filters(), default_all=default_all)
    return answers.document({"VolumesDeleted": removed, "SpaceReclaimed": 0})


@routes.on("GET", "/volumes/{name:path}")
async def inspect_volume(call: Call) -> Response:
    """Answer with one volume."""
    return answers.document(await call.run(volumes.inspect_volume, call.path("name")))


@routes.on("PUT", "/volumes/{name:path}")
async def update_volume(call: Call) -> Response:
    """Refuse to change a volume: only those of a swarm can be changed, and there is none."""
    name, version = call.path("name"), call.text("version")
    try:
        await call.run(swarms.check_manager)
    except DockerError as error:
        raise DockerError(error.status, _NO_CLUSTER) from error
    try:
        parse_uint(version, _BITS)
    except ValueError as error:
        text = f"invalid swarm object version '{version}': {error}"
        raise DockerError(BAD_REQUEST, text) from error
    raise DockerError(NOT_FOUND, f"volume {name} not found")


@routes.on("DELETE", "/volumes/{name:path}", pace=Pace.LONG)
async def remove_volume(call: Call) -> Response:
    """Remove a volume."""
    await call.run(volumes.remove_volume, call.path("name"), force=call.flag("force"))
    return answers.nothing()
