"""/v2/endpoints: HcnEnumerateEndpoints, HcnCreateEndpoint, HcnModifyEndpoint, …."""

import orjson
from fastapi import APIRouter, Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import body, call, call_aside, is_strict, object_id, page, query, wants_ids
from hnsemu.api.openapi import ID, LIST, QUERY, operation
from hnsemu.api.v2.rendering import show, show_list, show_queried
from hnsemu.schema.base import parse
from hnsemu.schema.v1 import dialect
from hnsemu.schema.v2.endpoint_views import (
    EndpointAddresses,
    EndpointStatistics,
    addresses_document,
    stats_document,
)
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.modify import ModifyEndpointSettingRequest
from hnsemu.services import endpoints

router = APIRouter(tags=["endpoints"])


@router.get("/endpoints", **operation(gives=HostComputeEndpoint, many=True, parameters=LIST))
async def list_endpoints(request: Request) -> Response:
    """HcnEnumerateEndpoints, with a query on each."""
    wanted, part, ids = query(request), page(request), wants_ids(request)
    if wanted.in_schema_1 and not ids:
        return await show_list(request, endpoints.list_endpoints)
    use_case = endpoints.list_endpoint_ids if ids else endpoints.list_endpoint_documents
    run = call if part.is_short(wanted) else call_aside
    read = await run(request, use_case, wanted, part.read, part.after)
    found, more = part.cut(read)
    last_id = (found[-1] if ids else orjson.loads(found[-1])["ID"]) if more else None
    answer = answers.document(found) if ids else answers.texts(found)
    return answers.continued(request, answer, last_id)


@router.post(
    "/endpoints", **operation(takes=HostComputeEndpoint, gives=HostComputeEndpoint, status=201)
)
async def create_endpoint(request: Request) -> Response:
    """HcnCreateEndpoint on the network named by HostComputeNetwork."""
    asked = dialect.endpoint_from_any(await body(request), strict=is_strict(request))
    made, text = await call(
        request, endpoints.create_endpoint_document, None, asked.document, asked.network_name
    )
    return answers.created(request, answers.text(text), "endpoints", made)


@router.get("/endpoints/{id}", **operation(gives=HostComputeEndpoint, parameters=[ID, QUERY]))
async def get_endpoint(request: Request) -> Response:
    """HcnOpenEndpoint and HcnQueryEndpointProperties; a Filter is ignored."""
    if query(request).in_schema_1:
        return await show_queried(request, endpoints.get_endpoint, object_id(request))
    return answers.text(await call(request, endpoints.get_endpoint_document, object_id(request)))


@router.patch(
    "/endpoints/{id}",
    **operation(takes=ModifyEndpointSettingRequest, gives=HostComputeEndpoint, parameters=[ID]),
)
async def modify_endpoint(request: Request) -> Response:
    """HcnModifyEndpoint; answers the endpoint after the change."""
    asked = parse(ModifyEndpointSettingRequest, await body(request), strict=is_strict(request))
    return (await show(request, endpoints.modify_endpoint, object_id(request), asked))[1]


@router.delete("/endpoints/{id}", **operation(status=204, parameters=[ID]))
async def delete_endpoint(request: Request) -> Response:
    """HcnDeleteEndpoint."""
    await call(request, endpoints.delete_endpoint, object_id(request))
    return answers.nothing()


@router.get("/endpoints/{id}/stats", **operation(gives=EndpointStatistics, parameters=[ID]))
async def get_endpoint_stats(request: Request) -> Response:
    """HcnQueryEndpointStats: the counters of the switch port."""
    stats = await call(request, endpoints.endpoint_stats, object_id(request))
    return answers.document(stats_document(stats))


@router.get("/endpoints/{id}/addresses", **operation(gives=EndpointAddresses, parameters=[ID]))
async def get_endpoint_addresses(request: Request) -> Response:
    """HcnQueryEndpointAddresses: the addresses of the endpoint."""
    found = await call(request, endpoints.get_endpoint, object_id(request))
    return answers.document(addresses_document(found))
