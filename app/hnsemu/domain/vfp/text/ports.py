"""/list-vmswitch-port, /get-port-state, /get-port-address-info, /list-space, /list-tag and others.

Source: dataplane.md sections 1.1, 1.2 and 11.5.
"""

from collections.abc import Sequence

from hnsemu.domain.vfp.model import NatPool, PortKind, VfpPort
from hnsemu.domain.vfp.text.lines import at, crlf, listing

_TYPES = {
    PortKind.CONTAINER: "Synthetic",
    PortKind.HOST: "Internal",
    PortKind.DR: "Internal",
    PortKind.EXTERNAL: "External",
}


def list_ports(ports: Sequence[VfpPort]) -> str:
    """Return the listing of all ports; records are parted by a blank line."""
    return listing("list-vmswitch-port", [line for port in ports for line in (*_port(port), "")])


def _port(port: VfpPort) -> list[str]:
    connected = "Connected" if port.is_connected else "Disconnected"
    return [
        f"Port name             : {port.id.upper()}",
        f"Port Friendly name    : {port.friendly_name}",
        f"Switch name           : {port.switch_id.upper()}",
        f"Switch Friendly name  : {port.switch_name}",
        f"PortId                : {port.number}",
        f"Port type             : {_TYPES[port.kind]}",
        "VMQ Weight            : 0",
        "VMQ Usage             : 0",
        f"SR-IOV Weight         : {port.iov_weight}",
        "SR-IOV Usage          : 0",
        "Port is Initialized.",
        "MAC Learning is Disabled.",
        f"NIC is {connected}.",
        f"NIC name              : {port.nic_name.upper()}",
        f"NIC Friendly name     : {port.nic_friendly_name}",
        f"MTU                   : {port.mtu}",
        f"MAC address           : {port.mac.upper().replace(':', '-')}",
        "VM name               : ",
        "VM ID                 : ",
    ]


def port_state(port: VfpPort) -> str:
    """Return the state of a port. Source: section 1.2 [O]."""
    lines = [
        "PORT STATE",
        *at(
            4,
            (
                "Enabled" if port.enabled else "Enabled : FALSE",
                "Blocked : FALSE",
                "BlockedOnRestore : TRUE",
                "BlockedLayerCreation : FALSE",
                "No Encapsulation Offloads Enabled",
                "Preserving Vlan : FALSE",
                "VM Context Set : FALSE",
            ),
        ),
        "",
    ]
    return crlf([*lines, "Command get-port-state succeeded!"])


def port_address_info(port: VfpPort) -> str:
    """Return what the port knows of addresses. Source: section 1.2 [O]; the labels [M]."""
    info = port.address_info
    fields = (
        f"Provider IP : {info.provider}",
        f"Customer IP(s) : {', '.join(info.customers)}",
        f"Fake MAC : {info.fake_mac}",
        f"Flags : {info.flags}",
    )
    return listing("get-port-address-info", [*at(4, fields), ""])


def list_spaces(port: VfpPort) -> str:
    """Return the spaces of a port."""
    lines = [line for space in port.spaces for line in (f"SPACE : {space}", "")]
    return listing("list-space", lines)


def list_tags(port: VfpPort) -> str:
    """Return the tags of a port: the IP sets of its network."""
    lines = []
    for name, members in port.tags.items():
        lines += [f"TAG : {name}", *at(4, (f"IP : {text}" for text in members.texts)), ""]
    return listing("list-tag", lines)


def list_nat_pools(port: VfpPort) -> str:
    """Return the NAT pools of a port."""
    lines = [line for pool in port.nat_pools for line in (f"NAT POOL : {pool}", "")]
    return listing("list-nat-pool", lines)


def list_nat_ranges(port: VfpPort) -> str:
    """Return the port ranges of the NAT pools: one block of 64 for each."""
    lines = []
    for pool in _pools(port):
        if pool.block is None:
            continue
        first, last = pool.block
        fields = (
            f"NAT Pool : {pool.name}",
            f"IP : {pool.address}",
            f"Start port : {first}",
            f"End port : {last}",
            "State : Idle",
        )
        lines += ["NAT RANGE :", *at(4, fields), ""]
    return listing("list-nat-range", lines)


def _pools(port: VfpPort) -> list[NatPool]:
    found = []
    for layer in port.layers:
        for group in layer.groups:
            for rule in group.rules(None):
                if isinstance(rule.data, NatPool) and rule.data not in found:
                    found.append(rule.data)
    return found
