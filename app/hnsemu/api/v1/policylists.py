"""HNSCall /policylists."""

from typing import Annotated

from fastapi import Request, Response

from hnsemu.api.declarations import JsonBody
from hnsemu.api.pace import Pace
from hnsemu.api.parameters import PolicyListId
from hnsemu.api.router import Router
from hnsemu.api.v1.replies import hns_call, reply, reply_fact, reply_facts
from hnsemu.schema.v1.dialect import policy_list_from_v1
from hnsemu.schema.v1.policylists import AnyPolicyList, HNSPolicyList
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.routes import HostComputeRoute
from hnsemu.services import loadbalancers, policylists, routes

router = Router()

_PolicyListBody = Annotated[AnyPolicyList, JsonBody(HNSPolicyList, policy_list_from_v1)]


@hns_call(router, "GET", "/policylists")
async def list_hns_policy_lists(request: Request) -> Response:
    """HNSCall GET /policylists/: load balancers, SDN routes and plain lists."""
    return await reply_facts(request, policylists.list_policy_lists)


@hns_call(router, "POST", "/policylists", pace=Pace.STEEP)
async def create_hns_policy_list(request: Request, document: _PolicyListBody) -> Response:
    """HNSCall POST /policylists/."""
    if isinstance(document, HostComputeLoadBalancer):
        return await reply_fact(request, loadbalancers.create_load_balancer, document)
    if isinstance(document, HostComputeRoute):
        return await reply_fact(request, routes.create_sdn_route, document)
    return await reply_fact(request, policylists.create_policy_list, document)


@hns_call(router, "GET", "/policylists/{id}")
async def get_hns_policy_list(request: Request, policy_list_id: PolicyListId) -> Response:
    """HNSCall GET /policylists/{id}."""
    return await reply_fact(request, policylists.get_policy_list, policy_list_id)


@hns_call(router, "DELETE", "/policylists/{id}")
async def delete_hns_policy_list(request: Request, policy_list_id: PolicyListId) -> Response:
    """HNSCall DELETE /policylists/{id}."""
    return await reply(request, policylists.delete_policy_list, policy_list_id)
