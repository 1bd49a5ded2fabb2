"""Endpoints in HNS 1: read into HCN 2, rendered from facts."""

from typing import Any, ClassVar

import orjson
from pydantic import Field

from app.domain.attachments import Attachment, SystemType
from app.domain.endpoints import Endpoint, IpConfiguration
from app.domain.guid import ZERO
from app.domain.releases import Release
from app.errors import HnsError, Hr
from app.schema.base import Document, Guid, Uint8, Uint16
from app.schema.resources import endpoint_resources, health
from app.schema.v1 import policies
from app.schema.v1.casing import Case, Spell, ordered, spell_endpoint_ids
from app.schema.v1.networks import comma_list
from app.schema.v2.endpoints import HostComputeEndpoint

_REMOTE, _DISABLE_ICC, _LOW_METRIC, _INTERNAL_DNS = 1, 2, 8, 16
_EVERYWHERE = {"0.0.0.0/0": "GatewayAddress", "::/0": "GatewayAddressV6"}
_SCHEMA_ORDER_SINCE = (13, 0)


class HNSEndpoint(Document):
    """An endpoint as HNSCall takes it; everything else it may hold is read-only and ignored."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_ENDPOINT

    id: Guid | None = Field(default=None, alias="ID")
    name: str | None = None
    owner: str | None = None
    virtual_network: Guid | None = None
    virtual_network_name: str | None = None
    policies: tuple[dict[str, Any], ...] | None = None
    mac_address: str | None = None
    ip_address: str | None = Field(default=None, alias="IPAddress")
    prefix_length: Uint8 | None = None
    ip_subnet_id: Guid | None = Field(default=None, alias="IPSubnetId")
    ipv6_address: str | None = Field(default=None, alias="IPv6Address")
    ipv6_prefix_length: Uint8 | None = Field(default=None, alias="IPv6PrefixLength")
    gateway_address: str | None = None
    gateway_address_v6: str | None = None
    dns_suffix: str | None = Field(default=None, alias="DNSSuffix")
    dns_server_list: str | None = Field(default=None, alias="DNSServerList")
    dns_domain: str | None = Field(default=None, alias="DNSDomain")
    is_remote_endpoint: bool | None = None
    disable_icc: bool | None = Field(default=None, alias="DisableICC")
    enable_low_metric: bool | None = None
    enable_low_interface_metric: bool | None = None
    enable_internal_dns: bool | None = Field(default=None, alias="EnableInternalDNS")
    additional_params: dict[str, Any] | None = None

    def to_v2(self) -> HostComputeEndpoint:
        """Return the endpoint as an HCN 2 document.

        VirtualNetworkName has no counterpart; callers pass it beside the document.
        Source: hns-behaviour.md section 4.2.
        """
        document = {
            "ID": self.id,
            "Name": self.name,
            "Owner": self.owner,
            "HostComputeNetwork": self.virtual_network,
            "AdditionalParams": self.additional_params,
            "Policies": None if self.policies is None else policies.all_to_v2(self.policies),
            "IpConfigurations": self._ip_configurations(),
            "Dns": {
                "Domain": self.dns_domain,
                "Search": comma_list(self.dns_suffix),
                "ServerList": comma_list(self.dns_server_list),
            },
            "Routes": [
                {"NextHop": gateway, "DestinationPrefix": prefix}
                for gateway, prefix in (
                    (self.gateway_address, "0.0.0.0/0"),
                    (self.gateway_address_v6, "::/0"),
                )
                if gateway
            ],
            "MacAddress": self.mac_address or None,
            "Flags": self._flags(),
            "SchemaVersion": {"Major": 2, "Minor": 0},
        }
        return HostComputeEndpoint.model_validate(document)

    def _ip_configurations(self) -> list[dict[str, Any]]:
        found = []
        if self.ip_address or self.ip_subnet_id:
            found.append(
                {
                    "IpAddress": self.ip_address or None,
                    "PrefixLength": self.prefix_length,
                    "IpSubnetId": self.ip_subnet_id,
                }
            )
        if self.ipv6_address:
            found.append({"IpAddress": self.ipv6_address, "PrefixLength": self.ipv6_prefix_length})
        return found

    def _flags(self) -> int:
        low_metric = self.enable_low_metric or self.enable_low_interface_metric
        return (
            (_REMOTE if self.is_remote_endpoint else 0)
            | (_DISABLE_ICC if self.disable_icc else 0)
            | (_LOW_METRIC if low_metric else 0)
            | (_INTERNAL_DNS if self.enable_internal_dns else 0)
        )


class HNSAttachment(Document):
    """The body of attach and detach. Source: hns-behaviour.md section 1.4 [C]."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_ENDPOINT

    system_type: str | None = None
    container_id: str | None = None
    compartment_id: Uint16 | None = None
    virtual_nic_name: str | None = None

    def to_domain(self) -> Attachment:
        """Return the attachment that is asked for; no SystemType means a container.

        Raises: HCN_E_INVALID_ENDPOINT for an unknown SystemType.
        """
        kinds = {each.lower(): each for each in SystemType}
        kind = kinds.get((self.system_type or SystemType.CONTAINER).lower())
        if kind is None:
            raise HnsError(
                Hr.HCN_E_INVALID_ENDPOINT,
                f"SystemType {self.system_type!r} is none of {', '.join(SystemType)}",
            )
        name = self.container_id if kind is SystemType.CONTAINER else self.virtual_nic_name
        return Attachment(SystemType(kind), name or "", self.compartment_id or 0)


def endpoint_v1(endpoint: Endpoint, release: Release, case: Case) -> dict[str, object]:
    """Return the endpoint as HNS 1 prints it on this release.

    Source: hns-behaviour.md section 2.3: sorted keys up to 12.x, schema order from 13.x on [O].
    """
    spell = spell_endpoint_ids(release, case)
    if release.hns >= _SCHEMA_ORDER_SINCE:
        return _in_schema_order(endpoint, release, spell)
    return ordered(_with_everything(endpoint, release, spell), release)


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
    if endpoint.policies:
        document["Policies"] = policies.all_to_v1(endpoint.policies)
    document |= _flag_members(endpoint)
    document |= _without_empty({"MacAddress": endpoint.mac_address})
    document |= _addresses(endpoint)
    document |= _gateways(endpoint)
    if endpoint.ip_configurations and endpoint.ip_configurations[0].ip_subnet_id:
        document["IPSubnetId"] = spell(endpoint.ip_configurations[0].ip_subnet_id)
    document |= _dns(endpoint)
    if endpoint.encap_overhead:
        document["EncapOverhead"] = endpoint.encap_overhead
    if endpoint.namespace_id:
        document["Namespace"] = {"ID": spell(endpoint.namespace_id)}
    document["SharedContainers"] = list(endpoint.shared_containers)
    document |= _without_empty(
        {"VirtualMachine": endpoint.virtual_machine, "StartTime": endpoint.started}
    )
    return document


def _with_everything(endpoint: Endpoint, release: Release, spell: Spell) -> dict[str, object]:
    document: dict[str, object] = {
        "ActivityId": spell(endpoint.activity_id),
        "AdditionalParams": orjson.Fragment(endpoint.additional_params),
        "CreateProcessingStartTime": endpoint.created,
        "EncapOverhead": endpoint.encap_overhead,
        "Health": health(endpoint.updated),
        "ID": spell(endpoint.id),
        "Name": endpoint.name,
        "Policies": policies.all_to_v1(endpoint.policies),
        "Resources": endpoint_resources(endpoint, release),
        "SharedContainers": list(endpoint.shared_containers),
        "State": int(endpoint.state),
        "Type": endpoint.network_type_text,
        "Version": endpoint.version,
        "VirtualNetwork": spell(endpoint.network_id),
        "VirtualNetworkName": endpoint.network_name,
    }
    document |= _flag_members(endpoint) | _addresses(endpoint) | _gateways(endpoint)
    document |= _dns(endpoint)
    document |= _without_empty(
        {
            "MacAddress": endpoint.mac_address,
            "StartTime": endpoint.started,
            "VirtualMachine": endpoint.virtual_machine,
        }
    )
    if endpoint.namespace_id:
        document["Namespace"] = {
            "CompartmentGuid": spell(endpoint.compartment_guid or ZERO),
            "ID": spell(endpoint.namespace_id),
        }
    if "EnableInternalDNS" in document and release.hns >= (9, 2):
        document["EnableLowInterfaceMetric"] = True
    return document


def _flag_members(endpoint: Endpoint) -> dict[str, object]:
    bits = {
        "IsRemoteEndpoint": _REMOTE,
        "DisableICC": _DISABLE_ICC,
        "EnableLowMetric": _LOW_METRIC,
        "EnableInternalDNS": _INTERNAL_DNS,
    }
    return {name: True for name, bit in bits.items() if endpoint.flags & bit}


def _addresses(endpoint: Endpoint) -> dict[str, object]:
    members: dict[str, object] = {}
    first: IpConfiguration | None = None
    for each in endpoint.ip_configurations:
        if ":" in each.ip_address and first is not None:
            members |= {
                "IPv6Address": each.ip_address,
                "IPv6PrefixLength": each.prefix_length,
            }
        elif first is None:
            first = each
            members |= {"IPAddress": each.ip_address, "PrefixLength": each.prefix_length}
    return members


def _gateways(endpoint: Endpoint) -> dict[str, object]:
    members: dict[str, object] = {}
    for route in endpoint.routes:
        name = _EVERYWHERE.get(route.destination_prefix)
        if name and route.next_hop:
            members.setdefault(name, route.next_hop)
    return members


def _dns(endpoint: Endpoint) -> dict[str, object]:
    return _without_empty(
        {
            "DNSDomain": endpoint.dns.domain,
            "DNSServerList": ",".join(endpoint.dns.server_list),
            "DNSSuffix": ",".join(endpoint.dns.search),
        }
    )


def _without_empty(members: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in members.items() if value}
