"""/v2/sdnroutes: HcnEnumerateSdnRoutes, HcnCreateSdnRoute, HcnModifySdnRoute, …."""

from fastapi import APIRouter, Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import body, call, is_strict, object_id
from hnsemu.api.openapi import ID, LIST, QUERY, operation
from hnsemu.api.v2.rendering import show, show_list, show_queried
from hnsemu.schema.base import parse
from hnsemu.schema.v2.routes import HostComputeRoute
from hnsemu.services import routes

router = APIRouter(tags=["sdnroutes"])


@router.get("/sdnroutes", **operation(gives=HostComputeRoute, many=True, parameters=LIST))
async def list_sdn_routes(request: Request) -> Response:
    """HcnEnumerateSdnRoutes, with a query on each."""
    return await show_list(request, routes.list_sdn_routes)


@router.post("/sdnroutes", **operation(takes=HostComputeRoute, gives=HostComputeRoute, status=201))
async def create_sdn_route(request: Request) -> Response:
    """HcnCreateSdnRoute."""
    asked = parse(HostComputeRoute, await body(request), strict=is_strict(request))
    made, answer = await show(request, routes.create_sdn_route, asked)
    return answers.created(request, answer, "sdnroutes", made.id)


@router.get("/sdnroutes/{id}", **operation(gives=HostComputeRoute, parameters=[ID, QUERY]))
async def get_sdn_route(request: Request) -> Response:
    """HcnOpenSdnRoute and HcnQuerySdnRouteProperties; a Filter is ignored."""
    return await show_queried(request, routes.get_sdn_route, object_id(request))


@router.patch(
    "/sdnroutes/{id}", **operation(takes=HostComputeRoute, gives=HostComputeRoute, parameters=[ID])
)
async def modify_sdn_route(request: Request) -> Response:
    """HcnModifySdnRoute, which no release implements."""
    parse(HostComputeRoute, await body(request), strict=is_strict(request))
    return (await show(request, routes.modify_sdn_route, object_id(request)))[1]


@router.delete("/sdnroutes/{id}", **operation(status=204, parameters=[ID]))
async def delete_sdn_route(request: Request) -> Response:
    """HcnDeleteSdnRoute."""
    await call(request, routes.delete_sdn_route, object_id(request))
    return answers.nothing()
