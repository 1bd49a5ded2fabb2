"""The parts of a network that HNS makes: switch, pools, host vNIC, NAT and distributed router."""

import ipaddress
from dataclasses import replace

from hnsemu.domain import mac
from hnsemu.domain.extensions import check_extension
from hnsemu.domain.facts import Adapter, Policy, Port, VSwitch
from hnsemu.domain.nat import DEFAULT_PREFIX, choose_slice, has_one_prefix
from hnsemu.domain.network_rules import Flag, host_prefixes, nat_instance
from hnsemu.domain.network_types import Mode, NetworkType, SwitchKind
from hnsemu.domain.networks import IpNetwork, IpSubnet, Network, Subnet
from hnsemu.domain.permutation import element
from hnsemu.domain.releases import Release
from hnsemu.domain.subnets import SubnetRequest, choose_prefix
from hnsemu.domain.switch import SwitchChoice
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.read_networks import asked_extensions
from hnsemu.storage import adapters, allocations, networks, vswitches
from hnsemu.storage.transaction import Transaction

_SEEDS = 1 << 31
_SWITCH_HAS_ID_OF_NETWORK = (15, 0)  # [O] overlay; ICS on every release seen
_LONG_NIC_NAMES = (15, 0)
_SHORT_NIC_NAME = 15


def with_chosen_prefix(
    tx: Transaction, asked: SubnetRequest, others: list[Network]
) -> SubnetRequest:
    """Return the subnet of a NAT or ICS network with the prefix that HNS chooses for it.

    Raises: HCN_E_INVALID_SUBNET or E_OBJECT_ALREADY_EXISTS when nothing is free.
    """
    prefixes = host_prefixes(others)
    draw = tx.source.below
    if prefixes and has_one_prefix(tx.host.release):
        prefix = choose_slice(prefixes, draw)
    else:
        prefix = choose_prefix(_prefixes_in_use(tx, others), draw)
    return replace(asked, prefix=str(prefix), routes=())


def wanted_extensions(
    tx: Transaction, carried: tuple[Policy, ...], placement: SwitchChoice
) -> tuple[tuple[str, bool], ...]:
    """Return how VSwitchExtension policies want the extensions of a new switch.

    Raises: HCN_E_SWITCH_EXTENSION_NOT_FOUND; HCN_E_SHARED_SWITCH_MODIFICATION when the network
            joins a switch that is there already [I].
    """
    wanted = asked_extensions(carried)
    for extension_id, _ in wanted:
        check_extension(extension_id, tx.host.release)
    if wanted and placement.switch is not None:
        raise HnsError(
            Hr.HCN_E_SHARED_SWITCH_MODIFICATION,
            f"VSwitchExtension: the network joins switch {placement.switch.name!r}; leave the "
            "policy out, or name an adapter that is free",
        )
    return wanted


def join_switch(tx: Transaction, switch: VSwitch, network_id: str) -> VSwitch:
    """Return the switch for one more network; the first network on it owns it.

    Source: SwitchGuid names a network that clients open. hns-behaviour.md section 8 [C].
    """
    if vswitches.count_networks(tx, switch.key):
        return switch
    vswitches.set_owner(tx, switch.key, network_id)
    return replace(switch, owner_id=network_id)


def new_switch(
    tx: Transaction,
    placement: SwitchChoice,
    kind: SwitchKind,
    made: Network,
    wanted: tuple[tuple[str, bool], ...],
) -> VSwitch:
    """Make a switch for a network, bind its adapters and set its extensions as `wanted`.

    From HNS 15.0 on, and for ICS always, the switch has the id of its network [O], unless an older
    switch has that id already.
    """
    guid = tx.source.guid
    alone = kind is SwitchKind.INTERNAL and not placement.family
    same_id = alone or tx.host.release.hns >= _SWITCH_HAS_ID_OF_NETWORK
    if same_id and vswitches.exists(tx, made.id):
        same_id = False
    return store_switch(
        tx,
        VSwitch(
            key=0,
            id=made.id if same_id else guid(),
            name=made.name,
            kind=kind,
            family=placement.family,
            layer_id=guid(),
            owner_id=made.id,
            parent_id=guid(),
            extensions=wanted,
        ),
        placement.adapters,
    )


def store_switch(tx: Transaction, made: VSwitch, bound: tuple[Adapter, ...]) -> VSwitch:
    """Insert the switch, bind the adapters to it and return it with both."""
    key = vswitches.insert_switch(tx, made)
    if bound:
        adapters.bind(tx, [each.key for each in bound], key)
    return replace(made, key=key, adapters=tuple(each.name for each in bound))


def management_ip(tx: Transaction, flags: int, switch: VSwitch) -> str:
    """Return the address of the host's vNIC on an external switch, "" without one."""
    if switch.kind is not SwitchKind.EXTERNAL or flags & Flag.DISABLE_HOST_PORT:
        return ""
    have = adapters.all_of(tx)
    return next((each.address for each in have if each.name in switch.adapters), "")


def store_network(tx: Transaction, made: Network, switch: VSwitch, rules: NetworkType) -> int:
    """Insert the network with its subnets, its own ports and its NAT; return its key."""
    seed = tx.source.below(_SEEDS)
    key = networks.insert_network(tx, switch.key, made, seed)
    for subnet in made.subnets:
        store_subnet(tx, key, subnet)
    if rules.host_vnic:
        _store_host_vnic(tx, made, key, seed, switch, rules)
    if made.mode is Mode.OVERLAY:
        router = _port(tx, "RDID", made.dr_mac, 0)
        vswitches.insert_port(tx, switch.key, router, network_key=key)
    return key


def store_subnet(tx: Transaction, network_key: int, subnet: Subnet) -> None:
    """Insert a subnet behind the others of its network."""
    seeds = _seeds(tx, subnet.ip_subnets)
    networks.insert_subnet(tx, network_key, subnet, seeds)


def store_pools(tx: Transaction, subnet_key: int, pools: tuple[IpSubnet, ...]) -> None:
    """Insert pools behind the others of their subnet."""
    networks.insert_pools(tx, subnet_key, pools, _seeds(tx, pools))


def _seeds(tx: Transaction, pools: tuple[IpSubnet, ...]) -> list[int]:
    """Return a number per pool that names the permutation it is drawn by."""
    return [tx.source.below(_SEEDS) for _ in pools]


def _prefixes_in_use(tx: Transaction, others: list[Network]) -> list[IpNetwork]:
    """Return what HNS steers clear of: the prefixes of networks, of adapters and of `nat`."""
    of_adapters = [
        ipaddress.ip_network(f"{each.address}/{each.prefix_length}", strict=False)
        for each in adapters.all_of(tx)
        if each.address
    ]
    of_networks = [subnet.network for other in others for subnet in other.subnets]
    return [DEFAULT_PREFIX, *of_adapters, *of_networks]


def _store_host_vnic(
    tx: Transaction,
    made: Network,
    network_key: int,
    seed: int,
    switch: VSwitch,
    rules: NetworkType,
) -> None:
    """Insert the vNIC that owns the gateway address, with the pool's first MAC, and the NAT."""
    number = mac.at(made.mac_ranges, element(0, mac.size(made.mac_ranges), seed))
    allocations.take_mac(tx, network_key, number, state="free", endpoint_key=None)
    allocations.set_mac_cursor(tx, network_key, 1)
    port = _port(tx, "HostVnic", mac.format_mac(number), made.isolation)
    port = replace(port, friendly_name=_nic_name(made.name, tx.host.release))
    if switch.id == switch.owner_id:
        port = replace(port, port_id=made.id, nic_id=made.id)  # as on ICS of 15.0 [O]
    vswitches.insert_port(tx, switch.key, port, network_key=network_key)
    if rules.allocates:
        guid = tx.source.guid()
        nat = nat_instance(made.mode, tx.host.release, made.subnets[0], guid, port.interface_id)
        networks.insert_nat(tx, network_key, nat)


def _nic_name(name: str, release: Release) -> str:
    """Return the network's name, cut to 15 characters before 15.0. Source: section 2.7 [O]."""
    return name if release.hns >= _LONG_NIC_NAMES else name[:_SHORT_NIC_NAME]


def _port(tx: Transaction, kind: str, address: str, isolation: int) -> Port:
    guid = tx.source.guid
    return Port(
        key=0,
        kind=kind,
        port_id=guid(),
        nic_id=guid(),
        interface_id=guid(),
        allocator_id=guid(),
        friendly_name="",
        mac=address,
        isolation=isolation,
    )
