"""/containers/{id}/archive and /changes: files of containers."""

from http import HTTPStatus

from fastapi import Response

from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call
from hnsemu.docker.api.door import Routes
from hnsemu.docker.domain.files import File, shown_name
from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.docker.schema.archives import archive, path_stat, read_archive
from hnsemu.docker.services import containers

routes = Routes()

_ARCHIVE = "/containers/{id}/archive"
_MODIFIED = 0  # the kind of a change: Windows cannot tell it from a new file


@routes.on("HEAD", _ARCHIVE)
async def look_at_path(call: Call) -> Response:
    """Answer with what a path in a container leads to, in a header."""
    path = _path(call)
    file = await call.run(containers.look_at, call.path("id"), path)
    return Response(headers=_stat(file, path))


@routes.on("GET", _ARCHIVE)
async def copy_from_container(call: Call) -> Response:
    """Answer with an archive of what a path in a container leads to."""
    path = _path(call)
    found = await call.run(containers.copy_from, call.path("id"), path)
    headers = _stat(found.file, path)
    return Response(archive(found.files), headers=headers, media_type="application/x-tar")


@routes.on("PUT", _ARCHIVE)
async def copy_to_container(call: Call) -> Response:
    """Put the entries of an archive into a folder of a container."""
    path = _path(call)
    await call.run(containers.get_container, call.path("id"))
    entries = read_archive(await call.request.body())
    keeps_kinds = call.flag("noOverwriteDirNonDir")
    await call.run(containers.copy_to, call.path("id"), path, entries, keeps_kinds=keeps_kinds)
    return answers.nothing(HTTPStatus.OK)


@routes.on("GET", "/containers/{id}/changes")
async def list_changes(call: Call) -> Response:
    """Answer with what changed in the files of a container that does not run."""
    paths = await call.run(containers.list_changes, call.path("id"))
    shown = [{"Kind": _MODIFIED, "Path": f"Files{path}".replace("\\", "/")} for path in paths]
    return answers.document(shown or None)


def _path(call: Call) -> str:
    """Return the path that the query names.

    Raises: DockerError 400 without one, in dockerd's words.
    """
    path = call.text("path")
    if not path:
        raise DockerError(BAD_REQUEST, "bad parameter: pathcannot be empty")
    return path


def _stat(file: File, path: str) -> dict[str, str]:
    return {"X-Docker-Container-Path-Stat": path_stat(file, shown_name(path))}
