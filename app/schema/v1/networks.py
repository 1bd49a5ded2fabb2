"""Networks in HNS 1: read into HCN 2, rendered from facts."""

import json
from typing import Any, ClassVar

import orjson
from pydantic import Field

from app.domain.extensions import extensions
from app.domain.network_types import Mode, SwitchKind
from app.domain.networks import IpSubnet, Network, Subnet
from app.domain.releases import Release
from app.errors import Hr
from app.schema.base import Document, Guid, Uint32
from app.schema.resources import health, network_resources
from app.schema.v1 import policies
from app.schema.v1.casing import Case, Spell, ordered, spell_ids
from app.schema.v2.networks import Extension, HostComputeNetwork

_ISOLATE_SWITCH = 32
_ICS = {Mode.ICS, Mode.CONSTRAINED_ICS}
_NUMBERS = {"VLAN", "VSID"}
_DNS_COMPARTMENT = 3

# Policies that HNS 1 shows as members of the network, not in its list.
_AS_MEMBERS = {
    "NetAdapterName",
    "ProviderAddress",
    "DrMacAddress",
    "SourceMacAddress",
    "AutomaticDNS",
    "InterfaceConstraint",
    "LayerConstraint",
    "VSwitchExtension",
}


class HNSSubnet(Document):
    """A subnet of HNS 1."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_SUBNET

    id: Guid | None = Field(default=None, alias="ID")
    address_prefix: str | None = None
    gateway_address: str | None = None
    flags: Uint32 | None = None
    policies: tuple[dict[str, Any], ...] | None = None
    ip_subnets: tuple[dict[str, Any], ...] | None = None


class HNSMacPool(Document):
    """A range of MAC addresses."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_NETWORK

    start_mac_address: str | None = None
    end_mac_address: str | None = None


class HNSNetwork(Document):
    """A network as HNSCall takes it; everything else it may hold is read-only and ignored."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_NETWORK

    id: Guid | None = Field(default=None, alias="ID")
    name: str | None = None
    owner: str | None = None
    type: str | None = None
    flags: Uint32 | None = None
    isolate_switch: bool | None = None
    network_adapter_name: str | None = None
    source_mac: str | None = None
    dr_mac_address: str | None = None
    management_ip: str | None = Field(default=None, alias="ManagementIP")
    automatic_dns: bool | None = Field(default=None, alias="AutomaticDNS")
    external_interface_constraint: Any = None
    interface_constraint: Any = None
    policies: tuple[dict[str, Any], ...] | None = None
    mac_pools: tuple[HNSMacPool, ...] | None = None
    subnets: tuple[HNSSubnet, ...] | None = None
    dns_suffix: str | None = Field(default=None, alias="DNSSuffix")
    dns_server_list: str | None = Field(default=None, alias="DNSServerList")
    dns_domain: str | None = Field(default=None, alias="DNSDomain")
    additional_params: dict[str, Any] | None = None
    extensions: tuple[Extension, ...] | None = None

    def to_v2(self) -> HostComputeNetwork:
        """Return the network as an HCN 2 document.

        VLAN and VSID policies of the network become policies of its subnets.
        Source: hns-behaviour.md section 4.2.
        """
        carried = policies.all_to_v2(self.policies)
        isolation = [each for each in carried if each.get("Type") in _NUMBERS]
        others = [each for each in carried if each.get("Type") not in _NUMBERS]
        document = {
            "ID": self.id,
            "Name": self.name,
            "Owner": self.owner,
            "Type": self.type,
            "TypeText": self.type,
            "AdditionalParams": self.additional_params,
            "Flags": (self.flags or 0) | (_ISOLATE_SWITCH if self.isolate_switch else 0),
            "Policies": [*self._members_as_policies(), *others],
            "Dns": {
                "Domain": self.dns_domain,
                "Search": comma_list(self.dns_suffix),
                "ServerList": comma_list(self.dns_server_list),
            },
            "MacPool": {
                "Ranges": [each.model_dump(by_alias=True) for each in self.mac_pools or ()]
            },
            "Ipams": [{"Subnets": [_subnet_to_v2(each, isolation) for each in self.subnets or ()]}],
            "SchemaVersion": {"Major": 2, "Minor": 0},
        }
        return HostComputeNetwork.model_validate(document)

    def _members_as_policies(self) -> list[dict[str, Any]]:
        constraint = self.interface_constraint or self.external_interface_constraint
        members = {
            "NetAdapterName": ("NetworkAdapterName", self.network_adapter_name),
            "SourceMacAddress": ("SourceMacAddress", self.source_mac),
            "DrMacAddress": ("Address", self.dr_mac_address),
            "ProviderAddress": ("ProviderAddress", (self.management_ip or "").partition("/")[0]),
            "AutomaticDNS": ("Enable", self.automatic_dns),
            "InterfaceConstraint": (
                "InterfaceAlias",
                constraint if isinstance(constraint, str) else None,
            ),
        }
        return [
            {"Type": kind, "Settings": {name: value}}
            for kind, (name, value) in members.items()
            if value
        ]


def network_v1(
    network: Network, release: Release, case: Case, *, detailed: bool = False
) -> dict[str, object]:
    """Return the network as HNS 1 prints it on this release.

    Source: hns-behaviour.md section 2.1 and the captured networks [O].
    """
    spell = spell_ids(release, case)
    if release.hns < (7, 0):
        return _first_generation(network, spell)
    document: dict[str, object] = {
        "ActivityId": spell(network.activity_id),
        "AdditionalParams": orjson.Fragment(network.additional_params),
        "CurrentEndpointCount": network.current_endpoints,
        "Health": _health(network, release),
        "ID": spell(network.id),
        "IPv6": any(":" in each.prefix for each in network.subnets),
        "MacPools": _mac_pools(network),
        "MaxConcurrentEndpoints": network.max_endpoints,
        "Name": network.name,
        "Policies": _shown_policies(network),
        "Resources": network_resources(network, release),
        "State": 1,
        "TotalEndpoints": network.total_endpoints,
        "Type": network.type_text,
        "Version": network.version,
    }
    if release.hns > (9, 1):
        document["Flags"] = network.flags
    if network.subnets:
        document["Subnets"] = [_subnet(each, network, release, spell) for each in network.subnets]
    document |= _by_settings(network) | _by_type(network, release, spell)
    if detailed:
        document["Layer"] = _layer(network, release, spell)
    return ordered(document, release)


def comma_list(text: str | None) -> list[str]:
    """Return the items of a comma-separated list."""
    return [item.strip() for item in (text or "").split(",") if item.strip()]


def _by_settings(network: Network) -> dict[str, object]:
    """Return the members that are there when the caller or the host gave them."""
    sent = {each.type: json.loads(each.settings) or {} for each in network.policies}
    members = {
        "DNSServerList": ",".join(network.dns.server_list),
        "DNSSuffix": ",".join(network.dns.search),
        "DNSDomain": network.dns.domain,
        "NetworkAdapterName": network.adapter_name,
        "SourceMac": sent.get("SourceMacAddress", {}).get("SourceMacAddress"),
        "AutomaticDNS": sent.get("AutomaticDNS", {}).get("Enable"),
        "ExternalInterfaceConstraint": sent.get("InterfaceConstraint", {}).get("InterfaceAlias"),
        "ManagementIP": network.management_ip,
        "DrMacAddress": network.dr_mac,
        "NatName": network.nat.name if network.nat else "",
        "IsolateSwitch": bool(network.flags & _ISOLATE_SWITCH),
    }
    return {name: value for name, value in members.items() if value}


def _by_type(network: Network, release: Release, spell: Spell) -> dict[str, object]:
    switch = network.vswitch
    members: dict[str, object] = {}
    if switch is not None:
        members["LayeredOn"] = spell(switch.layer_id)
        members["Extensions"] = [
            {"Id": each.id.upper(), "IsEnabled": each.is_enabled, "Name": each.name}
            for each in extensions(switch, network.mode, release, network.flags)
        ]
        shows_switch = switch.kind is SwitchKind.EXTERNAL or network.mode in _ICS
        if shows_switch and release.hns >= (15, 0):
            members["SwitchGuid"] = spell(switch.owner_id)
            members["SwitchName"] = switch.name
    if network.mode is Mode.OVERLAY:
        members["DNSServerCompartment"] = _DNS_COMPARTMENT
    if network.mode in _ICS and network.host_vnic is not None:
        members["GatewayMac"] = network.host_vnic.mac
    return members


def _first_generation(network: Network, spell: Spell) -> dict[str, object]:
    """Return the network as HNS 1.x prints it. Source: S:networks-ws2016era [O]."""
    return {
        "ComputedPolicies": [{}],
        "CurrentEndpointCount": network.current_endpoints,
        "ID": spell(network.id),
        "MacPools": _mac_pools(network),
        "MaxConcurrentEndpoints": network.max_endpoints,
        "Name": network.name,
        "Policies": _shown_policies(network),
        "Subnets": [
            {"AddressPrefix": each.prefix}
            | ({"GatewayAddress": each.gateway} if each.gateway else {})
            for each in network.subnets
        ],
        "TotalEndpoints": network.total_endpoints,
        "Type": network.type_text,
        "Version": network.version,
    }


def _mac_pools(network: Network) -> list[dict[str, str]]:
    return [
        {"EndMacAddress": each.end, "StartMacAddress": each.start} for each in network.mac_ranges
    ]


def _shown_policies(network: Network) -> list[policies.Flat]:
    shown = [each for each in network.policies if each.type not in _AS_MEMBERS]
    flat = policies.all_to_v1(shown)
    if network.isolation:
        flat.insert(0, {"Type": "VLAN", "VLAN": network.isolation})
    return flat


def _health(network: Network, release: Release) -> dict[str, object]:
    """Return Health; NAT and ICS of 9.2 on count notifications. Source: S:networks-9.2 [O]."""
    if network.nat is None or network.nat.engine != "ICS" or release.hns >= (12, 0):
        return health(network.updated)
    kinds = ["AddressNotification", "InterfaceNotification", "RouteNotification"]
    if release.hns >= (11, 0):
        kinds += [f"{kind}Notification" for kind in ("DHCP", "DNSCache", "MacAddress", "Neighbor")]
    counters = {f"{kind}{what}": 0 for kind in kinds for what in ("MissedCount", "SequenceNumber")}
    return health(network.updated, **counters)


def _subnet_to_v2(subnet: HNSSubnet, isolation: list[dict[str, Any]]) -> dict[str, Any]:
    own = policies.all_to_v2(subnet.policies)
    kinds = {each.get("Type") for each in own}
    gateway = subnet.gateway_address
    everywhere = "::/0" if ":" in (subnet.address_prefix or "") else "0.0.0.0/0"
    return {
        "ID": subnet.id,
        "IpAddressPrefix": subnet.address_prefix,
        "Flags": subnet.flags,
        "Policies": [*own, *(each for each in isolation if each["Type"] not in kinds)],
        "Routes": [{"NextHop": gateway, "DestinationPrefix": everywhere}] if gateway else [],
        "IpSubnets": subnet.ip_subnets,
    }


def _subnet(subnet: Subnet, network: Network, release: Release, spell: Spell) -> dict[str, object]:
    """Return a subnet. Source: hns-behaviour.md section 2.1a [O]."""
    document: dict[str, object] = {
        "AdditionalParams": {},
        "AddressPrefix": subnet.prefix,
        "Health": health(network.updated),
        "ID": spell(subnet.id),
        "Policies": policies.all_to_v1(subnet.policies),
        "State": 0,
    }
    if subnet.gateway:
        document["GatewayAddress"] = subnet.gateway
    if release.hns >= (10, 0):
        document["Flags"] = subnet.flags
    if release.hns >= (11, 0):
        document["IpSubnets"] = [_ip_subnet(each, network, spell) for each in subnet.ip_subnets]
    if release.hns >= (11, 0) or (release.hns < (10, 0) and network.mode is Mode.OVERLAY):
        document["ObjectType"] = 5
    return dict(sorted(document.items()))


def _ip_subnet(pool: IpSubnet, network: Network, spell: Spell) -> dict[str, object]:
    return {
        "AdditionalParams": {},
        "Flags": pool.flags,
        "Health": health(network.updated),
        "ID": spell(pool.id),
        "IpAddressPrefix": pool.prefix,
        "ObjectType": 6,
        "Policies": [],
        "State": 0,
    }


def _layer(network: Network, release: Release, spell: Spell) -> dict[str, object]:
    """Return the layer that the detailed view adds. Source: WSL#6457 [O] for its head."""
    switch = network.vswitch
    if switch is None:
        return {}
    return {
        "ActivityId": spell(switch.parent_id),
        "AdditionalParams": {},
        "Extensions": [
            {"Id": each.id.upper(), "IsEnabled": each.is_enabled, "Name": each.name}
            for each in extensions(switch, network.mode, release, network.flags)
        ],
        "ID": spell(switch.layer_id),
        "SwitchGuid": spell(switch.id),
        "SwitchName": switch.name,
        "Type": switch.kind.value,
    }
