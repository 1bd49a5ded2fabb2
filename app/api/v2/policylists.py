"""/v2/policylists: HostComputePolicyList; load balancers and SDN routes show here too."""

from fastapi import APIRouter, Request, Response

from app.api import answers
from app.api.deps import body, call, is_strict, object_id, page, query, view
from app.api.openapi import ID, LIST, QUERY, operation
from app.api.v2.rendering import render
from app.schema.v1 import dialect
from app.schema.v2.policylists import HostComputePolicyList
from app.services import policylists

router = APIRouter(tags=["policylists"])


@router.get("/policylists", **operation(gives=HostComputePolicyList, many=True, parameters=LIST))
async def list_policy_lists(request: Request) -> Response:
    """HcnEnumerateLoadBalancers, with a query on each."""
    wanted = query(request)
    found = await call(request, policylists.list_policy_lists, wanted, *page(request))
    if view(request):
        return answers.document([each.id for each in found])
    return answers.document([await render(request, each, wanted) for each in found])


@router.post(
    "/policylists",
    **operation(takes=HostComputePolicyList, gives=HostComputePolicyList, status=201),
)
async def create_policy_list(request: Request) -> Response:
    """HcnCreateLoadBalancer for a plain policy list."""
    asked = dialect.plain_policy_list(await body(request), strict=is_strict(request))
    made = await call(request, policylists.create_policy_list, asked)
    shown = answers.document(await render(request, made))
    return answers.created(request, shown, "policylists", made.id)


@router.get("/policylists/{id}", **operation(gives=HostComputePolicyList, parameters=[ID, QUERY]))
async def get_policy_list(request: Request) -> Response:
    """HcnOpenLoadBalancer and HcnQueryLoadBalancerProperties; a Filter is ignored."""
    found = await call(request, policylists.get_policy_list, object_id(request))
    return answers.document(await render(request, found, query(request)))


@router.patch(
    "/policylists/{id}",
    **operation(takes=HostComputePolicyList, gives=HostComputePolicyList, parameters=[ID]),
)
async def modify_policy_list(request: Request) -> Response:
    """HcnModifyLoadBalancer, which plain policy lists refuse."""
    dialect.plain_policy_list(await body(request), strict=is_strict(request))
    changed = await call(request, policylists.modify_policy_list, object_id(request))
    return answers.document(await render(request, changed))


@router.delete("/policylists/{id}", **operation(status=204, parameters=[ID]))
async def delete_policy_list(request: Request) -> Response:
    """HcnDeleteLoadBalancer."""
    await call(request, policylists.delete_policy_list, object_id(request))
    return answers.nothing()
