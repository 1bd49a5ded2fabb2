"""/v2/namespaces: HcnEnumerateNamespaces, HcnCreateNamespace, HcnModifyNamespace, …."""

from typing import Annotated

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.declarations import JsonBody
from hnsemu.api.deps import call
from hnsemu.api.parameters import Body, Listing, NamespaceId, Query
from hnsemu.api.router import Router
from hnsemu.api.v2.rendering import show, show_list, show_queried
from hnsemu.schema.v1 import dialect
from hnsemu.schema.v2.modify import ModifyNamespaceSettingRequest
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.services import namespaces

router = Router(prefix="/v2", tags=["namespaces"])

_NamespaceBody = Annotated[HostComputeNamespace, JsonBody(read=dialect.namespace_from_any)]


@router.operation("GET", "/namespaces", gives=HostComputeNamespace, many=True)
async def list_namespaces(request: Request, listing: Listing) -> Response:
    """HcnEnumerateNamespaces, and HcnQueryNamespaceProperties for each namespace found."""
    return await show_list(request, namespaces.list_namespaces, listing)


@router.operation("POST", "/namespaces", gives=HostComputeNamespace, status=201)
async def create_namespace(request: Request, document: _NamespaceBody) -> Response:
    """HcnCreateNamespace. The document may also be one of HNS 1."""
    namespace, answer = await show(request, namespaces.create_namespace, document)
    return answers.created(request, answer, "namespaces", namespace.id)


@router.operation("GET", "/namespaces/{id}", gives=HostComputeNamespace)
async def get_namespace(request: Request, namespace_id: NamespaceId, query: Query) -> Response:
    """HcnOpenNamespace and HcnQueryNamespaceProperties. A Filter in the query is ignored."""
    return await show_queried(request, query, namespaces.get_namespace, namespace_id)


@router.operation("PATCH", "/namespaces/{id}", gives=HostComputeNamespace)
async def modify_namespace(
    request: Request, change: Body[ModifyNamespaceSettingRequest], namespace_id: NamespaceId
) -> Response:
    """HcnModifyNamespace. The answer is the namespace after the change."""
    _, answer = await show(request, namespaces.modify_namespace, namespace_id, change)
    return answer


@router.operation("DELETE", "/namespaces/{id}", status=204)
async def delete_namespace(request: Request, namespace_id: NamespaceId) -> Response:
    """HcnDeleteNamespace."""
    await call(request, namespaces.delete_namespace, namespace_id)
    return answers.nothing()
