"""HNSCall /namespaces."""

from fastapi import APIRouter, Request, Response

from hnsemu.api.deps import body, is_strict, object_id
from hnsemu.api.v1.replies import hns_call, reply, reply_fact, reply_facts
from hnsemu.schema.base import parse
from hnsemu.schema.v1.dialect import namespace_from_v1
from hnsemu.schema.v1.namespaces import HNSNamespace, HNSNamespaceResource
from hnsemu.services import namespaces

router = APIRouter()


@hns_call(router, "GET", "/namespaces")
async def list_hns_namespaces(request: Request) -> Response:
    """HNSCall GET /namespaces/."""
    return await reply_facts(request, namespaces.list_namespaces)


@hns_call(router, "POST", "/namespaces", HNSNamespace)
async def create_hns_namespace(request: Request) -> Response:
    """HNSCall POST /namespaces/."""
    asked = namespace_from_v1(await body(request), strict=is_strict(request))
    return await reply_fact(request, namespaces.create_namespace, asked)


@hns_call(router, "GET", "/namespaces/{id}")
async def get_hns_namespace(request: Request) -> Response:
    """HNSCall GET /namespaces/{id}."""
    return await reply_fact(request, namespaces.get_namespace, object_id(request))


@hns_call(router, "DELETE", "/namespaces/{id}")
async def delete_hns_namespace(request: Request) -> Response:
    """HNSCall DELETE /namespaces/{id}."""
    return await reply(request, namespaces.delete_namespace, object_id(request))


@hns_call(router, "POST", "/namespaces/{id}/addresource", HNSNamespaceResource)
async def add_hns_namespace_resource(request: Request) -> Response:
    """HNSCall POST /namespaces/{id}/addresource."""
    return await _change(request, "Add")


@hns_call(router, "POST", "/namespaces/{id}/removeresource", HNSNamespaceResource)
async def remove_hns_namespace_resource(request: Request) -> Response:
    """HNSCall POST /namespaces/{id}/removeresource."""
    return await _change(request, "Remove")


async def _change(request: Request, what: str) -> Response:
    resource = parse(HNSNamespaceResource, await body(request), strict=is_strict(request))
    return await reply_fact(
        request, namespaces.modify_namespace, object_id(request), resource.to_v2(what)
    )
