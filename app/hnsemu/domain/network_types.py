"""What each network type is made of and allows: one row per NetworkMode."""

from dataclasses import dataclass
from enum import StrEnum

from hnsemu.errors import HnsError, Hr


class Mode(StrEnum):
    """NetworkMode under its canonical names, in schema order. Source: hns-behaviour.md 2.8."""

    NAT = "NAT"
    ICS = "ICS"
    TRANSPARENT = "Transparent"
    L2BRIDGE = "L2Bridge"
    L2TUNNEL = "L2Tunnel"
    OVERLAY = "Overlay"
    PRIVATE = "Private"
    INTERNAL = "Internal"
    MIRRORED = "Mirrored"
    INFINIBAND = "Infiniband"
    CONSTRAINED_ICS = "ConstrainedICS"


class SwitchKind(StrEnum):
    """The three kinds of Hyper-V switch. Source: dataplane.md section 9 [D]."""

    INTERNAL = "Internal"
    EXTERNAL = "External"
    PRIVATE = "Private"


class PortMappings(StrEnum):
    """Which engine compiles a port mapping on a network. Source: dataplane.md section 5.1."""

    WINNAT = "WinNAT"
    VFP = "VFP"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class NetworkType:
    """The rules of one network type.

    switch:        the kind of vSwitch it stands on.
    family:        networks of one family may share an external switch; "" never shares.
    vfp:           whether the VFP extension is enabled on its switch.
    host_vnic:     whether the host gets a vNIC on it that owns the gateway address.
    encap:         default EncapOverhead of its endpoints, bytes.
    allocates:     whether HNS picks addresses when the network has no subnet.
    multi_subnet:  whether Subnet and IPSubnet modify requests are allowed (schema 2.6).
    port_mappings: where PortMapping policies go.
    Source: hns-behaviour.md sections 2.3, 7 and 8; dataplane.md sections 4, 5 and 9.
    """

    switch: SwitchKind
    family: str = ""
    vfp: bool = False
    host_vnic: bool = False
    encap: int = 0
    allocates: bool = False
    multi_subnet: bool = False
    port_mappings: PortMappings = PortMappings.NONE


_ICS = NetworkType(SwitchKind.INTERNAL, host_vnic=True, allocates=True)
_L2 = NetworkType(
    SwitchKind.EXTERNAL,
    family="l2bridge",
    vfp=True,
    encap=50,
    multi_subnet=True,
    port_mappings=PortMappings.VFP,
)

NETWORK_TYPES: dict[Mode, NetworkType] = {
    Mode.NAT: NetworkType(
        SwitchKind.INTERNAL,
        family="nat",
        host_vnic=True,
        allocates=True,
        port_mappings=PortMappings.WINNAT,
    ),
    Mode.ICS: _ICS,
    Mode.CONSTRAINED_ICS: _ICS,
    Mode.TRANSPARENT: NetworkType(SwitchKind.EXTERNAL, family="transparent"),
    Mode.L2BRIDGE: _L2,
    Mode.L2TUNNEL: _L2,
    Mode.OVERLAY: NetworkType(
        SwitchKind.EXTERNAL,
        family="overlay",
        vfp=True,
        encap=50,
        multi_subnet=True,
        port_mappings=PortMappings.VFP,
    ),
    Mode.PRIVATE: NetworkType(SwitchKind.PRIVATE),
    Mode.INTERNAL: NetworkType(SwitchKind.INTERNAL, host_vnic=True),
}


def network_type(mode: Mode) -> NetworkType:
    """Return the rules of `mode`.

    Raises: HCN_E_INVALID_NETWORK_TYPE for the modes a container host cannot create.
    """
    rules = NETWORK_TYPES.get(mode)
    if rules is None:
        raise HnsError(
            Hr.HCN_E_INVALID_NETWORK_TYPE,
            f"a network of type {mode} cannot be created on this host; "
            f"choose one of {', '.join(NETWORK_TYPES)}",
        )
    return rules
