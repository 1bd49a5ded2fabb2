"""/swarm and /nodes."""

from http import HTTPStatus

from fastapi import Response

from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call
from hnsemu.docker.api.door import Routes
from hnsemu.docker.domain.strconv import parse_bool, parse_uint
from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.docker.schema.swarms import (
    INIT_REQUEST,
    JOIN_REQUEST,
    NODE_SPEC,
    SPEC,
    UNLOCK_REQUEST,
    init_request,
    join_request,
    node_spec,
)
from hnsemu.docker.services import swarms

routes = Routes()

_BITS = 64  # of a version


@routes.on("POST", "/swarm/init")
async def init_swarm(call: Call) -> Response:
    """Begin a swarm."""
    document = await call.document(INIT_REQUEST)
    request = init_request(document, call.version)
    return answers.document(await call.run(swarms.init_swarm, request))


@routes.on("POST", "/swarm/join")
async def join_swarm(call: Call) -> Response:
    """Join a swarm."""
    request = join_request(await call.document(JOIN_REQUEST))
    await call.run(swarms.join_swarm, request)
    return answers.nothing(HTTPStatus.OK)


@routes.on("POST", "/swarm/leave")
async def leave_swarm(call: Call) -> Response:
    """Leave the swarm."""
    await call.run(swarms.leave_swarm, forces=call.flag("force"))
    return answers.nothing(HTTPStatus.OK)


@routes.on("GET", "/swarm")
async def inspect_swarm(call: Call) -> Response:
    """Answer with the swarm that the host manages."""
    return answers.document(await call.run(swarms.inspect_swarm))


@routes.on("POST", "/swarm/update")
async def update_swarm(call: Call) -> Response:
    """Give the swarm other settings."""
    spec = await call.document(SPEC)
    version = _version(call, "swarm")
    rotates_worker, rotates_manager = (
        _rotates(call, name) for name in ("rotateWorkerToken", "rotateManagerToken")
    )
    _rotates(call, "rotateManagerUnlockKey")  # of keys, of which there are none
    await call.run(
        swarms.update_swarm,
        version,
        spec,
        rotates_worker=rotates_worker,
        rotates_manager=rotates_manager,
    )
    return answers.nothing(HTTPStatus.OK)


@routes.on("GET", "/swarm/unlockkey")
async def get_unlock_key(call: Call) -> Response:
    """Answer with the key that unlocks managers."""
    return answers.document({"UnlockKey": await call.run(swarms.get_unlock_key)})


@routes.on("POST", "/swarm/unlock")
async def unlock_swarm(call: Call) -> Response:
    """Refuse to unlock what is not locked."""
    await call.document(UNLOCK_REQUEST)
    await call.run(swarms.unlock_swarm)
    return answers.nothing(HTTPStatus.OK)


@routes.on("GET", "/nodes")
async def list_nodes(call: Call) -> Response:
    """Answer with the nodes that the filters select."""
    return answers.document(await call.run(swarms.list_nodes, call.filters()))


@routes.on("GET", "/nodes/{id}")
async def inspect_node(call: Call) -> Response:
    """Answer with one node."""
    return answers.document(await call.run(swarms.inspect_node, call.path("id")))


@routes.on("POST", "/nodes/{id}/update")
async def update_node(call: Call) -> Response:
    """Change what a node is."""
    document = await call.document(NODE_SPEC)
    version = _version(call, "node")
    await call.run(swarms.update_node, call.path("id"), version, node_spec(document))
    return answers.nothing(HTTPStatus.OK)


@routes.on("DELETE", "/nodes/{id}")
async def remove_node(call: Call) -> Response:
    """Remove a node from the swarm."""
    await call.run(swarms.remove_node, call.path("id"), forces=call.flag("force"))
    return answers.nothing(HTTPStatus.OK)


def _version(call: Call, what: str) -> int:
    """Return the version of an object that a client has seen.

    Raises: DockerError 400 in Go's words.
    """
    text = call.text("version")
    try:
        return parse_uint(text, _BITS)
    except ValueError as error:
        raise DockerError(BAD_REQUEST, f"invalid {what} version '{text}': {error}") from error


def _rotates(call: Call, name: str) -> bool:
    """Return whether a token gets another secret.

    Raises: DockerError 400.
    """
    text = call.text(name)
    if not text:
        return False
    try:
        return parse_bool(text)
    except ValueError as error:
        raise DockerError(BAD_REQUEST, f"invalid value for {name}: {text}") from error
