"""/v2/loadbalancers: HcnEnumerateLoadBalancers, HcnCreateLoadBalancer, HcnModifyLoadBalancer, …."""

from typing import Annotated

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.declarations import JsonBody
from hnsemu.api.deps import call
from hnsemu.api.pace import Pace
from hnsemu.api.parameters import Body, Listing, LoadBalancerId, Query
from hnsemu.api.router import Router
from hnsemu.api.v2.rendering import show, show_list, show_queried
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.modify_loadbalancers import LoadBalancerChange, read_load_balancer_change
from hnsemu.services import loadbalancers

router = Router(prefix="/v2", tags=["loadbalancers"])

_ChangeBody = Annotated[
    LoadBalancerChange, JsonBody(HostComputeLoadBalancer, read_load_balancer_change)
]


@router.operation("GET", "/loadbalancers", gives=HostComputeLoadBalancer, many=True)
async def list_load_balancers(request: Request, listing: Listing) -> Response:
    """HcnEnumerateLoadBalancers, and HcnQueryLoadBalancerProperties for each one found."""
    return await show_list(request, loadbalancers.list_load_balancers, listing)


@router.operation(
    "POST", "/loadbalancers", gives=HostComputeLoadBalancer, status=201, pace=Pace.STEEP
)
async def create_load_balancer(
    request: Request, document: Body[HostComputeLoadBalancer]
) -> Response:
    """HcnCreateLoadBalancer."""
    balancer, answer = await show(request, loadbalancers.create_load_balancer, document)
    return answers.created(request, answer, "loadbalancers", balancer.id)


@router.operation("GET", "/loadbalancers/{id}", gives=HostComputeLoadBalancer)
async def get_load_balancer(
    request: Request, load_balancer_id: LoadBalancerId, query: Query
) -> Response:
    """HcnOpenLoadBalancer and HcnQueryLoadBalancerProperties. A Filter in the query is ignored."""
    return await show_queried(request, query, loadbalancers.get_load_balancer, load_balancer_id)


@router.operation("PATCH", "/loadbalancers/{id}", gives=HostComputeLoadBalancer, pace=Pace.STEEP)
async def modify_load_balancer(
    request: Request, change: _ChangeBody, load_balancer_id: LoadBalancerId
) -> Response:
    """HcnModifyLoadBalancer. The document replaces the load balancer."""
    modify = loadbalancers.modify_load_balancer
    _, answer = await show(request, modify, load_balancer_id, change)
    return answer


@router.operation("DELETE", "/loadbalancers/{id}", status=204)
async def delete_load_balancer(request: Request, load_balancer_id: LoadBalancerId) -> Response:
    """HcnDeleteLoadBalancer."""
    await call(request, loadbalancers.delete_load_balancer, load_balancer_id)
    return answers.nothing()
