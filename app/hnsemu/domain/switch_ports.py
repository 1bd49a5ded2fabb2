"""Ports of a virtual switch: those HNS keeps, and those every external switch has beside them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from hnsemu.domain.facts import Adapter, Port, VSwitch
from hnsemu.domain.interfaces import DISABLE_HOST_PORT, external_vnic_guid
from hnsemu.domain.network_types import Mode, SwitchKind
from hnsemu.domain.networks import Network


@dataclass(frozen=True, slots=True)
class SwitchPort:
    """A port and its owner.

    kind: "Endpoint", "HostVnic", "RDID" (an overlay's), or "External" (the uplink).
    friendly_name: as vfpctrl lists it. nic_name: of the vNIC or adapter plugged in.
    """

    kind: str
    port_id: str
    friendly_name: str
    nic_id: str
    nic_name: str
    interface_id: str
    mac: str
    isolation: int = 0
    compartment: int = 0
    is_connected: bool = True
    network_id: str = ""
    endpoint_id: str = ""


def kept_port(port: Port, network: Network | None, endpoint_id: str) -> SwitchPort:
    """Return a port that HNS keeps for a network or an endpoint.

    Friendly names: hns-behaviour.md section 2.7 and dataplane.md section 1.1 [O].
    """
    if endpoint_id:
        friendly_name = port.friendly_name or endpoint_id.upper()
    elif network is None or network.mode is Mode.NAT:
        friendly_name = f"Container NIC {port.allocator_id[:8]}"
    else:
        friendly_name = f"Host Vnic {network.id.upper()}"
    return SwitchPort(
        kind=port.kind,
        port_id=port.port_id,
        friendly_name=friendly_name,
        nic_id=port.nic_id,
        nic_name="" if endpoint_id else port.friendly_name,
        interface_id=port.interface_id,
        mac=port.mac,
        isolation=port.isolation,
        compartment=port.compartment,
        is_connected=port.connected,
        network_id=network.id if network else "",
        endpoint_id=endpoint_id,
    )


def external_ports(
    switch: VSwitch, adapters: Sequence[Adapter], networks: Sequence[Network]
) -> list[SwitchPort]:
    """Return the uplinks of an external switch and the host's own port, if it has one.

    Hyper-V makes them, not HNS; their GUIDs are ours, from the switch's and adapters' ids.
    Source: dataplane.md section 9 [D]; the uplink's name section 1.1 [O].
    """
    if switch.kind is not SwitchKind.EXTERNAL:
        return []
    bound = [adapter for adapter in adapters if adapter.switch_id == switch.id]
    uplinks = [_uplink(switch, adapter) for adapter in bound]
    owner = next((network for network in networks if network.id == switch.owner_id), None)
    if not bound or (owner is not None and owner.flags & DISABLE_HOST_PORT):
        return uplinks
    vnic = external_vnic_guid(switch)
    host = SwitchPort(
        kind="HostVnic",
        port_id=_guid(switch.id, "host port"),
        friendly_name=f"Host Vnic {switch.owner_id.upper()}",
        nic_id=vnic,
        nic_name=bound[0].name if switch.by_hns else switch.name,
        interface_id=vnic,
        mac=bound[0].mac,
        compartment=1,
    )
    return [*uplinks, host]


def _uplink(switch: VSwitch, adapter: Adapter) -> SwitchPort:
    return SwitchPort(
        kind="External",
        port_id=_guid(switch.id, adapter.id),
        friendly_name="ExternalPort",
        nic_id=adapter.id,
        nic_name=adapter.name,
        interface_id=adapter.id,
        mac=adapter.mac,
    )


def _guid(switch_id: str, name: str) -> str:
    return str(uuid.uuid5(uuid.UUID(switch_id), name))
