"""HNSCall /namespaces."""

from typing import Annotated

from fastapi import Request, Response

from hnsemu.api.declarations import JsonBody
from hnsemu.api.parameters import Body, NamespaceId
from hnsemu.api.router import Router
from hnsemu.api.v1.replies import hns_call, reply, reply_fact, reply_facts
from hnsemu.schema.v1.dialect import namespace_from_v1
from hnsemu.schema.v1.namespaces import HNSNamespace, HNSNamespaceResource
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.services import namespaces

router = Router()

_NamespaceBody = Annotated[HostComputeNamespace, JsonBody(HNSNamespace, namespace_from_v1)]


@hns_call(router, "GET", "/namespaces")
async def list_hns_namespaces(request: Request) -> Response:
    """HNSCall GET /namespaces/."""
    return await reply_facts(request, namespaces.list_namespaces)


@hns_call(router, "POST", "/namespaces")
async def create_hns_namespace(request: Request, document: _NamespaceBody) -> Response:
    """HNSCall POST /namespaces/."""
    return await reply_fact(request, namespaces.create_namespace, document)


@hns_call(router, "GET", "/namespaces/{id}")
async def get_hns_namespace(request: Request, namespace_id: NamespaceId) -> Response:
    """HNSCall GET /namespaces/{id}."""
    return await reply_fact(request, namespaces.get_namespace, namespace_id)


@hns_call(router, "DELETE", "/namespaces/{id}")
async def delete_hns_namespace(request: Request, namespace_id: NamespaceId) -> Response:
    """HNSCall DELETE /namespaces/{id}."""
    return await reply(request, namespaces.delete_namespace, namespace_id)


@hns_call(router, "POST", "/namespaces/{id}/addresource")
async def add_hns_namespace_resource(
    request: Request, resource: Body[HNSNamespaceResource], namespace_id: NamespaceId
) -> Response:
    """HNSCall POST /namespaces/{id}/addresource."""
    change = resource.to_v2("Add")
    return await reply_fact(request, namespaces.modify_namespace, namespace_id, change)


@hns_call(router, "POST", "/namespaces/{id}/removeresource")
async def remove_hns_namespace_resource(
    request: Request, resource: Body[HNSNamespaceResource], namespace_id: NamespaceId
) -> Response:
    """HNSCall POST /namespaces/{id}/removeresource."""
    change = resource.to_v2("Remove")
    return await reply_fact(request, namespaces.modify_namespace, namespace_id, change)
