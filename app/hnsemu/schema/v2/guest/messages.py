"""Messages to a guest about its interfaces."""

from typing import Annotated

from pydantic import Field

from hnsemu.schema.base import Document, Since, Uint8, Uint16, Uint32, Uint64


class InterfaceNotificationMessage(Document):
    """InterfaceNotificationMessage of the schema."""

    message_number: Uint64 | None = None
    family: Uint16 | None = None


class NetworkInterface(InterfaceNotificationMessage):
    """NetworkInterface of the schema."""

    advertising_enabled: bool | None = None
    forwarding_enabled: bool | None = None
    weak_host_send: bool | None = None
    weak_host_receive: bool | None = None
    use_automatic_metric: bool | None = None
    use_neighbor_unreachability_detection: bool | None = None
    managed_address_configuration_supported: bool | None = None
    other_stateful_configuration_supported: bool | None = None
    advertise_default_route: bool | None = None
    router_discovery_behavior: Uint8 | None = None
    dad_transmits: Uint32 | None = None
    base_reachable_time: Uint32 | None = None
    retransmit_time: Uint32 | None = None
    path_mtu_discovery_timeout: Uint32 | None = None
    link_local_address_behavior: Uint8 | None = None
    link_local_address_timeout: Uint32 | None = None
    zone_indices: tuple[Uint32, ...] | None = None
    site_prefix_length: Uint32 | None = None
    metric: Uint32 | None = None
    nl_mtu: Uint32 | None = None
    connected: bool | None = None
    supports_wake_up_patterns: bool | None = None
    supports_neighbor_discovery: bool | None = None
    supports_router_discovery: bool | None = None
    reachable_time: Uint32 | None = None
    transmit_offload: Uint8 | None = None
    receive_offload: Uint8 | None = None
    disable_default_routes: bool | None = None


class Route_2(InterfaceNotificationMessage):  # noqa: N801 (the name of the schema)
    """Route_2 of the schema."""

    next_hop: str | None = None
    destination_prefix: str | None = None
    site_prefix_length: Uint8 | None = None
    valid_lifetime: Uint32 | None = None
    preferred_lifetime: Uint32 | None = None
    metric: Uint32 | None = None
    protocol: Uint8 | None = None
    loopback: bool | None = None
    autoconfigure_address: bool | None = None
    publish: bool | None = None
    immortal: bool | None = None


class IPAddress(InterfaceNotificationMessage):
    """IPAddress of the schema."""

    address: str | None = None
    prefix_origin: Uint8 | None = None
    suffix_origin: Uint8 | None = None
    valid_lifetime: Uint32 | None = None
    preferred_lifetime: Uint32 | None = None
    on_link_prefix_length: Uint8 | None = None
    skip_as_source: bool | None = None


class DNS_2(InterfaceNotificationMessage):  # noqa: N801 (the name of the schema)
    """DNS_2 of the schema."""

    domain: str | None = None
    search: str | None = None
    server_list: str | None = None
    options: str | None = None


class Xlat(InterfaceNotificationMessage):
    """Xlat of the schema."""

    synthetic_i_pv4_address: Annotated[str | None, Since("2.5")] = None
    fallback_i_pv4_address: Annotated[str | None, Since("2.5")] = None
    local_prefix: Annotated[str | None, Since("2.5")] = None
    local_prefix_length: Annotated[Uint8 | None, Since("2.5")] = None
    remote_prefix: Annotated[str | None, Since("2.5")] = None
    remote_prefix_length: Annotated[Uint8 | None, Since("2.5")] = None


class MacAddress(InterfaceNotificationMessage):
    """MacAddress of the schema."""

    physical_address: Annotated[str | None, Since("2.5")] = None


class Neighbor(InterfaceNotificationMessage):
    """Neighbor of the schema."""

    address: Annotated[str | None, Since("2.5")] = None
    interface_luid: Annotated[Uint64 | None, Since("2.5")] = None
    interface_index: Annotated[Uint32 | None, Since("2.5")] = None
    physical_address: Annotated[str | None, Since("2.5")] = None
    physical_address_length: Annotated[Uint64 | None, Since("2.5")] = None
    state: Annotated[Uint8 | None, Since("2.5")] = None
    is_router: Annotated[bool | None, Since("2.5")] = None
    is_unreachable: Annotated[bool | None, Since("2.5")] = None
    flags: Annotated[Uint8 | None, Since("2.5")] = None
    last_reachable: Annotated[Uint64 | None, Since("2.5")] = None
    last_unreachable: Annotated[Uint64 | None, Since("2.5")] = None


class RegKey(Document):
    """RegKey of the schema."""

    path: Annotated[str | None, Since("2.1")] = None
    key: Annotated[str | None, Since("2.1")] = None
    type: Annotated[Uint16 | None, Since("2.1")] = None
    value: Annotated[str | None, Since("2.1")] = None


class RegistryKey(InterfaceNotificationMessage):
    """RegistryKey of the schema."""

    reg_keys: Annotated[tuple[RegKey, ...] | None, Since("2.1")] = None
    keyword: Annotated[str | None, Since("2.5")] = None
    adapter_clsid: Annotated[str | None, Since("2.5")] = Field(default=None, alias="AdapterCLSID")


class GuestEndpointState(Document):
    """GuestEndpointState of the schema."""

    network_interfaces: Annotated[tuple[NetworkInterface, ...] | None, Since("2.4")] = None
    routes: Annotated[tuple[Route_2, ...] | None, Since("2.4")] = None
    ip_addresses: Annotated[tuple[IPAddress, ...] | None, Since("2.4")] = Field(
        default=None, alias="IPAddresses"
    )
    dns: Annotated[tuple[DNS_2, ...] | None, Since("2.4")] = Field(default=None, alias="DNS")
    xlat: Annotated[tuple[Xlat, ...] | None, Since("2.5")] = None
