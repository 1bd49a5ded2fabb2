"""HNSCall /endpoints and /endpointstats."""

from typing import Annotated

from fastapi import Request, Response

from hnsemu.api.declarations import JsonBody
from hnsemu.api.parameters import HnsEndpointId
from hnsemu.api.router import Router
from hnsemu.api.v1.replies import (
    hns_call,
    reply,
    reply_done,
    reply_fact,
    reply_facts,
    reply_printed,
)
from hnsemu.domain.attachments import Attachment, SystemType
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v1 import dialect
from hnsemu.schema.v1.dialect import EndpointDocument
from hnsemu.schema.v1.endpoints import HNSAttachment, HNSEndpoint, read_attachment
from hnsemu.schema.v1.render_endpoints import addresses_v1
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.services import endpoints

router = Router()

_EndpointBody = Annotated[EndpointDocument, JsonBody(HNSEndpoint, dialect.endpoint_from_v1)]
_UpdateBody = Annotated[HostComputeEndpoint, JsonBody(HNSEndpoint, dialect.endpoint_update_from_v1)]
_AttachmentBody = Annotated[Attachment, JsonBody(HNSAttachment, read_attachment)]


@hns_call(router, "GET", "/endpoints")
async def list_hns_endpoints(request: Request) -> Response:
    """HNSCall GET /endpoints/."""
    return await reply_facts(request, endpoints.list_endpoints)


@hns_call(router, "POST", "/endpoints")
async def create_hns_endpoint(request: Request, endpoint: _EndpointBody) -> Response:
    """HNSCall POST /endpoints/."""
    return await reply_fact(
        request, endpoints.create_endpoint, None, endpoint.document, endpoint.network_name
    )


@hns_call(router, "GET", "/endpoints/{id}")
async def get_hns_endpoint(request: Request, endpoint_id: HnsEndpointId) -> Response:
    """HNSCall GET /endpoints/{id}."""
    return await reply_fact(request, endpoints.get_endpoint, endpoint_id)


@hns_call(router, "POST", "/endpoints/{id}")
async def update_hns_endpoint(
    request: Request, update: _UpdateBody, endpoint_id: HnsEndpointId
) -> Response:
    """HNSCall POST /endpoints/{id}: replaces ACL and proxy policies."""
    return await reply_fact(request, endpoints.update_endpoint, endpoint_id, update)


@hns_call(router, "DELETE", "/endpoints/{id}")
async def delete_hns_endpoint(request: Request, endpoint_id: HnsEndpointId) -> Response:
    """HNSCall DELETE /endpoints/{id}."""
    return await reply(request, endpoints.delete_endpoint, endpoint_id)


@hns_call(router, "POST", "/endpoints/{id}/attach")
async def attach_hns_endpoint(
    request: Request, attachment: _AttachmentBody, endpoint_id: HnsEndpointId
) -> Response:
    """HNSCall POST /endpoints/{id}/attach: to a Container, a VirtualMachine or the Host."""
    return await reply_done(request, endpoints.attach_endpoint, endpoint_id, attachment)


@hns_call(router, "POST", "/endpoints/{id}/detach")
async def detach_hns_endpoint(
    request: Request, attachment: _AttachmentBody, endpoint_id: HnsEndpointId
) -> Response:
    """HNSCall POST /endpoints/{id}/detach."""
    container = attachment.name if attachment.system_type is SystemType.CONTAINER else ""
    return await reply_done(request, endpoints.detach_endpoint, endpoint_id, container)


@hns_call(router, "POST", "/endpoints/{id}/refresh")
async def refresh_hns_endpoint(_request: Request, endpoint_id: HnsEndpointId) -> Response:
    """HNSCall POST /endpoints/{id}/refresh, which no client uses. Source: section 1.2 [I]."""
    raise HnsError(
        Hr.HCN_E_REQUEST_UNSUPPORTED,
        f"endpoint {endpoint_id}: refresh is not supported; PATCH /v2/endpoints/{{id}} with "
        "ResourceType Port and RequestType Refresh does the same",
    )


@hns_call(router, "GET", "/endpoints/{id}/detailed")
async def get_detailed_hns_endpoint(request: Request, endpoint_id: HnsEndpointId) -> Response:
    """HNSCall GET /endpoints/{id}/detailed; nothing more than GET is known of it."""
    return await reply_fact(request, endpoints.get_endpoint, endpoint_id)


@hns_call(router, "GET", "/endpointstats/{id}")
async def get_hns_endpoint_stats(request: Request, endpoint_id: HnsEndpointId) -> Response:
    """HNSCall GET /endpointstats/{id}."""
    return await reply_fact(request, endpoints.endpoint_stats, endpoint_id)


@hns_call(router, "GET", "/endpointaddresses/{id}")
async def get_hns_endpoint_addresses(request: Request, endpoint_id: HnsEndpointId) -> Response:
    """HNSCall GET /endpointaddresses/{id}, as HcnQueryEndpointAddresses. The shape is inferred."""
    return await reply_printed(request, addresses_v1, endpoints.get_endpoint, endpoint_id)
