"""The two documents that change a load balancer: all of it, or a request about a part of it."""

from collections.abc import Mapping
from typing import Any

from hnsemu.schema.base import parse
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.modify import ModifySettingRequest


class ModifyLoadBalancerSettingRequest(ModifySettingRequest):
    """The request hns.v2.psm1 sends; the published schema has none. Source: section 3.5 [C]."""

    resource_type: Any = None
    settings: HostComputeLoadBalancer | None = None


LoadBalancerChange = HostComputeLoadBalancer | ModifyLoadBalancerSettingRequest


def read_load_balancer_change(data: object, *, strict: bool = False) -> LoadBalancerChange:
    """Return `data` as the request it is, else as a whole load balancer.

    Raises: HCN_E_INVALID_JSON, HCN_E_INVALID_POLICY.
    """
    if isinstance(data, Mapping) and data.keys() & {"RequestType", "ResourceType", "Settings"}:
        return parse(ModifyLoadBalancerSettingRequest, data, strict=strict)
    return parse(HostComputeLoadBalancer, data, strict=strict)
