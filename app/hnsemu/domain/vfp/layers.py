"""What the layers of several kinds of port have in common.

Source: dataplane.md sections 4 and 11.
"""

from collections.abc import Iterator

from hnsemu.domain.dataplane import (
    Balancer,
    PlumbedEndpoint,
    PlumbedNetwork,
    parse_address,
)
from hnsemu.domain.fabric import HostFabric
from hnsemu.domain.network_types import network_type
from hnsemu.domain.packet import Address, Direction, Packet
from hnsemu.domain.releases import Release
from hnsemu.domain.vfp.building import Rules, families, fixed
from hnsemu.domain.vfp.encap import (
    endpoint_rules,
)
from hnsemu.domain.vfp.model import DEFAULT_ALLOW, TERMINATING, Layer, PaRoute, Rule, RuleType

OUT, IN = Direction.OUT, Direction.IN
PA_ROUTE = "VNET_PA_ROUTE_LAYER"
FORWARDING = frozenset(
    {
        "VNET_ENCAP_LAYER",
        "ENCAP",
        "DECAP_IN",
        "REMOTESUBNETROUTE_HAIRPIN_LAYER",
        "L2_MAC_REWRITE_LAYER",
        PA_ROUTE,
    }
)
"""Layers that say where a packet goes, not whether: packets of a known flow pass them too."""

WS2025 = (15, 4)
"""The HNS from which ports have other names and flags. Source: section 1 [O]."""

_PA_ROUTE_PRIORITY = 45535  # [O]


def has_vfp(network: PlumbedNetwork) -> bool:
    """Tell whether the switch of the network has VFP."""
    return network_type(network.network.mode).vfp


def management_address(network: PlumbedNetwork, version: int = 4) -> Address | None:
    """Return the address of the host on the network: what NAT and VXLAN send from.

    version: the family; without an address of IPv6 the ManagementIP is all that there is.
    """
    of_family = network.management6 if version == 6 else None  # noqa: PLR2004 (a family)
    return of_family or parse_address(network.network.management_ip)


def provider_address(network: PlumbedNetwork, endpoint: PlumbedEndpoint | None) -> Address | None:
    """Return the address that the packets of an endpoint are encapsulated from."""
    own = parse_address(endpoint.policies.provider_address) if endpoint else None
    return own or management_address(network)


def neighbours(
    host: HostFabric, network: PlumbedNetwork, source: Address | None, vlan: int | None = None
) -> Rules:
    """Return the entries for the endpoints of the network: of the destination, or of all.

    vlan: only for endpoints in it, None for every one.
    """

    def rules(packet: Packet | None) -> Iterator[Rule]:
        found = (
            host.endpoints(network.id)
            if packet is None
            else host.endpoints_at(network.id, packet.destination)
        )
        near = (endpoint for endpoint in found if vlan is None or endpoint.vlan == vlan)
        return endpoint_rules(network, near, source)

    return rules


def pa_route_layer(interface_index: int = 0) -> Layer:
    """Return the layer that routes by provider addresses. interface_index: 0 for any."""
    rule = Rule("PA_ROUTE", "PA_ROUTE", _PA_ROUTE_PRIORITY, TERMINATING, RuleType.PAROUTE,
                data=PaRoute(interface_index), evidence="O")  # fmt: skip
    groups = families("VNET_GROUP_PA_ROUTE_IP{V}_OUT", OUT, 200, fixed([rule]))
    return Layer(PA_ROUTE, 2000, DEFAULT_ALLOW, groups, evidence="O")


def balancers_on(
    host: HostFabric, network: PlumbedNetwork, packet: Packet | None
) -> list[Balancer]:
    """Return the load balancers that have a backend on the network."""
    return [balancer for balancer in host.balancers(packet) if network.id in balancer.network_ids]


def address_flags(release: Release) -> int:
    """Return the address flags of container and DR ports. Source: section 1.2 [O]."""
    return 4432 if release.hns >= WS2025 else 336
