"""The port of an overlay's distributed router, and the uplink.

Source: dataplane.md sections 1.1 and 4.1.
"""

from collections.abc import Iterator
from itertools import chain

from hnsemu.domain.dataplane import (
    PlumbedNetwork,
)
from hnsemu.domain.fabric import HostFabric
from hnsemu.domain.facts import Port, VSwitch
from hnsemu.domain.packet import Packet
from hnsemu.domain.releases import Release
from hnsemu.domain.switch_ports import SwitchPort
from hnsemu.domain.vfp.building import families, fixed
from hnsemu.domain.vfp.encap import (
    ENCAP_LAYER,
    HAIRPIN_LAYER_ID,
    decap_rule,
    remote_rules,
    turn_rules,
)
from hnsemu.domain.vfp.layers import (
    IN,
    OUT,
    WS2025,
    address_flags,
    management_address,
    neighbours,
    pa_route_layer,
)
from hnsemu.domain.vfp.model import (
    CLEAR_TNI,
    DEFAULT_ALLOW,
    HAIRPIN_LAYER,
    AddressInfo,
    Layer,
    PortKind,
    Rule,
    VfpPort,
)

_ANYTHING = "0.0.0.0"  # noqa: S104 (as listed)


def dr_port(host: HostFabric, network: PlumbedNetwork, number: int = 0) -> VfpPort:
    """Return the port of an overlay's distributed router."""
    port, switch = network.network.rdid_port, network.network.vswitch
    assert port is not None  # noqa: S101 (every overlay has one)
    return VfpPort(
        id=port.port_id,
        number=number,
        kind=PortKind.DR,
        friendly_name=_dr_name(port, network, host.release),
        mac=port.mac,
        switch_id=switch.id if switch else "",
        switch_name=switch.name if switch else "",
        nic_name=port.nic_id,
        nic_friendly_name="DR",
        owner_id=network.id,
        network_id=network.id,
        layers=_dr_layers(host, network),
        address_info=AddressInfo(
            str(management_address(network) or ""),
            (_ANYTHING,),
            port.mac,
            address_flags(host.release),
        ),
    )


def external_port(port: SwitchPort, switch: VSwitch, number: int = 0) -> VfpPort:
    """Return the uplink, where VFP is off and which has no layers. Source: section 1.2 [O]."""
    return VfpPort(
        id=port.port_id,
        number=number,
        kind=PortKind.EXTERNAL,
        friendly_name="ExternalPort",
        mac=port.mac,
        switch_id=switch.id,
        switch_name=switch.name,
        nic_name=port.nic_id,
        nic_friendly_name=port.nic_name,
        enabled=False,
    )


def _dr_layers(host: HostFabric, network: PlumbedNetwork) -> tuple[Layer, ...]:
    source = management_address(network)
    near = neighbours(host, network, source)
    remote = tuple(remote_rules(network, source))

    def turns(packet: Packet | None) -> Iterator[Rule]:
        found = (
            host.endpoints(network.id)
            if packet is None
            else host.endpoints_at(network.id, packet.destination)
        )
        return turn_rules(found)

    encap = (
        *families("VNET_GROUP_ENCAP_IP{V}_OUT", OUT, 100,
                  lambda packet: chain(near(packet), remote), longest_prefix=True),
        *families("VNET_GROUP_ENCAP_IP{V}_IN", IN, 100, fixed([decap_rule()])),
    )  # fmt: skip
    hairpin = families(
        "REMOTESUBNETROUTE_HAIRPIN_GROUP{suffix}", IN, 100, turns, longest_prefix=True
    )
    return (
        Layer(ENCAP_LAYER, 40, CLEAR_TNI, encap, evidence="O"),
        pa_route_layer(),
        Layer(HAIRPIN_LAYER_ID, 35, DEFAULT_ALLOW | HAIRPIN_LAYER, hairpin, evidence="O"),
    )


def _dr_name(port: Port, network: PlumbedNetwork, release: Release) -> str:
    if release.hns >= WS2025:
        return f"DrPort {network.id}"
    return f"Container NIC {port.nic_id[:8]}"
