"""Networks of HNS 1, and their translation into HCN 2."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from hnsemu.errors import Hr
from hnsemu.schema.base import Document, Guid, Uint32, validated
from hnsemu.schema.enums import Bits, NetworkFlags
from hnsemu.schema.flat_policies import NETWORK_MEMBERS
from hnsemu.schema.v1 import policies
from hnsemu.schema.v1.spelling import comma_list
from hnsemu.schema.v2.networks import Extension, HostComputeNetwork

_ISOLATE_SWITCH = int(NetworkFlags.IsolateVSwitch)
_ISOLATION = {"VLAN", "VSID"}


class HNSSubnet(Document):
    """A subnet of HNS 1."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_SUBNET

    id: Guid | None = Field(default=None, alias="ID")
    address_prefix: str | None = None
    gateway_address: str | None = None
    flags: Uint32 | None = None
    policies: tuple[dict[str, Any], ...] | None = None
    ip_subnets: tuple[dict[str, Any], ...] | None = None

    def to_v2(self, of_network: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the subnet as an HCN 2 document.

        of_network: isolation policies of the network; the subnet's own ones come first.
        """
        own = policies.all_to_v2(self.policies)
        kinds = {policy.get("Type") for policy in own}
        everywhere = "::/0" if ":" in (self.address_prefix or "") else "0.0.0.0/0"
        route = {"NextHop": self.gateway_address, "DestinationPrefix": everywhere}
        return {
            "ID": self.id,
            "IpAddressPrefix": self.address_prefix,
            "Flags": self.flags,
            "Policies": [*own, *(policy for policy in of_network if policy["Type"] not in kinds)],
            "Routes": [route] if self.gateway_address else [],
            "IpSubnets": self.ip_subnets,
        }


class HNSMacPool(Document):
    """A range of MAC addresses."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_NETWORK

    start_mac_address: str | None = None
    end_mac_address: str | None = None


class HNSNetwork(Document):
    """A network for HNSCall. Other members are read-only and ignored."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_NETWORK

    id: Guid | None = Field(default=None, alias="ID")
    name: str | None = None
    owner: str | None = None
    type: str | None = None
    flags: Annotated[int, Bits(NetworkFlags)] | None = None
    isolate_switch: bool | None = None
    network_adapter_name: str | None = None
    source_mac: str | None = None
    dr_mac_address: str | None = None
    management_ip: str | None = Field(default=None, alias="ManagementIP")
    automatic_dns: bool | None = Field(default=None, alias="AutomaticDNS")
    external_interface_constraint: str | None = None
    interface_constraint: dict[str, Any] | None = None
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

        VLAN and VSID policies of the network become policies of its subnets. They are lost on a
        network without subnets, and on NAT, where HNS numbers the networks of a switch. Extensions
        are for POST /networks/{id}: here they are what HNS printed and the caller sends back [I].
        Source: hns-behaviour.md section 4.2.
        """
        carried = policies.all_to_v2(self.policies)
        isolation = [policy for policy in carried if policy.get("Type") in _ISOLATION]
        others = [policy for policy in carried if policy.get("Type") not in _ISOLATION]
        if (self.type or "").upper() == "NAT":
            isolation = []
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
                "Ranges": [pool.model_dump(by_alias=True) for pool in self.mac_pools or ()]
            },
            "Ipams": [{"Subnets": [subnet.to_v2(isolation) for subnet in self.subnets or ()]}],
            "SchemaVersion": {"Major": 2, "Minor": 0},
        }
        return validated(HostComputeNetwork, document, sent=HNSNetwork)

    def _members_as_policies(self) -> list[dict[str, Any]]:
        address, _, _ = (self.management_ip or "").partition("/")
        alias = self.external_interface_constraint
        constraint = self.interface_constraint or {"InterfaceAlias": alias}
        members = {
            "NetworkAdapterName": self.network_adapter_name,
            "SourceMac": self.source_mac,
            "DrMacAddress": self.dr_mac_address,
            "ManagementIP": address,
            "AutomaticDNS": self.automatic_dns,
            "InterfaceConstraint": constraint,
        }
        return policies.of_members(NETWORK_MEMBERS, members)
