"""HNSCall /policylists."""

from fastapi import APIRouter, Request, Response

from hnsemu.api.deps import body, is_strict, object_id
from hnsemu.api.v1.replies import hns_call, reply, reply_fact, reply_facts
from hnsemu.schema.v1.dialect import policy_list_from_v1
from hnsemu.schema.v1.policylists import HNSPolicyList
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.routes import HostComputeRoute
from hnsemu.services import loadbalancers, policylists, routes

router = APIRouter()


@hns_call(router, "GET", "/policylists")
async def list_hns_policy_lists(request: Request) -> Response:
    """HNSCall GET /policylists/: load balancers, SDN routes and plain lists."""
    return await reply_facts(request, policylists.list_policy_lists)


@hns_call(router, "POST", "/policylists", HNSPolicyList)
async def create_hns_policy_list(request: Request) -> Response:
    """HNSCall POST /policylists/."""
    asked = policy_list_from_v1(await body(request), strict=is_strict(request))
    if isinstance(asked, HostComputeLoadBalancer):
        return await reply_fact(request, loadbalancers.create_load_balancer, asked)
    if isinstance(asked, HostComputeRoute):
        return await reply_fact(request, routes.create_sdn_route, asked)
    return await reply_fact(request, policylists.create_policy_list, asked)


@hns_call(router, "GET", "/policylists/{id}")
async def get_hns_policy_list(request: Request) -> Response:
    """HNSCall GET /policylists/{id}."""
    return await reply_fact(request, policylists.get_policy_list, object_id(request))


@hns_call(router, "DELETE", "/policylists/{id}")
async def delete_hns_policy_list(request: Request) -> Response:
    """HNSCall DELETE /policylists/{id}."""
    return await reply(request, policylists.delete_policy_list, object_id(request))
