"""/networks/{id}/connect and disconnect."""

from http import HTTPStatus

from fastapi import Response

from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call
from hnsemu.docker.api.door import Routes
from hnsemu.docker.schema.containers import ENDPOINT_SETTINGS
from hnsemu.docker.schema.shapes import Pointer, Struct
from hnsemu.docker.services import containers

routes = Routes()

CONNECT = Struct(
    "network.ConnectOptions", {"Container": str, "EndpointConfig": Pointer(ENDPOINT_SETTINGS)}
)
DISCONNECT = Struct("network.DisconnectOptions", {"Container": str, "Force": bool})


@routes.on("POST", "/networks/{id}/connect")
async def connect(call: Call) -> Response:
    """Connect a container to a network."""
    wanted = await call.document(CONNECT)
    settings = wanted["EndpointConfig"] or {}
    await call.run(containers.connect, call.path("id"), wanted["Container"], settings)
    return answers.nothing(HTTPStatus.OK)


@routes.on("POST", "/networks/{id}/disconnect")
async def disconnect(call: Call) -> Response:
    """Disconnect a container from a network."""
    wanted = await call.document(DISCONNECT)
    await call.run(
        containers.disconnect, call.path("id"), wanted["Container"], force=wanted["Force"]
    )
    return answers.nothing(HTTPStatus.OK)
