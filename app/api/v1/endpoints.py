"""HNSCall /endpoints and /endpointstats."""

from fastapi import APIRouter, Request, Response

from app.api.deps import body, call, is_strict, object_id
from app.api.v1.replies import both_slashes, reply, reply_fact, reply_facts
from app.errors import HnsError, Hr
from app.schema.base import parse
from app.schema.v1.dialect import endpoint_from_v1
from app.schema.v1.endpoints import HNSAttachment, HNSEndpoint
from app.schema.v2.endpoint_views import stats_document
from app.schema.v2.query import EVERYTHING
from app.services import endpoint_attach, endpoint_modify, endpoints

router = APIRouter()


@both_slashes(router, "GET", "/endpoints")
async def list_hns_endpoints(request: Request) -> Response:
    """HNSCall GET /endpoints/."""
    return await reply_facts(request, await call(request, endpoints.list_endpoints, EVERYTHING))


@both_slashes(router, "POST", "/endpoints", HNSEndpoint)
async def create_hns_endpoint(request: Request) -> Response:
    """HNSCall POST /endpoints/."""
    asked = endpoint_from_v1(await body(request), strict=is_strict(request))
    made = await call(request, endpoints.create_endpoint, None, asked.document, asked.network_name)
    return await reply_fact(request, made)


@both_slashes(router, "GET", "/endpoints/{id}")
async def get_hns_endpoint(request: Request) -> Response:
    """HNSCall GET /endpoints/{id}."""
    found = await call(request, endpoints.get_endpoint, object_id(request))
    return await reply_fact(request, found)


@both_slashes(router, "POST", "/endpoints/{id}", HNSEndpoint)
async def update_hns_endpoint(request: Request) -> Response:
    """HNSCall POST /endpoints/{id}: replaces ACL and proxy policies."""
    asked = endpoint_from_v1(await body(request), strict=is_strict(request))
    changed = await call(
        request, endpoint_modify.update_endpoint, object_id(request), asked.document
    )
    return await reply_fact(request, changed)


@both_slashes(router, "DELETE", "/endpoints/{id}")
async def delete_hns_endpoint(request: Request) -> Response:
    """HNSCall DELETE /endpoints/{id}."""
    await call(request, endpoints.delete_endpoint, object_id(request))
    return await reply(request, None)


@both_slashes(router, "POST", "/endpoints/{id}/attach", HNSAttachment)
async def attach_hns_endpoint(request: Request) -> Response:
    """HNSCall POST /endpoints/{id}/attach, for Container, VirtualMachine or Host."""
    asked = parse(HNSAttachment, await body(request), strict=is_strict(request))
    await call(request, endpoint_attach.attach_endpoint, object_id(request), asked.to_domain())
    return await reply(request, {"Success": True})


@both_slashes(router, "POST", "/endpoints/{id}/detach", HNSAttachment)
async def detach_hns_endpoint(request: Request) -> Response:
    """HNSCall POST /endpoints/{id}/detach."""
    asked = parse(HNSAttachment, await body(request), strict=is_strict(request))
    await call(
        request, endpoint_attach.detach_endpoint, object_id(request), asked.container_id or ""
    )
    return await reply(request, {"Success": True})


@both_slashes(router, "POST", "/endpoints/{id}/refresh")
async def refresh_hns_endpoint(request: Request) -> Response:
    """HNSCall POST /endpoints/{id}/refresh, which no client uses. Source: section 1.2 [I]."""
    raise HnsError(
        Hr.HCN_E_REQUEST_UNSUPPORTED,
        f"endpoint {object_id(request)}: refresh is not offered; PATCH /v2/endpoints/{{id}} with "
        "ResourceType Port and RequestType Refresh plumbs anew",
    )


@both_slashes(router, "GET", "/endpoints/{id}/detailed")
async def get_detailed_hns_endpoint(request: Request) -> Response:
    """HNSCall GET /endpoints/{id}/detailed; nothing more than GET is known of it."""
    found = await call(request, endpoints.get_endpoint, object_id(request))
    return await reply_fact(request, found)


@both_slashes(router, "GET", "/endpointstats/{id}")
async def get_hns_endpoint_stats(request: Request) -> Response:
    """HNSCall GET /endpointstats/{id}."""
    stats = await call(request, endpoint_modify.endpoint_stats, object_id(request))
    return await reply(request, stats_document(stats))
