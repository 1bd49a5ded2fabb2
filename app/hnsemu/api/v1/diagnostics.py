"""HNSCall /activities, /plugins and /portpools, which only diagnostics use."""

from fastapi import Request, Response

from hnsemu.api.router import Router
from hnsemu.api.v1.replies import hns_call, reply, reply_printed, reply_printed_aside
from hnsemu.schema.v1.diagnostics import Entity, activities, port_pools
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import endpoints, namespaces, networks, policylists, portreservations
from hnsemu.storage.transaction import Hns

router = Router()


@hns_call(router, "GET", "/activities")
async def list_hns_activities(request: Request) -> Response:
    """HNSCall GET /activities: the activity that created each object."""
    return await reply_printed_aside(request, activities, _everything)


@hns_call(router, "GET", "/plugins")
async def list_hns_plugins(request: Request) -> Response:
    """HNSCall GET /plugins: none is registered on an emulated host."""
    return await reply(request, lambda _hns: [])


@hns_call(router, "GET", "/portpools")
async def get_hns_port_pools(request: Request) -> Response:
    """HNSCall GET /portpools: the ports that guest network services reserved."""
    return await reply_printed(request, port_pools, portreservations.list_port_reservations)


def _everything(hns: Hns) -> list[Entity]:
    return [
        *networks.list_networks(hns, EVERYTHING),
        *endpoints.list_endpoints(hns, EVERYTHING),
        *namespaces.list_namespaces(hns, EVERYTHING),
        *policylists.list_policy_lists(hns, EVERYTHING),
    ]
