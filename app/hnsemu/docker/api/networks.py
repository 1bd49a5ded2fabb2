"""/networks."""

from fastapi import Response

from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call
from hnsemu.docker.api.door import Routes
from hnsemu.docker.services import networks

routes = Routes()


@routes.on("GET", "/networks")
async def list_networks(call: Call) -> Response:
    """Answer with the networks that the filters select."""
    return answers.document(await call.run(networks.list_networks))


@routes.on("GET", "/networks/{id:path}")
async def inspect_network(call: Call) -> Response:
    """Answer with one network."""
    return answers.document(await call.run(networks.inspect_network, call.path("id")))
