"""GET /host/adapters: Get-NetAdapter joined with Get-NetIPConfiguration."""

from collections.abc import Sequence

from pydantic import Field

from hnsemu.domain.interfaces import Interface
from hnsemu.schema.host.view import View, braced

_PHYSICAL = "Microsoft Hyper-V Network Adapter"
_VIRTUAL = "Hyper-V Virtual Ethernet Adapter"


class NetAdapter(View):
    """A network interface: a physical adapter, or a vNIC on a virtual switch."""

    name: str = Field(examples=["vEthernet (Ethernet)"])
    interface_description: str = Field(examples=[_VIRTUAL])
    interface_guid: str = Field(examples=["{5E9C6DB3-3F5B-4B8A-9F1C-0A2D6F1E7B11}"])
    interface_index: int = Field(
        description="ifIndex; it stays while other interfaces come and go.", examples=[4410375]
    )
    status: str = Field(examples=["Up"])
    mac_address: str = Field(examples=["00-15-5D-0A-00-04"])
    media_type: str = Field(examples=["802.3"])
    virtual: bool
    ipv4_address: str = Field(alias="IPv4Address", examples=["10.0.0.4"])
    prefix_length: int = Field(examples=[24])
    ipv4_default_gateway: str = Field(alias="IPv4DefaultGateway", examples=["10.0.0.1"])
    ipv6_address: str = Field(alias="IPv6Address", examples=[""])
    ipv6_prefix_length: int = Field(alias="IPv6PrefixLength", examples=[0])
    ipv6_default_gateway: str = Field(alias="IPv6DefaultGateway", examples=[""])
    dns_servers: tuple[str, ...] = Field(examples=[["168.63.129.16"]])
    dns_suffix: str = Field(examples=["example.internal"])
    v_switch: str = Field(
        alias="VSwitch", description='Name of its virtual switch, "" without one.'
    )


def net_adapters(interfaces: Sequence[Interface]) -> tuple[NetAdapter, ...]:
    """Return the view of a compartment's interfaces, their descriptions numbered as on Windows."""
    seen = {_PHYSICAL: 0, _VIRTUAL: 0}
    shown = []
    for interface in interfaces:
        kind = _VIRTUAL if interface.is_virtual else _PHYSICAL
        seen[kind] += 1
        description = kind if seen[kind] == 1 else f"{kind} #{seen[kind]}"
        shown.append(_net_adapter(interface, description))
    return tuple(shown)


def _net_adapter(interface: Interface, description: str) -> NetAdapter:
    return NetAdapter(
        name=interface.name,
        interface_description=description,
        interface_guid=braced(interface.guid),
        interface_index=interface.index,
        status="Up",
        mac_address=interface.mac,
        media_type="Native 802.11" if interface.is_wireless else "802.3",
        virtual=interface.is_virtual,
        ipv4_address=interface.address,
        prefix_length=interface.prefix_length,
        ipv4_default_gateway=interface.gateway,
        ipv6_address=interface.address6,
        ipv6_prefix_length=interface.prefix_length6,
        ipv6_default_gateway=interface.gateway6,
        dns_servers=interface.dns_servers,
        dns_suffix=interface.dns_suffix,
        v_switch=interface.switch,
    )
