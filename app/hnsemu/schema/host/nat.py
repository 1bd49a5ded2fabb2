"""GET /host/nat: Get-NetNat and Get-NetNatStaticMapping.

Source: dataplane.md sections 7.1 and 7.2 [O].
"""

from collections.abc import Sequence

from pydantic import Field

from hnsemu.domain.guid import ZERO
from hnsemu.domain.networks import NatInstance
from hnsemu.domain.policies.portmapping import TCP
from hnsemu.domain.winnat import NatRule
from hnsemu.schema.host.view import View


class NetNat(View):
    """A NAT instance. On releases whose NAT uses ICS, Get-NetNat itself shows none."""

    name: str = Field(examples=["NAT5E9C6DB3-3F5B-4B8A-9F1C-0A2D6F1E7B11"])
    engine: str = Field(examples=["WinNAT"], description="WinNAT or ICS.")
    external_ip_interface_address_prefix: str = Field(
        alias="ExternalIPInterfaceAddressPrefix",
        description="Empty: a packet leaves with the address of its outgoing interface.",
    )
    internal_ip_interface_address_prefix: str = Field(
        alias="InternalIPInterfaceAddressPrefix", examples=["172.16.0.1/16"]
    )
    icmp_query_timeout: int = Field(examples=[30], description="In seconds, as all timeouts.")
    tcp_established_connection_timeout: int = Field(examples=[1800])
    tcp_transient_connection_timeout: int = Field(examples=[120])
    tcp_filtering_behavior: str = Field(examples=["AddressDependentFiltering"])
    udp_filtering_behavior: str = Field(examples=["AddressDependentFiltering"])
    udp_idle_session_timeout: int = Field(examples=[120])
    udp_inbound_refresh: bool
    store: str = Field(examples=["Local"])
    active: bool


class NetNatStaticMapping(View):
    """A published port."""

    static_mapping_id: int = Field(alias="StaticMappingID", examples=[0])
    nat_name: str
    protocol: str = Field(examples=["TCP"])
    remote_external_ip_address_prefix: str = Field(
        alias="RemoteExternalIPAddressPrefix", examples=["0.0.0.0/0"]
    )
    external_ip_address: str = Field(
        alias="ExternalIPAddress", description="0.0.0.0 means every address."
    )
    external_port: int = Field(examples=[8080])
    internal_ip_address: str = Field(alias="InternalIPAddress", examples=["172.16.44.7"])
    internal_port: int = Field(examples=[80])
    internal_routing_domain_id: str = Field(examples=[f"{{{ZERO}}}"])
    active: bool
    endpoint: str = Field(description="GUID of the endpoint that publishes the port.")


class HostNat(View):
    """The NAT of the host: its instances and their published ports."""

    instances: tuple[NetNat, ...]
    static_mappings: tuple[NetNatStaticMapping, ...]


def host_nat(
    instances: Sequence[NatInstance], mappings: Sequence[tuple[NatInstance, NatRule]]
) -> HostNat:
    """Return the view of all NAT of a host."""
    return HostNat(
        instances=tuple(_net_nat(instance) for instance in instances),
        static_mappings=tuple(_mapping(instance, rule) for instance, rule in mappings),
    )


def _net_nat(instance: NatInstance) -> NetNat:
    return NetNat(
        name=instance.name,
        engine=instance.engine,
        external_ip_interface_address_prefix="",
        internal_ip_interface_address_prefix=f"{instance.gateway}/{instance.prefix_length}",
        icmp_query_timeout=30,
        tcp_established_connection_timeout=1800,
        tcp_transient_connection_timeout=120,
        tcp_filtering_behavior="AddressDependentFiltering",
        udp_filtering_behavior="AddressDependentFiltering",
        udp_idle_session_timeout=120,
        udp_inbound_refresh=False,
        store="Local",
        active=True,
    )


def _mapping(instance: NatInstance, rule: NatRule) -> NetNatStaticMapping:
    mapping = rule.mapping
    anywhere = "::" if mapping.ipv6 else "0.0.0.0"  # noqa: S104 (a value shown)
    return NetNatStaticMapping(
        static_mapping_id=rule.mapping_id,
        nat_name=instance.name,
        protocol="TCP" if mapping.protocol == TCP else "UDP",
        remote_external_ip_address_prefix=f"{anywhere}/0",
        external_ip_address=mapping.vip or anywhere,
        external_port=mapping.external_port,
        internal_ip_address=rule.internal_address,
        internal_port=mapping.internal_port,
        internal_routing_domain_id=f"{{{ZERO}}}",
        active=True,
        endpoint=rule.endpoint_id,
    )
