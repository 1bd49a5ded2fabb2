"""/v2/policylists: HostComputePolicyList; load balancers and SDN routes show here too."""

from fastapi import APIRouter, Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import body, call, is_strict, object_id
from hnsemu.api.openapi import ID, LIST, QUERY, operation
from hnsemu.api.v2.rendering import show, show_list, show_queried
from hnsemu.schema.v1 import dialect
from hnsemu.schema.v2.policylists import HostComputePolicyList
from hnsemu.services import policylists

router = APIRouter(tags=["policylists"])


@router.get("/policylists", **operation(gives=HostComputePolicyList, many=True, parameters=LIST))
async def list_policy_lists(request: Request) -> Response:
    """HcnEnumerateLoadBalancers, with a query on each."""
    return await show_list(request, policylists.list_policy_lists)


@router.post(
    "/policylists",
    **operation(takes=HostComputePolicyList, gives=HostComputePolicyList, status=201),
)
async def create_policy_list(request: Request) -> Response:
    """HcnCreateLoadBalancer for a plain policy list."""
    asked = dialect.plain_policy_list(await body(request), strict=is_strict(request))
    made, answer = await show(request, policylists.create_policy_list, asked)
    return answers.created(request, answer, "policylists", made.id)


@router.get("/policylists/{id}", **operation(gives=HostComputePolicyList, parameters=[ID, QUERY]))
async def get_policy_list(request: Request) -> Response:
    """HcnOpenLoadBalancer and HcnQueryLoadBalancerProperties; a Filter is ignored."""
    return await show_queried(request, policylists.get_policy_list, object_id(request))


@router.patch(
    "/policylists/{id}",
    **operation(takes=HostComputePolicyList, gives=HostComputePolicyList, parameters=[ID]),
)
async def modify_policy_list(request: Request) -> Response:
    """HcnModifyLoadBalancer, which plain policy lists refuse."""
    dialect.plain_policy_list(await body(request), strict=is_strict(request))
    return (await show(request, policylists.modify_policy_list, object_id(request)))[1]


@router.delete("/policylists/{id}", **operation(status=204, parameters=[ID]))
async def delete_policy_list(request: Request) -> Response:
    """HcnDeleteLoadBalancer."""
    await call(request, policylists.delete_policy_list, object_id(request))
    return answers.nothing()
