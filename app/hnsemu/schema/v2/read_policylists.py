"""Read documents of load balancers, routes and policy lists into values of the domain."""

from hnsemu.domain.loadbalancers import LoadBalancerContent
from hnsemu.domain.policylists import PortMapping, SdnRoute
from hnsemu.schema.enums import LoadBalancerDistribution
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer, LoadBalancerPortMapping
from hnsemu.schema.v2.policies.route import SDNRoutePolicySetting
from hnsemu.schema.v2.policylists import HostComputePolicyList
from hnsemu.schema.v2.routes import HostComputeRoute

_DISTRIBUTIONS = {name: number for number, name in enumerate(LoadBalancerDistribution)}


def load_balancer_content(document: HostComputeLoadBalancer) -> LoadBalancerContent:
    """Return the members that the document has; an empty VIP is left out."""
    content = LoadBalancerContent()
    if document.name is not None:
        content["name"] = document.name
    if document.owner is not None:
        content["owner"] = document.owner
    if document.host_compute_network is not None:
        content["network"] = document.host_compute_network
    if document.host_compute_endpoints is not None:
        content["references"] = document.host_compute_endpoints
    if document.source_vip is not None:
        content["source_vip"] = document.source_vip
    if document.frontend_vips is not None:
        content["frontend_vips"] = tuple(vip for vip in document.frontend_vips if vip)
    if document.port_mappings is not None:
        mappings = document.port_mappings
        content["port_mappings"] = tuple(_port_mapping(mapping) for mapping in mappings)
    if document.flags is not None:
        content["flags"] = document.flags
    return content


def sdn_routes(document: HostComputeRoute) -> tuple[SdnRoute, ...]:
    """Return the routes of a document."""
    return tuple(sdn_route(route) for route in document.routes or ())


def sdn_route(document: SDNRoutePolicySetting) -> SdnRoute:
    """Return the route of a list, or of a policy."""
    return SdnRoute(
        destination_prefix=document.destination_prefix or "",
        next_hop=document.next_hop or "",
        need_encap=document.need_encap or False,
        automatic_endpoint_monitor=document.automatic_endpoint_monitor or False,
    )


def references(document: HostComputePolicyList) -> tuple[str, ...]:
    """Return the endpoints that a plain policy list refers to, without "/endpoints/"."""
    return tuple(text.removeprefix("/endpoints/") for text in document.references or ())


def _port_mapping(document: LoadBalancerPortMapping) -> PortMapping:
    distribution = document.distribution_type or LoadBalancerDistribution.NONE
    return PortMapping(
        protocol=document.protocol or 0,
        internal_port=document.internal_port or 0,
        external_port=document.external_port or 0,
        distribution_type=_DISTRIBUTIONS[distribution],
        flags=document.flags or 0,
    )
