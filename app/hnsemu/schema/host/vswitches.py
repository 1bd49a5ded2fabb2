"""GET /host/vswitches: Get-VMSwitch with the extensions, and the ports of one switch."""

from collections.abc import Sequence

from pydantic import Field

from hnsemu.domain.extensions import Extension
from hnsemu.domain.facts import VSwitch
from hnsemu.domain.switch_ports import SwitchPort
from hnsemu.schema.host.view import View, braced

_GUID = "0f1cbd2e-6f3e-4c64-8d5b-2f5c5f4d9a11"


class VMSwitchExtension(View):
    """A switch extension, as Get-VMSwitchExtension prints it."""

    id: str = Field(examples=["e7c3b2f0-f3c5-48df-af2b-10fed6d72e7a"])
    name: str = Field(examples=["Microsoft Windows Filtering Platform"])
    enabled: bool


class VMSwitch(View):
    """A Hyper-V switch, with the layer and the networks of HNS on it."""

    id: str = Field(examples=[_GUID])
    name: str = Field(examples=["nat"])
    switch_type: str = Field(examples=["Internal"], description="Internal, External or Private.")
    net_adapter_names: tuple[str, ...] = Field(description="Several form a team.")
    embedded_teaming_enabled: bool
    allow_management_os: bool = Field(
        alias="AllowManagementOS", description="Whether the host has a vNIC on it."
    )
    extensions: tuple[VMSwitchExtension, ...]
    made_by_hns: bool = Field(
        alias="MadeByHNS",
        description="Whether HNS created it and removes it with its last network.",
    )
    layered_on: str = Field(description="The LayeredOn of its networks.")
    networks: tuple[str, ...] = Field(description="GUIDs of the networks on it, oldest first.")


class VMSwitchPort(View):
    """A switch port, with the members of `vfpctrl /list-vmswitch-port` that HNS decides."""

    port_name: str = Field(examples=[_GUID.upper()])
    port_friendly_name: str = Field(examples=["ExternalPort"])
    kind: str = Field(description="Endpoint, HostVnic, External (an uplink) or RDID (overlay).")
    switch_name: str = Field(examples=[_GUID.upper()])
    switch_friendly_name: str = Field(examples=["nat"])
    nic_name: str = Field(examples=[_GUID.upper()])
    nic_friendly_name: str = Field(examples=["nat"])
    nic_connected: bool
    mac_address: str = Field(examples=["00-15-5D-0A-00-04"])
    vlan_id: int = Field(description="0 without a VLAN.")
    compartment_id: int = Field(
        description="0 while nothing is plugged in; 1 is the compartment of the host."
    )
    interface_guid: str
    network: str = Field(description='GUID of the network, "" for ports of the switch itself.')
    endpoint: str = Field(description='GUID of the endpoint, "" for other ports.')


def vm_switch(
    switch: VSwitch,
    extensions: Sequence[Extension],
    network_ids: Sequence[str],
    *,
    has_host_port: bool,
) -> VMSwitch:
    """Return the view of a switch."""
    return VMSwitch(
        id=switch.id,
        name=switch.name,
        switch_type=switch.kind.value,
        net_adapter_names=switch.adapters,
        embedded_teaming_enabled=len(switch.adapters) > 1,
        allow_management_os=has_host_port,
        extensions=tuple(
            VMSwitchExtension(id=extension.id, name=extension.name, enabled=extension.is_enabled)
            for extension in extensions
        ),
        made_by_hns=switch.by_hns,
        layered_on=switch.layer_id,
        networks=tuple(network_ids),
    )


def vm_switch_port(switch: VSwitch, port: SwitchPort) -> VMSwitchPort:
    """Return the view of a port of `switch`."""
    return VMSwitchPort(
        port_name=port.port_id.upper(),
        port_friendly_name=port.friendly_name,
        kind=port.kind,
        switch_name=switch.id.upper(),
        switch_friendly_name=switch.name,
        nic_name=port.nic_id.upper(),
        nic_friendly_name=port.nic_name,
        nic_connected=port.is_connected,
        mac_address=port.mac,
        vlan_id=port.isolation,
        compartment_id=port.compartment,
        interface_guid=braced(port.interface_id),
        network=port.network_id,
        endpoint=port.endpoint_id,
    )
