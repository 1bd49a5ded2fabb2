"""Endpoints as HCN documents."""

from collections.abc import Iterable

import orjson

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.facts import Dns, Policy, Route
from hnsemu.domain.guid import ZERO
from hnsemu.domain.releases import Release
from hnsemu.schema.resources import endpoint_resources
from hnsemu.schema.v2.render_base import base_document

_ZERO_NAMESPACES = ((9, 0), (13, 0))


def endpoint_document(endpoint: Endpoint, release: Release) -> dict[str, object]:
    """Return the document of an endpoint, without empty members.

    Source: hns-behaviour.md section 3.3: schema order [O], zeros dropped [C].
    """
    extra: dict[str, object] = {"Resources": endpoint_resources(endpoint, release)}
    if endpoint.shared_containers:
        extra["SharedContainers"] = list(endpoint.shared_containers)
    if endpoint.virtual_machine:
        extra["VirtualMachine"] = endpoint.virtual_machine
    document = base_document(endpoint, extra)
    document["HostComputeNetwork"] = endpoint.network_id
    document |= _without_empty(HostComputeNamespace=_namespace(endpoint, release))
    if endpoint.policies:
        document["Policies"] = policy_documents(endpoint.policies)
    if endpoint.ip_configurations:
        document["IpConfigurations"] = [
            _without_empty(
                IpAddress=configuration.ip_address,
                PrefixLength=configuration.prefix_length,
                IpSubnetId=configuration.ip_subnet_id,
            )
            for configuration in endpoint.ip_configurations
        ]
    if endpoint.dns:
        document["Dns"] = dns_document(endpoint.dns)
    if endpoint.routes:
        document["Routes"] = route_documents(endpoint.routes)
    if endpoint.mac_address:
        document["MacAddress"] = endpoint.mac_address
    if endpoint.flags:
        document["Flags"] = endpoint.flags
    return document


def _namespace(endpoint: Endpoint, release: Release) -> str:
    """Return the namespace; none is zeros from 1809 to 20H2. Source: antrea#2301 [O]."""
    first, end = _ZERO_NAMESPACES
    none = ZERO if first <= release.hns < end else ""
    return endpoint.namespace_id or none


def endpoint_text(endpoint: Endpoint, release: Release) -> str:
    """Return the answer for one endpoint as JSON text."""
    return orjson.dumps(endpoint_document(endpoint, release)).decode()


def policy_documents(policies: Iterable[Policy]) -> list[dict[str, object]]:
    """Return policies, with their settings as sent."""
    return [
        {"Type": policy.type, "Settings": orjson.Fragment(policy.settings)} for policy in policies
    ]


def dns_document(dns: Dns) -> dict[str, object]:
    """Return the DNS settings that are not empty."""
    return _without_empty(
        Domain=dns.domain,
        Search=list(dns.search),
        ServerList=list(dns.server_list),
        Options=list(dns.options),
    )


def route_documents(routes: Iterable[Route]) -> list[dict[str, object]]:
    """Return routes as sent."""
    return [
        _without_empty(
            NextHop=route.next_hop,
            DestinationPrefix=route.destination_prefix,
            Metric=route.metric,
        )
        for route in routes
    ]


def _without_empty(**members: object) -> dict[str, object]:
    return {name: value for name, value in members.items() if value}
