"""Networks as facts: what HNS knows of one, whichever API created it."""

import ipaddress
import json
from dataclasses import dataclass, replace
from functools import lru_cache

from hnsemu.domain.facts import Dns, Policy, Port, Route, VSwitch
from hnsemu.domain.network_types import Mode

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

DEFAULT_SWITCH_ID = "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444"
"""Of the Default Switch and its network, which Hyper-V creates. Source: WSL#6457 [O]."""


@lru_cache(maxsize=4096)
def network_of(prefix: str) -> IpNetwork:
    """Return a prefix as a network, host bits cut off.

    Raises: ValueError when it is none.
    """
    return ipaddress.ip_network(prefix, strict=False)


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
        return network_of(self.prefix)


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
        return network_of(self.prefix)


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
class Neighbour:
    """What a new network must know of another one on its host.

    prefixes: of its subnets. has_nat: whether the host has an address in them.
    Other members are those of `Network`.
    """

    id: str
    name: str
    vswitch_key: int
    isolation: int = 0
    dns_compartment: int = 0
    mac_ranges: tuple[MacRange, ...] = ()
    prefixes: tuple[IpNetwork, ...] = ()
    has_nat: bool = False


@dataclass(frozen=True, slots=True)
class Network:
    """Everything HNS knows of one network.

    type_text:      the type as the caller spelled it (v1 echoes it).
    management_ip:  address of the management vNIC, "" without one.
    management_ip_at: FILETIME from which that address shows; see `seen_at`.
    dns_compartment: `DNSServerCompartment` of an Overlay network, else 0.
    isolation:      VLAN that tells NAT networks on one switch apart (13.x on), else 0.
    from_hcn:       whether HCN 2 created it; HNS 1 shows more of such a network on old releases.
    vswitch:        every stored network has one.
    host_vnic:      the host's vNIC on an internal switch; rdid_port: the distributed router's.
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
    management_ip: str = ""
    management_ip_at: int = 0
    dr_mac: str = ""
    dns_compartment: int = 0
    isolation: int = 0
    from_hcn: bool = False
    current_endpoints: int = 0
    max_endpoints: int = 0
    total_endpoints: int = 0
    created: int = 0
    updated: int = 0
    vswitch: VSwitch | None = None
    host_vnic: Port | None = None
    rdid_port: Port | None = None
    nat: NatInstance | None = None

    def seen_at(self, now: int) -> "Network":
        """Return the network as it shows at FILETIME `now`: its ManagementIP comes late.

        A clock that was set back to before the network was made does not take it away again.
        """
        is_early = self.created <= now < self.management_ip_at
        return replace(self, management_ip="") if is_early else self

    @property
    def vsid(self) -> int:
        """Return the virtual subnet id of the first subnet that has one, else 0."""
        for subnet in self.subnets:
            for policy in subnet.policies:
                if policy.type == "VSID":
                    return int(json.loads(policy.settings).get("IsolationId", 0))
        return 0


def properties(network: Network) -> dict[str, object]:
    """Return what filters may name, under the names of both dialects."""
    shown: dict[str, object] = {
        "ID": network.id,
        "Name": network.name,
        "Owner": network.owner,
        "Type": network.mode.value,
        "Flags": network.flags,
        "State": 1,
        "Version": network.version,
        "ManagementIP": network.management_ip,
        "NetworkAdapterName": network.adapter_name,
        "ActivityId": network.activity_id,
    }
    if network.vswitch is not None:
        shown["LayeredOn"] = network.vswitch.layer_id
        shown["SwitchGuid"] = network.vswitch.owner_id
        shown["SwitchName"] = network.vswitch.name
    return shown
