"""/v2/networks: HcnEnumerateNetworks, HcnCreateNetwork, HcnModifyNetwork, …."""

from fastapi import APIRouter, Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import body, call, is_strict, object_id
from hnsemu.api.openapi import ID, LIST, QUERY, operation
from hnsemu.api.v2.rendering import show, show_list, show_queried
from hnsemu.schema.base import parse
from hnsemu.schema.v1 import dialect
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.modify import ModifyNetworkSettingRequest
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.services import endpoints, networks

router = APIRouter(tags=["networks"])


@router.get("/networks", **operation(gives=HostComputeNetwork, many=True, parameters=LIST))
async def list_networks(request: Request) -> Response:
    """HcnEnumerateNetworks, with a query on each."""
    return await show_list(request, networks.list_networks)


@router.post(
    "/networks", **operation(takes=HostComputeNetwork, gives=HostComputeNetwork, status=201)
)
async def create_network(request: Request) -> Response:
    """HcnCreateNetwork; an HNS 1 document is understood too."""
    asked = dialect.network_from_any(await body(request), strict=is_strict(request))
    made, answer = await show(request, networks.create_network, asked)
    return answers.created(request, answer, "networks", made.id)


@router.get("/networks/{id}", **operation(gives=HostComputeNetwork, parameters=[ID, QUERY]))
async def get_network(request: Request) -> Response:
    """HcnOpenNetwork and HcnQueryNetworkProperties; a Filter is ignored."""
    return await show_queried(request, networks.get_network, object_id(request))


@router.patch(
    "/networks/{id}",
    **operation(takes=ModifyNetworkSettingRequest, gives=HostComputeNetwork, parameters=[ID]),
)
async def modify_network(request: Request) -> Response:
    """HcnModifyNetwork; answers the network after the change."""
    asked = parse(ModifyNetworkSettingRequest, await body(request), strict=is_strict(request))
    return (await show(request, networks.modify_network, object_id(request), asked))[1]


@router.delete("/networks/{id}", **operation(status=204, parameters=[ID]))
async def delete_network(request: Request) -> Response:
    """HcnDeleteNetwork; its endpoints go with it."""
    await call(request, networks.delete_network, object_id(request))
    return answers.nothing()


@router.post(
    "/networks/{id}/endpoints",
    **operation(takes=HostComputeEndpoint, gives=HostComputeEndpoint, status=201, parameters=[ID]),
)
async def create_network_endpoint(request: Request) -> Response:
    """HcnCreateEndpoint on the handle of a network."""
    asked = dialect.endpoint_from_any(await body(request), strict=is_strict(request))
    made, text = await call(
        request, endpoints.create_endpoint_document, object_id(request), asked.document
    )
    return answers.created(request, answers.text(text), "endpoints", made)
