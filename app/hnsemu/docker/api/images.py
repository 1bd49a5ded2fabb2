"""/images: names that can be pulled, listed, tagged and removed."""

from collections.abc import AsyncIterator
from http import HTTPStatus

import orjson
from fastapi import Response
from starlette.responses import StreamingResponse

from hnsemu.api.pace import Pace
from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call
from hnsemu.docker.api.door import Routes
from hnsemu.docker.domain.ids import short
from hnsemu.docker.domain.images import Reference, read_reference
from hnsemu.docker.errors import DockerError
from hnsemu.docker.schema import api_versions
from hnsemu.docker.services import images

routes = Routes()

_LAYER_SIZE = 1048576


@routes.on("GET", "/images/json")
async def list_images(call: Call) -> Response:
    """Answer with the images that the filters select."""
    listed = await call.run(images.list_images, call.filters())
    return answers.document(api_versions.images(listed, call.daemon, call.version))


@routes.on("POST", "/images/create")
async def pull_image(call: Call) -> Response:
    """Pull an image: any reference can be pulled, and nothing is transferred."""
    name = call.text("fromImage")
    if not name:
        raise DockerError(HTTPStatus.NOT_IMPLEMENTED, "hnsemu does not import images: pull them")
    reference = read_reference(name, call.text("tag"))
    is_new = await call.run(images.pull, reference)
    return StreamingResponse(_progress(reference, is_new=is_new), media_type="application/json")


@routes.on("POST", "/images/prune", pace=Pace.LONG)
async def prune_images(call: Call) -> Response:
    """Remove the images that no container uses."""
    removed = await call.run(images.prune, call.filters())
    return answers.document({"ImagesDeleted": removed or None, "SpaceReclaimed": 0})


@routes.on("GET", "/images/{name:path}/json")
async def inspect_image(call: Call) -> Response:
    """Answer with one image."""
    shown = await call.run(images.inspect_image, call.path("name"))
    return answers.document(api_versions.image(shown, call.daemon, call.version))


@routes.on("GET", "/images/{name:path}/history")
async def image_history(call: Call) -> Response:
    """Answer with how an image was built: of one layer."""
    return answers.document(await call.run(images.image_history, call.path("name")))


@routes.on("GET", "/distribution/{name:path}/json")
async def image_in_registry(call: Call) -> Response:
    """Answer with what a registry would say of an image: that any can be pulled."""
    shown = await call.run(images.image_in_registry, read_reference(call.path("name")))
    return answers.document(shown)


@routes.on("POST", "/images/{name:path}/tag")
async def tag_image(call: Call) -> Response:
    """Give an image another tag."""
    new = read_reference(call.text("repo"), call.text("tag"))
    await call.run(images.tag_image, call.path("name"), new)
    return answers.nothing(HTTPStatus.CREATED)


@routes.on("POST", "/images/{name:path}/push")
async def push_image(call: Call) -> Response:
    """Refuse to push: there is nothing in an image."""
    await call.run(images.inspect_image, call.path("name"))
    raise DockerError(HTTPStatus.NOT_IMPLEMENTED, "hnsemu does not push images: they are names")


@routes.on("DELETE", "/images/{name:path}")
async def remove_image(call: Call) -> Response:
    """Take a tag off an image, and remove it with the last one."""
    done = await call.run(images.remove_image, call.path("name"), force=call.flag("force"))
    return answers.document(done)


async def _progress(reference: Reference, *, is_new: bool) -> AsyncIterator[bytes]:
    """Yield what a pull prints."""
    digest = reference.digest
    layer = short(digest.removeprefix("sha256:"))
    yield _line(f"Pulling from {reference.repository}", id=reference.tag)
    if is_new:
        size = {"current": _LAYER_SIZE, "total": _LAYER_SIZE}
        yield _line("Pulling fs layer", progressDetail={}, id=layer)
        yield _line("Downloading", progressDetail=size, id=layer)
        yield _line("Pull complete", progressDetail={}, id=layer)
    yield _line(f"Digest: {digest}")
    state = "Downloaded newer image for" if is_new else "Image is up to date for"
    yield _line(f"Status: {state} {reference.familiar}")


def _line(status: str, **more: object) -> bytes:
    return orjson.dumps({"status": status, **more}) + b"\r\n"
