"""Load balancers, SDN routes and plain policy lists as HCN documents."""

from hnsemu.domain.policylists import PolicyList, PortMapping, SdnRoute
from hnsemu.domain.releases import Release
from hnsemu.schema.kept_policies import kept_policies
from hnsemu.schema.resources import policy_list_resources
from hnsemu.schema.v2.render_base import base_document


def load_balancer_document(balancer: PolicyList, release: Release) -> dict[str, object]:
    """Return the document of a load balancer, without empty members.

    Source: S:v2-loadbalancer-create-result-hns9.2 [O].
    """
    document = _with_endpoints(balancer, release)
    if balancer.source_vip:
        document["SourceVIP"] = balancer.source_vip
    if balancer.frontend_vips:
        document["FrontendVIPs"] = list(balancer.frontend_vips)
    document["PortMappings"] = [_mapping(mapping) for mapping in balancer.port_mappings]
    if balancer.flags:
        document["Flags"] = balancer.flags
    return document


def sdn_route_document(routes: PolicyList, release: Release) -> dict[str, object]:
    """Return the document of a list of SDN routes, without empty members."""
    document = _with_endpoints(routes, release)
    document["Routes"] = [_route(route) for route in routes.routes]
    return document


def policy_list_document(policy_list: PolicyList, release: Release) -> dict[str, object]:
    """Return the document of a policy list of any kind, with its policies in their flat form."""
    document = _base(policy_list, release)
    document["References"] = [f"/endpoints/{reference}" for reference in policy_list.references]
    document["Policies"] = kept_policies(policy_list)
    return document


def _base(policy_list: PolicyList, release: Release) -> dict[str, object]:
    return base_document(policy_list, {"Resources": policy_list_resources(policy_list, release)})


def _with_endpoints(policy_list: PolicyList, release: Release) -> dict[str, object]:
    """Return the members that load balancers and SDN routes share, with ids in the case sent."""
    document = _base(policy_list, release)
    if policy_list.network:
        document["HostComputeNetwork"] = policy_list.network
    if policy_list.references:
        document["HostComputeEndpoints"] = list(policy_list.references)
    return document


def _mapping(mapping: PortMapping) -> dict[str, int]:
    """Return one port mapping; zeros are left out, and numbers stay numbers (Go reads uint32)."""
    members = {
        "Protocol": mapping.protocol,
        "InternalPort": mapping.internal_port,
        "ExternalPort": mapping.external_port,
        "DistributionType": mapping.distribution_type,
        "Flags": mapping.flags,
    }
    return {name: value for name, value in members.items() if value}


def _route(route: SdnRoute) -> dict[str, object]:
    members = {
        "DestinationPrefix": route.destination_prefix,
        "NextHop": route.next_hop,
        "NeedEncap": route.need_encap,
        "AutomaticEndpointMonitor": route.automatic_endpoint_monitor,
    }
    return {name: value for name, value in members.items() if value}
