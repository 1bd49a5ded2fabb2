"""/v2/sdnroutes: HcnEnumerateSdnRoutes, HcnCreateSdnRoute, HcnModifySdnRoute, …."""

from fastapi import APIRouter, Request, Response

from app.api import answers
from app.api.deps import body, call, is_strict, object_id, page, query, view
from app.api.openapi import ID, LIST, QUERY, operation
from app.api.v2.rendering import render
from app.schema.base import parse
from app.schema.v2.routes import HostComputeRoute
from app.services import routes

router = APIRouter(tags=["sdnroutes"])


@router.get("/sdnroutes", **operation(gives=HostComputeRoute, many=True, parameters=LIST))
async def list_sdn_routes(request: Request) -> Response:
    """HcnEnumerateSdnRoutes, with a query on each."""
    wanted = query(request)
    found = await call(request, routes.list_sdn_routes, wanted, *page(request))
    if view(request):
        return answers.document([each.id for each in found])
    return answers.document([await render(request, each, wanted) for each in found])


@router.post("/sdnroutes", **operation(takes=HostComputeRoute, gives=HostComputeRoute, status=201))
async def create_sdn_route(request: Request) -> Response:
    """HcnCreateSdnRoute."""
    asked = parse(HostComputeRoute, await body(request), strict=is_strict(request))
    made = await call(request, routes.create_sdn_route, asked)
    shown = answers.document(await render(request, made))
    return answers.created(request, shown, "sdnroutes", made.id)


@router.get("/sdnroutes/{id}", **operation(gives=HostComputeRoute, parameters=[ID, QUERY]))
async def get_sdn_route(request: Request) -> Response:
    """HcnOpenSdnRoute and HcnQuerySdnRouteProperties; a Filter is ignored."""
    found = await call(request, routes.get_sdn_route, object_id(request))
    return answers.document(await render(request, found, query(request)))


@router.patch(
    "/sdnroutes/{id}", **operation(takes=HostComputeRoute, gives=HostComputeRoute, parameters=[ID])
)
async def modify_sdn_route(request: Request) -> Response:
    """HcnModifySdnRoute, which no release implements."""
    parse(HostComputeRoute, await body(request), strict=is_strict(request))
    changed = await call(request, routes.modify_sdn_route, object_id(request))
    return answers.document(await render(request, changed))


@router.delete("/sdnroutes/{id}", **operation(status=204, parameters=[ID]))
async def delete_sdn_route(request: Request) -> Response:
    """HcnDeleteSdnRoute."""
    await call(request, routes.delete_sdn_route, object_id(request))
    return answers.nothing()
