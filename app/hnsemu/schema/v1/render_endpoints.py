"""Endpoints as HNS 1 prints them: sorted up to 12.x, in the order of the schema from 13.x on.

Source: hns-behaviour.md section 2.3 and the captured endpoints; the order behind DNSSuffix from a
listing of 13.3 (RKE2), that of Flags from one of 15.0 (NanaBox) [O].
"""

import orjson

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.guid import ZERO
from hnsemu.domain.namespaces import HOST_COMPARTMENT_GUID
from hnsemu.domain.releases import Release
from hnsemu.domain.stats import EndpointStats
from hnsemu.schema.flat_policies import ENDPOINT_MEMBERS, Flat
from hnsemu.schema.resources import endpoint_resources, health
from hnsemu.schema.v1 import policies
from hnsemu.schema.v1.earlier import as_printed_by
from hnsemu.schema.v1.endpoints import FLAG_MEMBERS
from hnsemu.schema.v1.spelling import Case, Spell, ordered, spell_endpoint_ids, without_empty
from hnsemu.schema.v2.endpoint_views import addresses_document, stats_document

_SCHEMA_ORDER_SINCE = (13, 0)
_ZEROS_SINCE = (9, 0)
_LOW_METRIC_SINCE = (9, 2)
_OVERHEAD_SINCE = (9, 2)
_GATEWAYS = {"0.0.0.0/0": "GatewayAddress", "::/0": "GatewayAddressV6"}


def endpoint_v1(endpoint: Endpoint, release: Release, case: Case) -> dict[str, object]:
    """Return the endpoint as HNS 1 prints it on this release.

    HNS 1 has no member for further addresses of a family, routes other than the gateways, DNS
    options, Owner and SchemaVersion.
    """
    spell = spell_endpoint_ids(release, case)
    if release.hns >= _SCHEMA_ORDER_SINCE:
        return _in_schema_order(endpoint, release, spell)
    document = ordered(_sorted_members(endpoint, release, spell), release)
    return as_printed_by(release, document, spell)


def assigned_v1(endpoint: Endpoint) -> dict[str, object]:
    """Return what HNS assigned to an endpoint, in the members that every release prints alike.

    They are MacAddress, addresses, gateways and Policies.
    """
    policies, mac = _shown_policies(endpoint), endpoint.mac_address
    own = without_empty({"Policies": policies, "MacAddress": mac})
    return own | _addresses(endpoint) | _gateways(endpoint)


def stats_v1(stats: EndpointStats, release: Release, case: Case) -> dict[str, object]:
    """Return the counters of an endpoint. Source: hns-behaviour.md section 2.6 [C]."""
    spell = spell_endpoint_ids(release, case)
    ids = {"EndpointId": spell(stats.endpoint_id), "InstanceId": spell(stats.instance_id)}
    return stats_document(stats) | ids


def addresses_v1(endpoint: Endpoint, release: Release, case: Case) -> dict[str, object]:
    """Return the addresses of the endpoint, as HCN 2 shows them [I]."""
    spell = spell_endpoint_ids(release, case)
    return addresses_document(endpoint) | {"EndpointId": spell(endpoint.id)}


def _in_schema_order(endpoint: Endpoint, release: Release, spell: Spell) -> dict[str, object]:
    document: dict[str, object] = {
        "ID": spell(endpoint.id),
        "Name": endpoint.name,
        "Version": endpoint.version,
        "AdditionalParams": orjson.Fragment(endpoint.additional_params),
        "Resources": endpoint_resources(endpoint, release),
        "State": int(endpoint.state),
        "VirtualNetwork": spell(endpoint.network_id),
        "VirtualNetworkName": endpoint.network_name,
    }
    members = without_empty({"Policies": _shown_policies(endpoint)})
    members |= without_empty({"MacAddress": endpoint.mac_address})
    members |= _flags(endpoint) | _addresses(endpoint) | _gateways(endpoint)
    if endpoint.ip_configurations and endpoint.ip_configurations[0].ip_subnet_id:
        members["IPSubnetId"] = spell(endpoint.ip_configurations[0].ip_subnet_id)
    members |= _dns(endpoint)
    if endpoint.namespace_id:
        members["Namespace"] = {"ID": spell(endpoint.namespace_id)}
    members |= without_empty({"EncapOverhead": endpoint.encap_overhead})
    members["SharedContainers"] = list(endpoint.shared_containers)
    members |= _by_policies(endpoint) | _by_attachment(endpoint)
    return document | members


def _sorted_members(endpoint: Endpoint, release: Release, spell: Spell) -> dict[str, object]:
    document: dict[str, object] = {
        "ActivityId": spell(endpoint.activity_id),
        "AdditionalParams": orjson.Fragment(endpoint.additional_params),
        "Health": health(endpoint.updated),
        "ID": spell(endpoint.id),
        "Name": endpoint.name,
        "Policies": _shown_policies(endpoint),
        "Resources": endpoint_resources(endpoint, release),
        "SharedContainers": list(endpoint.shared_containers),
        "State": int(endpoint.state),
        "Type": endpoint.network_type_text,
        "Version": endpoint.version,
        "VirtualNetwork": spell(endpoint.network_id),
        "VirtualNetworkName": endpoint.network_name,
    }
    if release.hns >= _OVERHEAD_SINCE:
        document["EncapOverhead"] = endpoint.encap_overhead
    document |= without_empty({"MacAddress": endpoint.mac_address}) | _flags(endpoint)
    document |= _addresses(endpoint) | _gateways(endpoint) | _dns(endpoint)
    if endpoint.is_remote and release.hns < _ZEROS_SINCE:
        document = _without_full_lengths(document)
    document |= _by_place(endpoint, release) | _by_policies(endpoint) | _by_attachment(endpoint)
    if endpoint.namespace_id:
        document["Namespace"] = {
            "ID": spell(endpoint.namespace_id),
            "IsDefault": endpoint.compartment_guid == HOST_COMPARTMENT_GUID,
        }
    if "EnableInternalDNS" in document and release.hns >= _LOW_METRIC_SINCE:
        document["EnableLowInterfaceMetric"] = True
    return document


def _by_place(endpoint: Endpoint, release: Release) -> dict[str, object]:
    """Return the members of local endpoints only, or of remote ones: zeros for what they lack.

    Source: S:endpoint-remote-l2bridge-hns9, acs-engine#1903 [O].
    """
    if not endpoint.is_remote:
        return {"CreateProcessingStartTime": endpoint.created}
    if release.hns < _ZEROS_SINCE:
        return {}
    return {
        "InterfaceConstraint": {"InterfaceGuid": ZERO},
        "Namespace": {"CompartmentGuid": ZERO, "ID": ZERO},
    }


def _shown_policies(endpoint: Endpoint) -> list[Flat]:
    return policies.all_to_v1(
        policy for policy in endpoint.policies if not policies.member_of(ENDPOINT_MEMBERS, policy)
    )


def _by_policies(endpoint: Endpoint) -> dict[str, object]:
    members: dict[str, object] = {}
    for policy in endpoint.policies:
        members |= policies.member_of(ENDPOINT_MEMBERS, policy)
    members.pop("EncapOverhead", None)  # has a place of its own
    return members


def _flags(endpoint: Endpoint) -> dict[str, object]:
    others = endpoint.flags & ~sum(FLAG_MEMBERS.values())
    named = {name: bool(endpoint.flags & bit) for name, bit in FLAG_MEMBERS.items()}
    return without_empty({"Flags": others, **named})


def _addresses(endpoint: Endpoint) -> dict[str, object]:
    members: dict[str, object] = {}
    for configuration in endpoint.ip_configurations:
        address, length = ("IPAddress", "PrefixLength")
        if ":" in configuration.ip_address:
            address, length = ("IPv6Address", "IPv6PrefixLength")
        if address not in members:
            members |= {address: configuration.ip_address, length: configuration.prefix_length}
    return members


def _without_full_lengths(document: dict[str, object]) -> dict[str, object]:
    """Return the document of a remote endpoint before 1809: outside its subnets without a length.

    Source: acs-engine#4227 [O].
    """
    full = {"PrefixLength": 32, "IPv6PrefixLength": 128}
    return {name: value for name, value in document.items() if full.get(name) != value}


def _gateways(endpoint: Endpoint) -> dict[str, object]:
    members: dict[str, object] = {}
    for route in endpoint.routes:
        name = _GATEWAYS.get(route.destination_prefix)
        if name and route.next_hop:
            members.setdefault(name, route.next_hop)
    return members


def _dns(endpoint: Endpoint) -> dict[str, object]:
    return without_empty(
        {
            "DNSDomain": endpoint.dns.domain,
            "DNSServerList": ",".join(endpoint.dns.server_list),
            "DNSSuffix": ",".join(endpoint.dns.search),
        }
    )


def _by_attachment(endpoint: Endpoint) -> dict[str, object]:
    return without_empty(
        {"StartTime": endpoint.started, "VirtualMachine": endpoint.virtual_machine}
    )
