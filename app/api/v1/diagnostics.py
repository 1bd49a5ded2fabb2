"""HNSCall /activities, /plugins and /portpools, which only diagnostics use."""

from fastapi import APIRouter, Request, Response

from app.api.deps import service
from app.api.v1.replies import hns_call, reply, reply_aside
from app.schema.v1 import diagnostics
from app.schema.v2.query import EVERYTHING
from app.services import endpoints, hosts, namespaces, networks, policylists, portreservations
from app.storage.engine import Hns

router = APIRouter()


@hns_call(router, "GET", "/activities")
async def list_hns_activities(request: Request) -> Response:
    """HNSCall GET /activities: which activity made each object."""
    case = service(request).settings.guid_case

    def work(hns: Hns) -> object:
        entities: list[diagnostics.Entity] = [
            *networks.list_networks(hns, EVERYTHING),
            *endpoints.list_endpoints(hns, EVERYTHING),
            *namespaces.list_namespaces(hns, EVERYTHING),
            *policylists.list_policy_lists(hns, EVERYTHING),
        ]
        return diagnostics.activities(entities, hosts.release_of_host(hns), case)

    return await reply_aside(request, work)


@hns_call(router, "GET", "/plugins")
async def list_hns_plugins(request: Request) -> Response:
    """HNSCall GET /plugins: none is registered on an emulated host."""

    def work(hns: Hns) -> object:
        hosts.get_host(hns)
        return []

    return await reply(request, work)


@hns_call(router, "GET", "/portpools")
async def get_hns_port_pools(request: Request) -> Response:
    """HNSCall GET /portpools: the ports that guest network services reserved."""
    case = service(request).settings.guid_case

    def work(hns: Hns) -> object:
        held = portreservations.list_port_reservations(hns)
        return diagnostics.port_pools(held, hosts.release_of_host(hns), case)

    return await reply(request, work)
