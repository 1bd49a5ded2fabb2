"""The policies of a policy list in the flat form HNS keeps them in, whatever dialect asked.

A load balancer is a list of ELB policies, an SDN route a list of ROUTE policies.
Source: hns-behaviour.md section 4.1, S:v1-policylist-elb-made-by-v2-hns9.2 [O]; LocalRoutedVip:
networkhealth.ps1 and captureNetworkFlows.ps1 of microsoft/SDN, which tell node ports by it [D].
"""

import orjson

from hnsemu.domain.loadbalancers import DIRECT_SERVER_RETURN, INTERNAL, LOCAL_ROUTED_VIP
from hnsemu.domain.policylists import PolicyList, PolicyListKind, PortMapping, SdnRoute


def kept_policies(policy_list: PolicyList) -> list[object]:
    """Return the policies, keys sorted as in every capture; those of plain lists as sent."""
    if policy_list.kind is PolicyListKind.LOAD_BALANCER:
        return [_elb(policy_list, mapping) for mapping in policy_list.port_mappings]
    if policy_list.kind is PolicyListKind.ROUTE:
        return [_route(route) for route in policy_list.routes]
    return [orjson.Fragment(text) for text in policy_list.policies]


def _elb(balancer: PolicyList, mapping: PortMapping) -> dict[str, object]:
    policy: dict[str, object] = {"ExternalPort": mapping.external_port}
    if mapping.flags & INTERNAL:
        policy["ILB"] = True
    policy["InternalPort"] = mapping.internal_port
    if balancer.flags & DIRECT_SERVER_RETURN:
        policy["IsDSR"] = True
    if mapping.flags & LOCAL_ROUTED_VIP:
        policy["LocalRoutedVip"] = True
    if mapping.protocol:
        policy["Protocol"] = mapping.protocol
    if balancer.source_vip:
        policy["SourceVIP"] = balancer.source_vip
    policy["Type"] = "ELB"
    if balancer.frontend_vips:
        policy["VIPs"] = list(balancer.frontend_vips)
    return policy


def _route(route: SdnRoute) -> dict[str, object]:
    policy: dict[str, object] = {}
    if route.automatic_endpoint_monitor:
        policy["AutomaticEndpointMonitor"] = True
    policy["DestinationPrefix"] = route.destination_prefix
    if route.need_encap:
        policy["NeedEncap"] = True
    if route.next_hop:
        policy["NextHop"] = route.next_hop
    policy["Type"] = "ROUTE"
    return policy
