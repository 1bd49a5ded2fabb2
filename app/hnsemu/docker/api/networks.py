"""/networks."""

from http import HTTPStatus

from fastapi import Response

from hnsemu.api.pace import Pace
from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call
from hnsemu.docker.api.door import Routes
from hnsemu.docker.domain.strconv import parse_bool
from hnsemu.docker.errors import DockerError
from hnsemu.docker.schema import api_versions
from hnsemu.docker.schema.networks import CREATE_REQUEST, network_request
from hnsemu.docker.services import networks

routes = Routes()

_LISTS_WITHOUT_CONTAINERS_SINCE = (1, 28)


@routes.on("GET", "/networks", pace=Pace.LONG)
async def list_networks(call: Call) -> Response:
    """Answer with the networks that the filters select."""
    detailed = call.version < _LISTS_WITHOUT_CONTAINERS_SINCE
    listed = await call.run(networks.list_networks, call.filters(), detailed=detailed)
    return answers.document([api_versions.network(one, call.daemon) for one in listed])


@routes.on("GET", "/networks/{id:path}", pace=Pace.LONG)
async def inspect_network(call: Call) -> Response:
    """Answer with one network and the containers on it."""
    verbose = call.text("verbose")
    try:
        _ = not verbose or parse_bool(verbose)  # services of a swarm, of which there are none
    except ValueError as error:
        raise DockerError(
            HTTPStatus.BAD_REQUEST, f"invalid value for verbose: {verbose}: {error}"
        ) from error
    shown = await call.run(networks.inspect_network, call.path("id"), call.text("scope"))
    return answers.document(api_versions.network(shown, call.daemon))


@routes.on("POST", "/networks/create")
async def create_network(call: Call) -> Response:
    """Create a network."""
    document = await call.document(CREATE_REQUEST)
    network_id = await call.run(networks.create_network, network_request(document, call.version))
    return answers.document({"Id": network_id, "Warning": ""}, HTTPStatus.CREATED)


@routes.on("POST", "/networks/prune", pace=Pace.LONG)
async def prune_networks(call: Call) -> Response:
    """Remove the networks that no container is on."""
    removed = await call.run(networks.prune_networks, call.filters())
    return answers.document({"NetworksDeleted": removed or None})


@routes.on("DELETE", "/networks/{id:path}", pace=Pace.LONG)
async def remove_network(call: Call) -> Response:
    """Remove a network."""
    await call.run(networks.remove_network, call.path("id"))
    return answers.nothing()
