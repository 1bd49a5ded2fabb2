"""/v2/endpoints: HcnEnumerateEndpoints, HcnCreateEndpoint, HcnModifyEndpoint, …."""

import orjson
from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import call, call_aside
from hnsemu.api.parameters import Body, EndpointBody, EndpointId, Listing, Query
from hnsemu.api.router import Router
from hnsemu.api.v2.rendering import show, show_list, show_queried
from hnsemu.schema.v2.endpoint_views import (
    EndpointAddresses,
    EndpointStatistics,
    addresses_document,
    stats_document,
)
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.modify import ModifyEndpointSettingRequest
from hnsemu.services import endpoints
from hnsemu.storage.transaction import Hns

router = Router(prefix="/v2", tags=["endpoints"])


@router.operation("GET", "/endpoints", gives=HostComputeEndpoint, many=True)
async def list_endpoints(request: Request, listing: Listing) -> Response:
    """HcnEnumerateEndpoints, and HcnQueryEndpointProperties for each endpoint found."""
    ids_only = listing.ids_only
    if listing.query.in_schema_1 and not ids_only:
        return await show_list(request, endpoints.list_endpoints, listing)
    use_case = endpoints.list_endpoint_ids if ids_only else endpoints.list_endpoint_documents

    def work(hns: Hns) -> tuple[Response, str | None]:
        page, has_more = listing.cut(use_case(hns, listing.query, listing.read, listing.after))
        last_id = (page[-1] if ids_only else orjson.loads(page[-1])["ID"]) if has_more else None
        return answers.document(page) if ids_only else answers.texts(page), last_id

    run = call if listing.is_short else call_aside
    answer, last_id = await run(request, work)
    return answers.continued(request, answer, last_id)


@router.operation("POST", "/endpoints", gives=HostComputeEndpoint, status=201)
async def create_endpoint(request: Request, endpoint: EndpointBody) -> Response:
    """HcnCreateEndpoint on the network that HostComputeNetwork names."""
    create = endpoints.create_endpoint_document
    endpoint_id, text = await call(request, create, None, endpoint.document, endpoint.network_name)
    return answers.created(request, answers.text(text), "endpoints", endpoint_id)


@router.operation("GET", "/endpoints/{id}", gives=HostComputeEndpoint)
async def get_endpoint(request: Request, query: Query, endpoint_id: EndpointId) -> Response:
    """HcnOpenEndpoint and HcnQueryEndpointProperties. A Filter in the query is ignored."""
    if query.in_schema_1:
        return await show_queried(request, query, endpoints.get_endpoint, endpoint_id)
    return answers.text(await call(request, endpoints.get_endpoint_document, endpoint_id))


@router.operation("PATCH", "/endpoints/{id}", gives=HostComputeEndpoint)
async def modify_endpoint(
    request: Request, change: Body[ModifyEndpointSettingRequest], endpoint_id: EndpointId
) -> Response:
    """HcnModifyEndpoint. The answer is the endpoint after the change."""
    _, answer = await show(request, endpoints.modify_endpoint, endpoint_id, change)
    return answer


@router.operation("DELETE", "/endpoints/{id}", status=204)
async def delete_endpoint(request: Request, endpoint_id: EndpointId) -> Response:
    """HcnDeleteEndpoint."""
    await call(request, endpoints.delete_endpoint, endpoint_id)
    return answers.nothing()


@router.operation("GET", "/endpoints/{id}/stats", gives=EndpointStatistics)
async def get_endpoint_stats(request: Request, endpoint_id: EndpointId) -> Response:
    """HcnQueryEndpointStats: the counters of the switch port."""
    stats = await call(request, endpoints.endpoint_stats, endpoint_id)
    return answers.document(stats_document(stats))


@router.operation("GET", "/endpoints/{id}/addresses", gives=EndpointAddresses)
async def get_endpoint_addresses(request: Request, endpoint_id: EndpointId) -> Response:
    """HcnQueryEndpointAddresses: the addresses of the endpoint."""
    endpoint = await call(request, endpoints.get_endpoint, endpoint_id)
    return answers.document(addresses_document(endpoint))
