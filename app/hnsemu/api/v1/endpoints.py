"""HNSCall /endpoints and /endpointstats."""

from fastapi import APIRouter, Request, Response

from hnsemu.api.deps import body, is_strict, object_id
from hnsemu.api.v1.replies import (
    hns_call,
    reply,
    reply_done,
    reply_fact,
    reply_facts,
    reply_printed,
)
from hnsemu.domain.attachments import SystemType
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v1.dialect import endpoint_from_v1, endpoint_update_from_v1
from hnsemu.schema.v1.endpoints import HNSAttachment, HNSEndpoint
from hnsemu.schema.v1.render_endpoints import addresses_v1
from hnsemu.services import endpoints

router = APIRouter()


@hns_call(router, "GET", "/endpoints")
async def list_hns_endpoints(request: Request) -> Response:
    """HNSCall GET /endpoints/."""
    return await reply_facts(request, endpoints.list_endpoints)


@hns_call(router, "POST", "/endpoints", HNSEndpoint)
async def create_hns_endpoint(request: Request) -> Response:
    """HNSCall POST /endpoints/."""
    asked = endpoint_from_v1(await body(request), strict=is_strict(request))
    return await reply_fact(
        request, endpoints.create_endpoint, None, asked.document, asked.network_name
    )


@hns_call(router, "GET", "/endpoints/{id}")
async def get_hns_endpoint(request: Request) -> Response:
    """HNSCall GET /endpoints/{id}."""
    return await reply_fact(request, endpoints.get_endpoint, object_id(request))


@hns_call(router, "POST", "/endpoints/{id}", HNSEndpoint)
async def update_hns_endpoint(request: Request) -> Response:
    """HNSCall POST /endpoints/{id}: replaces ACL and proxy policies."""
    asked = endpoint_update_from_v1(await body(request), strict=is_strict(request))
    return await reply_fact(request, endpoints.update_endpoint, object_id(request), asked)


@hns_call(router, "DELETE", "/endpoints/{id}")
async def delete_hns_endpoint(request: Request) -> Response:
    """HNSCall DELETE /endpoints/{id}."""
    return await reply(request, endpoints.delete_endpoint, object_id(request))


@hns_call(router, "POST", "/endpoints/{id}/attach", HNSAttachment)
async def attach_hns_endpoint(request: Request) -> Response:
    """HNSCall POST /endpoints/{id}/attach, for Container, VirtualMachine or Host."""
    asked = parse(HNSAttachment, await body(request), strict=is_strict(request)).to_domain()
    return await reply_done(request, endpoints.attach_endpoint, object_id(request), asked)


@hns_call(router, "POST", "/endpoints/{id}/detach", HNSAttachment)
async def detach_hns_endpoint(request: Request) -> Response:
    """HNSCall POST /endpoints/{id}/detach."""
    asked = parse(HNSAttachment, await body(request), strict=is_strict(request)).to_domain()
    container = asked.name if asked.system_type is SystemType.CONTAINER else ""
    return await reply_done(request, endpoints.detach_endpoint, object_id(request), container)


@hns_call(router, "POST", "/endpoints/{id}/refresh")
async def refresh_hns_endpoint(request: Request) -> Response:
    """HNSCall POST /endpoints/{id}/refresh, which no client uses. Source: section 1.2 [I]."""
    raise HnsError(
        Hr.HCN_E_REQUEST_UNSUPPORTED,
        f"endpoint {object_id(request)}: refresh is not offered; PATCH /v2/endpoints/{{id}} with "
        "ResourceType Port and RequestType Refresh plumbs anew",
    )


@hns_call(router, "GET", "/endpoints/{id}/detailed")
async def get_detailed_hns_endpoint(request: Request) -> Response:
    """HNSCall GET /endpoints/{id}/detailed; nothing more than GET is known of it."""
    return await reply_fact(request, endpoints.get_endpoint, object_id(request))


@hns_call(router, "GET", "/endpointstats/{id}")
async def get_hns_endpoint_stats(request: Request) -> Response:
    """HNSCall GET /endpointstats/{id}."""
    return await reply_fact(request, endpoints.endpoint_stats, object_id(request))


@hns_call(router, "GET", "/endpointaddresses/{id}")
async def get_hns_endpoint_addresses(request: Request) -> Response:
    """HNSCall GET /endpointaddresses/{id}, as HcnQueryEndpointAddresses. The shape is inferred."""
    return await reply_printed(request, addresses_v1, endpoints.get_endpoint, object_id(request))
