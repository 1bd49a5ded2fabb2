"""Endpoints of HNS 1, and their translation into HCN 2."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from hnsemu.domain.attachments import Attachment, SystemType
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import Document, Guid, Uint8, Uint16, parse
from hnsemu.schema.enums import Bits, EndpointFlags
from hnsemu.schema.flat_policies import ENDPOINT_MEMBERS
from hnsemu.schema.v1 import policies
from hnsemu.schema.v1.spelling import comma_list
from hnsemu.schema.v2.endpoints import HostComputeEndpoint

FLAG_MEMBERS = {
    "IsRemoteEndpoint": int(EndpointFlags.RemoteEndpoint),
    "DisableICC": int(EndpointFlags.DisableInterComputeCommunication),
    "EnableLowMetric": int(EndpointFlags.EnableLowInterfaceMetric),
    "EnableInternalDNS": int(EndpointFlags.OverrideDNSServerOrder),
}
"""Bits of Flags that are separate members. Source: hns-behaviour.md section 4.2 [D], [I]."""


class HNSEndpoint(Document):
    """An endpoint for HNSCall. Other members are read-only and ignored."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_ENDPOINT

    id: Guid | None = Field(default=None, alias="ID")
    name: str | None = None
    owner: str | None = None
    virtual_network: Guid | None = None
    virtual_network_name: str | None = None
    policies: tuple[dict[str, Any], ...] | None = None
    mac_address: str | None = None
    flags: Annotated[int, Bits(EndpointFlags)] | None = None
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
    encap_overhead: Uint16 | None = None
    port_friendly_name: str | None = None
    mtu: Uint16 | None = None
    interface_constraint: dict[str, Any] | None = None
    additional_params: dict[str, Any] | None = None

    def to_v2(self) -> HostComputeEndpoint:
        """Return the endpoint as an HCN 2 document.

        VirtualNetworkName has no counterpart; callers pass it beside the document. Namespace,
        State and SharedContainers are read-only: HNS 1 has other calls to join and attach.
        Source: hns-behaviour.md section 4.2.
        """
        document = {
            "ID": self.id,
            "Name": self.name,
            "Owner": self.owner,
            "HostComputeNetwork": self.virtual_network,
            "AdditionalParams": self.additional_params,
            "Policies": self._policies(),
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

    def _policies(self) -> list[dict[str, Any]] | None:
        members = {
            "EncapOverhead": self.encap_overhead,
            "PortFriendlyName": self.port_friendly_name,
            "Mtu": self.mtu,
            "InterfaceConstraint": self.interface_constraint,
        }
        carried = policies.of_members(ENDPOINT_MEMBERS, members)
        if self.policies is None and not carried:
            return None
        return [*policies.all_to_v2(self.policies), *carried]

    def _ip_configurations(self) -> list[dict[str, Any]]:
        found = []
        if self.ip_address or self.prefix_length or (self.ip_subnet_id and not self.ipv6_address):
            found.append({"IpAddress": self.ip_address or None, "PrefixLength": self.prefix_length})
        if self.ipv6_address:
            found.append({"IpAddress": self.ipv6_address, "PrefixLength": self.ipv6_prefix_length})
        if found and self.ip_subnet_id:
            found[0]["IpSubnetId"] = self.ip_subnet_id
        return found

    def _flags(self) -> int:
        switches = {
            "IsRemoteEndpoint": self.is_remote_endpoint,
            "DisableICC": self.disable_icc,
            "EnableLowMetric": self.enable_low_metric or self.enable_low_interface_metric,
            "EnableInternalDNS": self.enable_internal_dns,
        }
        flags = self.flags or 0
        for member, bit in FLAG_MEMBERS.items():
            flags |= bit if switches[member] else 0
        return flags


class HNSAttachment(Document):
    """The body of attach and detach. Source: hns-behaviour.md section 1.4 [C]."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_ENDPOINT

    system_type: str | None = None
    container_id: str | None = None
    compartment_id: Uint16 | None = None
    virtual_nic_name: str | None = None


def read_attachment(data: object, *, strict: bool = False) -> Attachment:
    """Return the attachment that a HNSAttachment describes; no SystemType means a container.

    Raises: HCN_E_INVALID_ENDPOINT for an unknown SystemType.
    """
    document = parse(HNSAttachment, data, strict=strict)
    kinds = {kind.lower(): kind for kind in SystemType}
    kind = kinds.get((document.system_type or SystemType.CONTAINER).lower())
    if kind is None:
        raise HnsError(
            Hr.HCN_E_INVALID_ENDPOINT,
            f"SystemType {document.system_type!r} is none of {', '.join(SystemType)}",
        )
    names = {
        SystemType.CONTAINER: document.container_id,
        SystemType.VIRTUAL_MACHINE: document.virtual_nic_name,
    }
    return Attachment(kind, names.get(kind) or "", document.compartment_id or 0)
