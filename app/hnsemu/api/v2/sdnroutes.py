"""/v2/sdnroutes: HcnEnumerateSdnRoutes, HcnCreateSdnRoute, HcnModifySdnRoute, …."""

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import call
from hnsemu.api.parameters import Body, Listing, Query, SdnRouteId
from hnsemu.api.router import Router
from hnsemu.api.v2.rendering import show, show_list, show_queried
from hnsemu.schema.v2.routes import HostComputeRoute
from hnsemu.services import routes

router = Router(prefix="/v2", tags=["sdnroutes"])


@router.operation("GET", "/sdnroutes", gives=HostComputeRoute, many=True)
async def list_sdn_routes(request: Request, listing: Listing) -> Response:
    """HcnEnumerateSdnRoutes, and HcnQuerySdnRouteProperties for each route found."""
    return await show_list(request, routes.list_sdn_routes, listing)


@router.operation("POST", "/sdnroutes", gives=HostComputeRoute, status=201)
async def create_sdn_route(request: Request, document: Body[HostComputeRoute]) -> Response:
    """HcnCreateSdnRoute."""
    route, answer = await show(request, routes.create_sdn_route, document)
    return answers.created(request, answer, "sdnroutes", route.id)


@router.operation("GET", "/sdnroutes/{id}", gives=HostComputeRoute)
async def get_sdn_route(request: Request, sdn_route_id: SdnRouteId, query: Query) -> Response:
    """HcnOpenSdnRoute and HcnQuerySdnRouteProperties. A Filter in the query is ignored."""
    return await show_queried(request, query, routes.get_sdn_route, sdn_route_id)


@router.operation("PATCH", "/sdnroutes/{id}", gives=HostComputeRoute)
async def modify_sdn_route(
    request: Request,
    document: Body[HostComputeRoute],  # noqa: ARG001 (it must be readable, the refusal comes after)
    sdn_route_id: SdnRouteId,
) -> Response:
    """HcnModifySdnRoute, which no release of Windows implements."""
    _, answer = await show(request, routes.modify_sdn_route, sdn_route_id)
    return answer


@router.operation("DELETE", "/sdnroutes/{id}", status=204)
async def delete_sdn_route(request: Request, sdn_route_id: SdnRouteId) -> Response:
    """HcnDeleteSdnRoute."""
    await call(request, routes.delete_sdn_route, sdn_route_id)
    return answers.nothing()
