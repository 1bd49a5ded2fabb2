"""What a fresh host has, and what comes back by itself whenever it starts."""

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import IPv4Network

from hnsemu.domain.facts import Adapter, Route
from hnsemu.domain.host_definition import adapter_definitions, adapter_mac
from hnsemu.domain.hosts import AdapterDefinition, HostDefinition
from hnsemu.domain.identity import IdentityRequest
from hnsemu.domain.network_creation import NetworkRequest
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import DEFAULT_SWITCH_ID, Network
from hnsemu.domain.releases import Release
from hnsemu.domain.source import Source
from hnsemu.domain.subnets import SubnetRequest

NAT = NetworkRequest(
    IdentityRequest(name="nat"),
    Mode.NAT,
    Mode.NAT.value,
    subnets=(SubnetRequest(prefix="172.16.0.0/16", routes=(Route("172.16.0.1", "0.0.0.0/0"),)),),
)
"""The network that container engines and their setup scripts create when they find none.

Source: the documented default prefix, hns-behaviour.md sections 7.1 and 7.2 [D].
"""

DEFAULT_SWITCH = IdentityRequest(id=DEFAULT_SWITCH_ID, name="Default Switch")
_DNS_PROXY_AND_DHCP = 1 | 2
_NON_PERSISTENT = 8
_DEFAULT_SWITCH_GOES_SINCE = (11, 0)


def default_switch(release: Release) -> NetworkRequest:
    """Return what Hyper-V has on a Windows client.

    Source: hns-behaviour.md section 7.1 [O]; multipass#1833 for Flags 3 before 11.x, where its
    Health lacks the counters that came with 11.x [O].
    """
    goes = release.hns >= _DEFAULT_SWITCH_GOES_SINCE
    flags = _DNS_PROXY_AND_DHCP | _NON_PERSISTENT if goes else _DNS_PROXY_AND_DHCP
    return NetworkRequest(DEFAULT_SWITCH, Mode.ICS, Mode.ICS.value, flags=flags)


def new_adapters(definition: HostDefinition, number: int, source: Source) -> list[Adapter]:
    """Return the adapters of host `number`, not stored yet (key 0)."""
    return [_adapter(adapter, source) for adapter in adapter_definitions(definition, number)]


def lacks_default_switch(release: Release, networks: Iterable[Network]) -> bool:
    """Tell whether HNS creates the Default Switch when it starts: on a client without one [I]."""
    return release.is_client and not any(
        network.id == DEFAULT_SWITCH.id or network.name == DEFAULT_SWITCH.name
        for network in networks
    )


def lacks_nat(networks: Iterable[Network]) -> bool:
    """Tell whether the container engine creates `nat` at a boot: without a NAT network [I]."""
    name = NAT.identity.name
    return not any(network.mode is Mode.NAT or network.name == name for network in networks)


def missing_nat(definition: HostDefinition, networks: Iterable[Network]) -> NetworkRequest | None:
    """Return what the container engine creates at a boot, None for nothing.

    Its daemon.json decides: `bridge` none, or `fixed-cidr`, whose first address is the gateway.
    Source: docker.md section 3 [C], recorded of dockerd 28.5.2 [O].
    """
    if definition.docker_bridge == "none" or not lacks_nat(networks):
        return None
    if not definition.docker_fixed_cidr:
        return NAT
    gateway = str(IPv4Network(definition.docker_fixed_cidr)[1])
    route = Route(gateway, "0.0.0.0/0")
    return replace(
        NAT, subnets=(SubnetRequest(prefix=definition.docker_fixed_cidr, routes=(route,)),)
    )


def _adapter(definition: AdapterDefinition, source: Source) -> Adapter:
    address, _, prefix_length = definition.address.partition("/")
    address6, _, prefix_length6 = definition.address6.partition("/")
    return Adapter(
        key=0,
        id=source.guid(),
        name=definition.name,
        mac=definition.mac or adapter_mac(source.below(1 << 24)),
        address=address,
        prefix_length=int(prefix_length or 0),
        gateway=definition.gateway,
        wireless=definition.wireless,
        address6=address6,
        prefix_length6=int(prefix_length6 or 0),
        gateway6=definition.gateway6,
    )
