"""/v2/namespaces: HcnEnumerateNamespaces, HcnCreateNamespace, HcnModifyNamespace, …."""

from fastapi import APIRouter, Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import body, call, is_strict, object_id
from hnsemu.api.openapi import ID, LIST, QUERY, operation
from hnsemu.api.v2.rendering import show, show_list, show_queried
from hnsemu.schema.base import parse
from hnsemu.schema.v1 import dialect
from hnsemu.schema.v2.modify import ModifyNamespaceSettingRequest
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.services import namespaces

router = APIRouter(tags=["namespaces"])


@router.get("/namespaces", **operation(gives=HostComputeNamespace, many=True, parameters=LIST))
async def list_namespaces(request: Request) -> Response:
    """HcnEnumerateNamespaces, with a query on each."""
    return await show_list(request, namespaces.list_namespaces)


@router.post(
    "/namespaces", **operation(takes=HostComputeNamespace, gives=HostComputeNamespace, status=201)
)
async def create_namespace(request: Request) -> Response:
    """HcnCreateNamespace; an HNS 1 document is understood too."""
    asked = dialect.namespace_from_any(await body(request), strict=is_strict(request))
    made, answer = await show(request, namespaces.create_namespace, asked)
    return answers.created(request, answer, "namespaces", made.id)


@router.get("/namespaces/{id}", **operation(gives=HostComputeNamespace, parameters=[ID, QUERY]))
async def get_namespace(request: Request) -> Response:
    """HcnOpenNamespace and HcnQueryNamespaceProperties; a Filter is ignored."""
    return await show_queried(request, namespaces.get_namespace, object_id(request))


@router.patch(
    "/namespaces/{id}",
    **operation(takes=ModifyNamespaceSettingRequest, gives=HostComputeNamespace, parameters=[ID]),
)
async def modify_namespace(request: Request) -> Response:
    """HcnModifyNamespace; answers the namespace after the change."""
    asked = parse(ModifyNamespaceSettingRequest, await body(request), strict=is_strict(request))
    return (await show(request, namespaces.modify_namespace, object_id(request), asked))[1]


@router.delete("/namespaces/{id}", **operation(status=204, parameters=[ID]))
async def delete_namespace(request: Request) -> Response:
    """HcnDeleteNamespace."""
    await call(request, namespaces.delete_namespace, object_id(request))
    return answers.nothing()
