"""What Windows would show of the host: read-only, derived from what HNS keeps."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from hnsemu.domain.compartments import Compartment, compartments
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.extensions import Extension, extensions
from hnsemu.domain.facts import Dns, VSwitch
from hnsemu.domain.interfaces import Interface, container_interfaces, interfaces
from hnsemu.domain.namespaces import HOST_COMPARTMENT
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import NatInstance, Network
from hnsemu.domain.pool_use import PoolUse
from hnsemu.domain.switch_ports import SwitchPort, external_ports, kept_port
from hnsemu.domain.winnat import ENGINE, NatRule
from hnsemu.errors import HnsError, Hr
from hnsemu.storage import (
    adapters,
    allocations,
    endpoints,
    fabric,
    namespaces,
    nat_rules,
    networks,
    placement,
    switch_ports,
    vswitches,
)
from hnsemu.storage.transaction import Transaction, reads


@dataclass(frozen=True, slots=True)
class SwitchView:
    """A switch with its extensions and the networks on it; whether the host has a vNIC there."""

    switch: VSwitch
    extensions: tuple[Extension, ...]
    network_ids: tuple[str, ...]
    has_host_port: bool


@dataclass(frozen=True, slots=True)
class NatView:
    """The NAT instances of the host, and the ports published on each."""

    instances: tuple[NatInstance, ...]
    mappings: tuple[tuple[NatInstance, NatRule], ...]


@reads
def show_adapters(tx: Transaction, compartment: int) -> list[Interface]:
    """Return the interfaces in a compartment: the host's adapters and vNICs, or a container's.

    One that does not exist has none.
    """
    switches = vswitches.all_of(tx)
    if compartment != HOST_COMPARTMENT:
        ids = [
            endpoint_id
            for namespace in namespaces.all_of(tx)
            if namespace.compartment_id == compartment
            for endpoint_id in namespace.endpoint_ids
        ]
        return container_interfaces(_found(tx, ids), switches)
    of_host = _found(tx, fabric.endpoints_of_host(tx))
    dns = Dns(domain=tx.host.dns_suffix, server_list=tx.host.dns_servers)
    return interfaces(adapters.all_of(tx), switches, networks.all_of(tx), of_host, dns)


@reads
def show_switches(tx: Transaction) -> list[SwitchView]:
    """Return the virtual switches, oldest first."""
    host_networks = networks.all_of(tx)
    bound = adapters.all_of(tx)
    shown = []
    for switch in vswitches.all_of(tx):
        on_it = [network for network in host_networks if _stands_on(network, switch)]
        # Only a switch of the Hyper-V tools stands empty.
        mode, flags = (on_it[0].mode, on_it[0].flags) if on_it else (Mode.TRANSPARENT, 0)
        has_host_port = any(network.host_vnic for network in on_it) or any(
            port.kind == "HostVnic" for port in external_ports(switch, bound, host_networks)
        )
        shown.append(
            SwitchView(
                switch,
                extensions(switch, mode, tx.host.release, flags),
                tuple(network.id for network in on_it),
                has_host_port,
            )
        )
    return shown


@reads
def show_ports(tx: Transaction, switch_id: str) -> tuple[VSwitch, list[SwitchPort]]:
    """Return a switch and its ports: uplinks and host first, then those HNS keeps.

    Raises: HCN_E_SWITCH_NOT_FOUND.
    """
    switch = next((switch for switch in vswitches.all_of(tx) if switch.id == switch_id), None)
    if switch is None:
        raise HnsError(Hr.HCN_E_SWITCH_NOT_FOUND, f"there is no virtual switch {switch_id}")
    host_networks = networks.all_of(tx)
    by_id = {network.id: network for network in host_networks}
    kept = [
        kept_port(port, by_id.get(network_id), endpoint_id)
        for port, network_id, endpoint_id in switch_ports.of_switch(tx, switch.key)
    ]
    return switch, external_ports(switch, adapters.all_of(tx), host_networks) + kept


@reads
def show_pools(tx: Transaction) -> list[PoolUse]:
    """Return the address pools of every network, in the order of networks and subnets."""
    shown = []
    for network in networks.all_of(tx):
        place = placement.find(tx, network.id)
        pools = {pool.key: pool for pool in place.pools} if place else {}
        for subnet in network.subnets:
            for ip_subnet in subnet.ip_subnets:
                pool = pools[ip_subnet.key]
                in_use, released = allocations.counts_of_pool(tx, network.key, pool)
                shown.append(PoolUse(network, subnet, ip_subnet, pool, in_use, released))
    return shown


@reads
def show_compartments(tx: Transaction) -> list[Compartment]:
    """Return the network compartments by id."""
    return compartments(namespaces.all_of(tx))


@reads
def show_nat(tx: Transaction, limit: int | None = None, after: int | None = None) -> NatView:
    """Return the NAT instances, oldest first, and the static mappings of published ports.

    limit: at most so many mappings. after: StaticMappingID of the one before the first.
    Raises: E_INVALIDARG when there is no mapping `after`.
    """
    instances = {network.id: network.nat for network in networks.all_of(tx) if network.nat}
    mappings = (
        (instances[rule.network_id], rule)
        for rules in nat_rules.portions(tx, ENGINE, after, limit)
        for rule in rules
        if rule.network_id in instances
    )
    return NatView(tuple(instances.values()), tuple(islice(mappings, limit)))


def _found(tx: Transaction, ids: Iterable[str]) -> list[Endpoint]:
    found = (endpoints.find(tx, endpoint_id) for endpoint_id in ids)
    return [endpoint for endpoint in found if endpoint is not None]


def _stands_on(network: Network, switch: VSwitch) -> bool:
    return network.vswitch is not None and network.vswitch.id == switch.id
