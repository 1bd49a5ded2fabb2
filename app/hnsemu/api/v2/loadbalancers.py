"""/v2/loadbalancers: HcnEnumerateLoadBalancers, HcnCreateLoadBalancer, HcnModifyLoadBalancer, …."""

from fastapi import APIRouter, Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import body, call, is_strict, object_id
from hnsemu.api.openapi import ID, LIST, QUERY, operation
from hnsemu.api.v2.rendering import show, show_list, show_queried
from hnsemu.schema.base import parse
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.modify_loadbalancers import read_load_balancer_change
from hnsemu.services import loadbalancers

router = APIRouter(tags=["loadbalancers"])


@router.get(
    "/loadbalancers", **operation(gives=HostComputeLoadBalancer, many=True, parameters=LIST)
)
async def list_load_balancers(request: Request) -> Response:
    """HcnEnumerateLoadBalancers, with a query on each."""
    return await show_list(request, loadbalancers.list_load_balancers)


@router.post(
    "/loadbalancers",
    **operation(takes=HostComputeLoadBalancer, gives=HostComputeLoadBalancer, status=201),
)
async def create_load_balancer(request: Request) -> Response:
    """HcnCreateLoadBalancer."""
    asked = parse(HostComputeLoadBalancer, await body(request), strict=is_strict(request))
    made, answer = await show(request, loadbalancers.create_load_balancer, asked)
    return answers.created(request, answer, "loadbalancers", made.id)


@router.get(
    "/loadbalancers/{id}", **operation(gives=HostComputeLoadBalancer, parameters=[ID, QUERY])
)
async def get_load_balancer(request: Request) -> Response:
    """HcnOpenLoadBalancer and HcnQueryLoadBalancerProperties; a Filter is ignored."""
    return await show_queried(request, loadbalancers.get_load_balancer, object_id(request))


@router.patch(
    "/loadbalancers/{id}",
    **operation(takes=HostComputeLoadBalancer, gives=HostComputeLoadBalancer, parameters=[ID]),
)
async def modify_load_balancer(request: Request) -> Response:
    """HcnModifyLoadBalancer: the whole document anew."""
    asked = read_load_balancer_change(await body(request), strict=is_strict(request))
    return (await show(request, loadbalancers.modify_load_balancer, object_id(request), asked))[1]


@router.delete("/loadbalancers/{id}", **operation(status=204, parameters=[ID]))
async def delete_load_balancer(request: Request) -> Response:
    """HcnDeleteLoadBalancer."""
    await call(request, loadbalancers.delete_load_balancer, object_id(request))
    return answers.nothing()
