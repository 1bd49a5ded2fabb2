"""Published ports: what a valid PortMapping is, and what it claims on the host."""

from dataclasses import dataclass

from hnsemu.domain.network_types import PortMappings
from hnsemu.errors import HnsError, Hr

TCP, UDP = 6, 17
LOCAL_ROUTED_VIP, IPV6, EXTERNAL_PORT_RESERVED = 1, 2, 4

CHOSEN_PORTS = range(49152, 65536)
"""Where HNS finds an external port when the caller leaves it to HNS [I]: the dynamic range."""


@dataclass(frozen=True, slots=True)
class PortMapping:
    """A port published on the host.

    external_port: 0 asks HNS to choose. vip: "" means every address of the host.
    """

    protocol: int
    internal_port: int
    external_port: int
    vip: str = ""
    ipv6: bool = False


def check_port_mapping(mapping: PortMapping, engine: PortMappings, network_type: str) -> None:
    """Refuse a mapping that no host could make.

    Raises: HCN_E_MAPPING_NOT_SUPPORTED on networks without port mapping,
            HCN_E_INVALID_INTERNAL_PORT, HCN_E_INVALID_POLICY for a protocol without ports.
    Source: hns-behaviour.md section 6.3 [D].
    """
    if engine is PortMappings.NONE:
        raise HnsError(
            Hr.HCN_E_MAPPING_NOT_SUPPORTED,
            f"PortMapping: {network_type} networks publish no ports; use NAT, L2Bridge or Overlay",
        )
    if not mapping.internal_port:
        raise HnsError(Hr.HCN_E_INVALID_INTERNAL_PORT, "PortMapping: InternalPort is missing or 0")
    if mapping.protocol not in {TCP, UDP}:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY,
            f"PortMapping: protocol {mapping.protocol} has no ports to publish; use 6 or 17",
        )
