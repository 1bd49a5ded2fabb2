"""Network interfaces: the host's physical adapters, and vNICs on virtual switches."""

import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hnsemu.domain import mac
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.facts import Adapter, Dns, Port, VSwitch
from hnsemu.domain.network_types import SwitchKind
from hnsemu.domain.networks import Network
from hnsemu.errors import Hr

_NO_DNS = Dns()
_FIRST_INDEX = 2
_INDEXES = 2**24 - _FIRST_INDEX

DISABLE_HOST_PORT = 1024  # NetworkFlags. Source: hns-behaviour.md section 2.8 [D].


@dataclass(frozen=True, slots=True)
class Interface:
    """An interface as Get-NetAdapter and Get-NetIPConfiguration see it.

    address: IPv4, "" for none; as address6, IPv6.
    switch:  name of the virtual switch it is on, "" for none.
    """

    name: str
    guid: str
    mac: str
    address: str = ""
    prefix_length: int = 0
    gateway: str = ""
    is_virtual: bool = False
    is_wireless: bool = False
    switch: str = ""
    address6: str = ""
    prefix_length6: int = 0
    gateway6: str = ""
    dns_servers: tuple[str, ...] = ()
    dns_suffix: str = ""

    @property
    def index(self) -> int:
        """Return ifIndex: from the GUID, so that it stays while other interfaces come and go [I].

        As large as the index in a NET_LUID may be, 24 bits; 1 is the loopback interface's.
        """
        return _FIRST_INDEX + zlib.crc32(self.guid.lower().encode()) % _INDEXES


def interfaces(
    adapters: Sequence[Adapter],
    switches: Sequence[VSwitch],
    networks: Sequence[Network],
    endpoints: Sequence[Endpoint] = (),
    dns: Dns = _NO_DNS,
) -> list[Interface]:
    """Return the physical adapters, then the host's vNICs.

    endpoints: those in the host's own compartment; each is a vNIC named after it.
    dns:       the host's resolvers; the interfaces with a default gateway have them [I].

    Source: hns-behaviour.md section 8 [C]; endpoints: flannel and windows-container-networking look
    for "vEthernet (name)" after they attach one to the host [C].
    """
    servers, suffix = dns.server_list, dns.domain
    found = [
        replace(interface, dns_servers=servers, dns_suffix=suffix)
        if interface.gateway or interface.gateway6
        else interface
        for interface in adapter_interfaces(adapters, switches, networks)
    ]
    found += [
        _gateway(network, network.host_vnic)
        for network in networks
        if network.host_vnic is not None
    ]
    return found + container_interfaces(endpoints, switches)


def adapter_interfaces(
    adapters: Sequence[Adapter], switches: Sequence[VSwitch], networks: Sequence[Network]
) -> list[Interface]:
    """Return the physical adapters, then the vNICs that carry the address of one.

    An adapter under an external switch hands its address to the vNIC of the host, unless the
    network that made the switch wants no host port (DisableHostPort).
    Source: hns-behaviour.md section 8 [C], dataplane.md section 9 [D].
    """
    hostless = {network.id for network in networks if network.flags & DISABLE_HOST_PORT}
    under = {switch.id: switch for switch in switches}
    moved = {switch.id for switch in switches if switch.owner_id not in hostless}
    found = [
        _physical(adapter, under.get(adapter.switch_id), has_moved=adapter.switch_id in moved)
        for adapter in adapters
    ]
    for switch in switches:
        if switch.kind is SwitchKind.EXTERNAL and switch.id in moved:
            lent = [adapter for adapter in adapters if adapter.switch_id == switch.id]
            found += [_management(switch, adapter) for adapter in lent[:1]]
    return found


def container_interfaces(
    endpoints: Sequence[Endpoint], switches: Sequence[VSwitch]
) -> list[Interface]:
    """Return the vNICs of endpoints in one compartment; those without a port have none."""
    under = {switch.id: switch for switch in switches}
    return [
        _of_endpoint(endpoint, endpoint.port, under.get(endpoint.switch_id))
        for endpoint in endpoints
        if endpoint.port is not None
    ]


def external_vnic_guid(switch: VSwitch) -> str:
    """Return the interface GUID of the host's vNIC on an external switch: ours, from its id."""
    return str(uuid.uuid5(uuid.UUID(switch.id), "host vNIC"))


def _physical(adapter: Adapter, switch: VSwitch | None, *, has_moved: bool) -> Interface:
    return Interface(
        name=adapter.name,
        guid=adapter.id,
        mac=adapter.mac,
        address="" if has_moved else adapter.address,
        prefix_length=0 if has_moved else adapter.prefix_length,
        gateway="" if has_moved else adapter.gateway,
        is_wireless=adapter.wireless,
        switch=switch.name if switch else "",
        address6="" if has_moved else adapter.address6,
        prefix_length6=0 if has_moved else adapter.prefix_length6,
        gateway6="" if has_moved else adapter.gateway6,
    )


def _management(switch: VSwitch, adapter: Adapter) -> Interface:
    """Return the vNIC that carries the adapter's address; switches of HNS name it after that."""
    return Interface(
        name=f"vEthernet ({adapter.name if switch.by_hns else switch.name})",
        guid=external_vnic_guid(switch),
        mac=adapter.mac,
        address=adapter.address,
        prefix_length=adapter.prefix_length,
        gateway=adapter.gateway,
        is_virtual=True,
        switch=switch.name,
        address6=adapter.address6,
        prefix_length6=adapter.prefix_length6,
        gateway6=adapter.gateway6,
    )


def _gateway(network: Network, port: Port) -> Interface:
    """Return the vNIC that owns the gateway address of an internal network."""
    subnet = next((candidate for candidate in network.subnets if candidate.gateway), None)
    address, length = "", 0
    if network.nat is not None:
        address, length = network.nat.gateway, network.nat.prefix_length
    elif subnet is not None:
        address, length = subnet.gateway, subnet.network.prefixlen
    return Interface(
        name=f"vEthernet ({network.name})",
        guid=port.interface_id,
        mac=port.mac,
        address=address,
        prefix_length=length,
        is_virtual=True,
        switch=network.vswitch.name if network.vswitch else "",
    )


def _of_endpoint(endpoint: Endpoint, port: Port, switch: VSwitch | None) -> Interface:
    """Return the vNIC of an endpoint; of each family its first address is shown."""
    address, length = _first_address(endpoint, 4)
    address6, length6 = _first_address(endpoint, 6)
    return Interface(
        name=f"vEthernet ({endpoint.name})",
        guid=port.interface_id,
        mac=mac.format_mac(mac.parse_mac(port.mac, Hr.HCN_E_INVALID_ENDPOINT)),
        address=address,
        prefix_length=length,
        gateway=_gateway_of(endpoint, "0.0.0.0/0"),
        is_virtual=True,
        switch=switch.name if switch else "",
        address6=address6,
        prefix_length6=length6,
        gateway6=_gateway_of(endpoint, "::/0"),
        dns_servers=endpoint.dns.server_list,
        dns_suffix=endpoint.dns.domain,
    )


def _first_address(endpoint: Endpoint, version: int) -> tuple[str, int]:
    for configuration in endpoint.ip_configurations:
        if (":" in configuration.ip_address) is (version == 6):  # noqa: PLR2004 (IPv6)
            return configuration.ip_address, configuration.prefix_length
    return "", 0


def _gateway_of(endpoint: Endpoint, everything: str) -> str:
    hops = (route.next_hop for route in endpoint.routes if route.destination_prefix == everything)
    return next(hops, "")
