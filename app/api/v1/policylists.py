"""HNSCall /policylists."""

from fastapi import APIRouter, Request, Response

from app.api.deps import body, call, is_strict, object_id
from app.api.v1.replies import both_slashes, reply, reply_fact, reply_facts
from app.domain.policylists import PolicyList
from app.schema.v1.dialect import policy_list_from_v1
from app.schema.v1.policylists import HNSPolicyList
from app.schema.v2.loadbalancers import HostComputeLoadBalancer
from app.schema.v2.query import EVERYTHING
from app.schema.v2.routes import HostComputeRoute
from app.services import loadbalancers, policylists, routes

router = APIRouter()


@both_slashes(router, "GET", "/policylists")
async def list_hns_policy_lists(request: Request) -> Response:
    """HNSCall GET /policylists/: load balancers, SDN routes and plain lists."""
    found = await call(request, policylists.list_policy_lists, EVERYTHING)
    return await reply_facts(request, found)


@both_slashes(router, "POST", "/policylists", HNSPolicyList)
async def create_hns_policy_list(request: Request) -> Response:
    """HNSCall POST /policylists/."""
    asked = policy_list_from_v1(await body(request), strict=is_strict(request))
    made: PolicyList
    if isinstance(asked, HostComputeLoadBalancer):
        made = await call(request, loadbalancers.create_load_balancer, asked)
    elif isinstance(asked, HostComputeRoute):
        made = await call(request, routes.create_sdn_route, asked)
    else:
        made = await call(request, policylists.create_policy_list, asked)
    return await reply_fact(request, made)


@both_slashes(router, "GET", "/policylists/{id}")
async def get_hns_policy_list(request: Request) -> Response:
    """HNSCall GET /policylists/{id}."""
    found = await call(request, policylists.get_policy_list, object_id(request))
    return await reply_fact(request, found)


@both_slashes(router, "DELETE", "/policylists/{id}")
async def delete_hns_policy_list(request: Request) -> Response:
    """HNSCall DELETE /policylists/{id}."""
    await call(request, policylists.delete_policy_list, object_id(request))
    return await reply(request, None)
