"""What the policies of a new network and of its subnets come to, beside what they are."""

from dataclasses import replace

from hnsemu.domain.network_creation import NetworkRequest
from hnsemu.domain.network_rules import Flag
from hnsemu.domain.subnets import SubnetRequest
from hnsemu.errors import HnsError
from hnsemu.policies.interface import switch_request, wanted_extensions
from hnsemu.policies.isolation import router_mac
from hnsemu.policies.model import PolicyContext
from hnsemu.policies.requests import check_on_subnet


def read_network(request: NetworkRequest, context: PolicyContext) -> NetworkRequest:
    """Return the request with the switch, extensions and router that its policies want."""
    is_isolated = bool(request.flags & Flag.ISOLATE_VSWITCH)
    return replace(
        request,
        switch=switch_request(request.policies, is_isolated=is_isolated),
        extensions=wanted_extensions(request.policies),
        dr_mac=router_mac(request.policies),
        subnets=tuple(read_subnet(subnet, context) for subnet in request.subnets),
    )


def read_subnet(request: SubnetRequest, context: PolicyContext) -> SubnetRequest:
    """Return the request with the refusal of its policies, if there is one."""
    try:
        check_on_subnet(request.policies, context)
    except HnsError as refusal:
        return replace(request, refusal=refusal)
    return request
