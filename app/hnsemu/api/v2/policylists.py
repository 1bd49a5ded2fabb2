"""/v2/policylists: HostComputePolicyList; load balancers and SDN routes are listed here too."""

from typing import Annotated

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.declarations import JsonBody
from hnsemu.api.deps import call
from hnsemu.api.pace import Pace
from hnsemu.api.parameters import Listing, PolicyListId, Query
from hnsemu.api.router import Router
from hnsemu.api.v2.rendering import show, show_list, show_queried
from hnsemu.schema.v1 import dialect
from hnsemu.schema.v2.policylists import HostComputePolicyList
from hnsemu.services import policylists

router = Router(prefix="/v2", tags=["policylists"])

_PolicyListBody = Annotated[HostComputePolicyList, JsonBody(read=dialect.plain_policy_list)]


@router.operation("GET", "/policylists", gives=HostComputePolicyList, many=True)
async def list_policy_lists(request: Request, listing: Listing) -> Response:
    """HcnEnumerateLoadBalancers, and HcnQueryLoadBalancerProperties for each list found."""
    return await show_list(request, policylists.list_policy_lists, listing)


@router.operation("POST", "/policylists", gives=HostComputePolicyList, status=201, pace=Pace.STEEP)
async def create_policy_list(request: Request, document: _PolicyListBody) -> Response:
    """HcnCreateLoadBalancer for a plain policy list."""
    policy_list, answer = await show(request, policylists.create_policy_list, document)
    return answers.created(request, answer, "policylists", policy_list.id)


@router.operation("GET", "/policylists/{id}", gives=HostComputePolicyList)
async def get_policy_list(request: Request, policy_list_id: PolicyListId, query: Query) -> Response:
    """HcnOpenLoadBalancer and HcnQueryLoadBalancerProperties. A Filter in the query is ignored."""
    return await show_queried(request, query, policylists.get_policy_list, policy_list_id)


@router.operation("PATCH", "/policylists/{id}", gives=HostComputePolicyList, pace=Pace.STEEP)
async def modify_policy_list(
    request: Request,
    document: _PolicyListBody,  # noqa: ARG001 (it must be readable, the refusal comes after)
    policy_list_id: PolicyListId,
) -> Response:
    """HcnModifyLoadBalancer, which is refused for plain policy lists."""
    _, answer = await show(request, policylists.modify_policy_list, policy_list_id)
    return answer


@router.operation("DELETE", "/policylists/{id}", status=204)
async def delete_policy_list(request: Request, policy_list_id: PolicyListId) -> Response:
    """HcnDeleteLoadBalancer."""
    await call(request, policylists.delete_policy_list, policy_list_id)
    return answers.nothing()
