"""/v2/networks: HcnEnumerateNetworks, HcnCreateNetwork, HcnModifyNetwork, …."""

from typing import Annotated

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.declarations import JsonBody
from hnsemu.api.deps import call
from hnsemu.api.pace import Pace
from hnsemu.api.parameters import Body, EndpointBody, Listing, NetworkId, Query
from hnsemu.api.router import Router
from hnsemu.api.v2.rendering import show, show_list, show_queried
from hnsemu.schema.v1 import dialect
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.modify import ModifyNetworkSettingRequest
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.services import endpoints, networks

router = Router(prefix="/v2", tags=["networks"])

_NetworkBody = Annotated[HostComputeNetwork, JsonBody(read=dialect.network_from_any)]


@router.operation("GET", "/networks", gives=HostComputeNetwork, many=True)
async def list_networks(request: Request, listing: Listing) -> Response:
    """HcnEnumerateNetworks, and HcnQueryNetworkProperties for each network found."""
    return await show_list(request, networks.list_networks, listing)


@router.operation("POST", "/networks", gives=HostComputeNetwork, status=201)
async def create_network(request: Request, document: _NetworkBody) -> Response:
    """HcnCreateNetwork. The document may also be one of HNS 1."""
    network, answer = await show(request, networks.create_network, document)
    return answers.created(request, answer, "networks", network.id)


@router.operation("GET", "/networks/{id}", gives=HostComputeNetwork)
async def get_network(request: Request, network_id: NetworkId, query: Query) -> Response:
    """HcnOpenNetwork and HcnQueryNetworkProperties. A Filter in the query is ignored."""
    return await show_queried(request, query, networks.get_network, network_id)


@router.operation("PATCH", "/networks/{id}", gives=HostComputeNetwork)
async def modify_network(
    request: Request, change: Body[ModifyNetworkSettingRequest], network_id: NetworkId
) -> Response:
    """HcnModifyNetwork. The answer is the network after the change."""
    _, answer = await show(request, networks.modify_network, network_id, change)
    return answer


@router.operation("DELETE", "/networks/{id}", status=204, pace=Pace.LONG)
async def delete_network(request: Request, network_id: NetworkId) -> Response:
    """HcnDeleteNetwork. Its endpoints are deleted too."""
    await call(request, networks.delete_network, network_id)
    return answers.nothing()


@router.operation("POST", "/networks/{id}/endpoints", gives=HostComputeEndpoint, status=201)
async def create_network_endpoint(
    request: Request, endpoint: EndpointBody, network_id: NetworkId
) -> Response:
    """HcnCreateEndpoint on the handle of a network."""
    create = endpoints.create_endpoint_document
    endpoint_id, text = await call(request, create, network_id, endpoint.document)
    return answers.created(request, answers.text(text), "endpoints", endpoint_id)
