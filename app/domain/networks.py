"""Networks as facts: what HNS knows of one, whatever dialect asked for it."""

import ipaddress
from dataclasses import dataclass

from app.domain.facts import Dns, Policy, Port, Route, VSwitch
from app.domain.network_types import Mode

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class IpSubnet:
    """A pool of addresses inside a subnet.

    prefix: as sent, host bits allowed. flags: 1 EnableBroadcast, 2 ReserveNetworkAddress.
    """

    key: int
    id: str
    prefix: str
    flags: int = 3

    @property
    def network(self) -> IpNetwork:
        """Return the prefix as a network, host bits cut off."""
        return ipaddress.ip_network(self.prefix, strict=False)


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet with its gateway routes, policies and pools.

    gateway: next hop of the default route, "" for none. flags: 1 DoNotReserveGatewayAddress.
    """

    key: int
    id: str
    prefix: str
    gateway: str = ""
    routes: tuple[Route, ...] = ()
    flags: int = 0
    policies: tuple[Policy, ...] = ()
    ip_subnets: tuple[IpSubnet, ...] = ()

    @property
    def network(self) -> IpNetwork:
        """Return the prefix as a network, host bits cut off."""
        return ipaddress.ip_network(self.prefix, strict=False)


@dataclass(frozen=True, slots=True)
class MacRange:
    """A range of MAC addresses, both ends included, spelled as sent."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class NatInstance:
    """The NAT behind a NAT or ICS network.

    engine:       "WinNAT" or "ICS" (NAT networks before 13.x, ICS networks always).
    allocator_id: id under `Resources`. interface_id: GUID of the host vNIC; names the instance.
    """

    engine: str
    allocator_id: str
    interface_id: str
    subnet_address: str
    gateway: str
    prefix_length: int

    @property
    def name(self) -> str:
        """Return `NatName`: NAT or ICS with the interface GUID. Source: [O] S:nat-13.3."""
        kind = "NAT" if self.engine == "WinNAT" else "ICS"
        return f"{kind}{self.interface_id.upper()}"


@dataclass(frozen=True, slots=True)
class Network:
    """Everything HNS knows of one network.

    type_text:      the type as the caller spelled it (v1 echoes it).
    management_ip:  address of the management vNIC, "" until it has appeared or without one.
    isolation:      VLAN that tells NAT networks on one switch apart (13.x on), else 0.
    created/updated: FILETIMEs.
    """

    key: int
    id: str
    name: str
    mode: Mode
    type_text: str
    owner: str = ""
    flags: int = 0
    policies: tuple[Policy, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    ipam_type: str = "Static"
    mac_ranges: tuple[MacRange, ...] = ()
    dns: Dns = Dns()
    version: int = 0
    schema_version: tuple[int, int] = (2, 0)
    additional_params: str = "{}"
    adapter_name: str = ""
    activity_id: str = ""
    resource_id: str = ""
    management_ip: str = ""
    dr_mac: str = ""
    isolation: int = 0
    current_endpoints: int = 0
    max_endpoints: int = 0
    total_endpoints: int = 0
    created: int = 0
    updated: int = 0
    vswitch: VSwitch | None = None
    host_vnic: Port | None = None
    nat: NatInstance | None = None
