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
from hnsemu.domain.subnets import AskedSubnet, choose_prefix
from hnsemu.domain.switch import Placement
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.read_networks import asked_extensions
from hnsemu.storage import adapters, allocations, networks, vswitches
from hnsemu.storage.engine import Session

_SEEDS = 1 << 31
_SWITCH_HAS_ID_OF_NETWORK = (15, 0)  # [O] overlay; ICS on every release seen
_LONG_NIC_NAMES = (15, 0)
_SHORT_NIC_NAME = 15


def with_chosen_prefix(session: Session, asked: AskedSubnet, others: list[Network]) -> AskedSubnet:
    """Return the subnet of a NAT or ICS network with the prefix that HNS chooses for it.

    Raises: HCN_E_INVALID_SUBNET or E_OBJECT_ALREADY_EXISTS when nothing is free.
    """
    prefixes = host_prefixes(others)
    draw = session.source.below
    if prefixes and has_one_prefix(session.host.release):
        prefix = choose_slice(prefixes, draw)
    else:
        prefix = choose_prefix(_prefixes_in_use(session, others), draw)
    return replace(asked, prefix=str(prefix), routes=())


def wanted_extensions(
    session: Session, carried: tuple[Policy, ...], placement: Placement
) -> tuple[tuple[str, bool], ...]:
    """Return how VSwitchExtension policies want the extensions of a new switch.

    Raises: HCN_E_SWITCH_EXTENSION_NOT_FOUND; HCN_E_SHARED_SWITCH_MODIFICATION when the network
            joins a switch that is there already [I].
    """
    wanted = asked_extensions(carried)
    for extension_id, _ in wanted:
        check_extension(extension_id, session.host.release)
    if wanted and placement.switch is not None:
        raise HnsError(
            Hr.HCN_E_SHARED_SWITCH_MODIFICATION,
            f"VSwitchExtension: the network joins switch {placement.switch.name!r}; leave the "
            "policy out, or name an adapter that is free",
        )
    return wanted


def join_switch(session: Session, switch: VSwitch, network_id: str) -> VSwitch:
    """Return the switch for one more network; the first network on it owns it.

    Source: SwitchGuid names a network that clients open. hns-behaviour.md section 8 [C].
    """
    if vswitches.count_networks(session.connection, switch.key):
        return switch
    vswitches.set_owner(session.connection, switch.key, network_id)
    return replace(switch, owner_id=network_id)


def new_switch(
    session: Session,
    placement: Placement,
    kind: SwitchKind,
    made: Network,
    wanted: tuple[tuple[str, bool], ...],
) -> VSwitch:
    """Make a switch for a network, bind its adapters and set its extensions as `wanted`.

    From HNS 15.0 on, and for ICS always, the switch has the id of its network [O], unless an older
    switch has that id already.
    """
    guid = session.source.guid
    alone = kind is SwitchKind.INTERNAL and not placement.family
    same_id = alone or session.host.release.hns >= _SWITCH_HAS_ID_OF_NETWORK
    if same_id and vswitches.exists(session.connection, session.host.key, made.id):
        same_id = False
    return store_switch(
        session,
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


def store_switch(session: Session, made: VSwitch, bound: tuple[Adapter, ...]) -> VSwitch:
    """Insert the switch, bind the adapters to it and return it with both."""
    key = vswitches.insert_switch(session.connection, session.host.key, made)
    if bound:
        adapters.bind(session.connection, [each.key for each in bound], key)
    return replace(made, key=key, adapters=tuple(each.name for each in bound))


def management_ip(session: Session, flags: int, switch: VSwitch) -> str:
    """Return the address of the host's vNIC on an external switch, "" without one."""
    if switch.kind is not SwitchKind.EXTERNAL or flags & Flag.DISABLE_HOST_PORT:
        return ""
    have = adapters.all_of(session.connection, session.host.key)
    return next((each.address for each in have if each.name in switch.adapters), "")


def store_network(session: Session, made: Network, switch: VSwitch, rules: NetworkType) -> int:
    """Insert the network with its subnets, its own ports and its NAT; return its key."""
    seed = session.source.below(_SEEDS)
    key = networks.insert_network(session.connection, session.host.key, switch.key, made, seed)
    for subnet in made.subnets:
        store_subnet(session, key, subnet)
    if rules.host_vnic:
        _store_host_vnic(session, made, key, seed, switch, rules)
    if made.mode is Mode.OVERLAY:
        router = _port(session, "RDID", made.dr_mac, 0)
        vswitches.insert_port(session.connection, switch.key, router, network_key=key)
    return key


def store_subnet(session: Session, network_key: int, subnet: Subnet) -> None:
    """Insert a subnet behind the others of its network."""
    seeds = _seeds(session, subnet.ip_subnets)
    networks.insert_subnet(session.connection, network_key, subnet, seeds)


def store_pools(session: Session, subnet_key: int, pools: tuple[IpSubnet, ...]) -> None:
    """Insert pools behind the others of their subnet."""
    networks.insert_pools(session.connection, subnet_key, pools, _seeds(session, pools))


def _seeds(session: Session, pools: tuple[IpSubnet, ...]) -> list[int]:
    """Return a number per pool that names the permutation it is drawn by."""
    return [session.source.below(_SEEDS) for _ in pools]


def _prefixes_in_use(session: Session, others: list[Network]) -> list[IpNetwork]:
    """Return what HNS steers clear of: the prefixes of networks, of adapters and of `nat`."""
    of_adapters = [
        ipaddress.ip_network(f"{each.address}/{each.prefix_length}", strict=False)
        for each in adapters.all_of(session.connection, session.host.key)
        if each.address
    ]
    of_networks = [subnet.network for other in others for subnet in other.subnets]
    return [DEFAULT_PREFIX, *of_adapters, *of_networks]


def _store_host_vnic(
    session: Session,
    made: Network,
    network_key: int,
    seed: int,
    switch: VSwitch,
    rules: NetworkType,
) -> None:
    """Insert the vNIC that owns the gateway address, with the pool's first MAC, and the NAT."""
    number = mac.at(made.mac_ranges, element(0, mac.size(made.mac_ranges), seed))
    allocations.take_mac(session.connection, network_key, number, state="free", endpoint_key=None)
    allocations.set_mac_cursor(session.connection, network_key, 1)
    port = _port(session, "HostVnic", mac.format_mac(number), made.isolation)
    port = replace(port, friendly_name=_nic_name(made.name, session.host.release))
    if switch.id == switch.owner_id:
        port = replace(port, port_id=made.id, nic_id=made.id)  # as on ICS of 15.0 [O]
    vswitches.insert_port(session.connection, switch.key, port, network_key=network_key)
    if rules.allocates:
        guid = session.source.guid()
        nat = nat_instance(
            made.mode, session.host.release, made.subnets[0], guid, port.interface_id
        )
        networks.insert_nat(session.connection, network_key, nat)


def _nic_name(name: str, release: Release) -> str:
    """Return the network's name, cut to 15 characters before 15.0. Source: section 2.7 [O]."""
    return name if release.hns >= _LONG_NIC_NAMES else name[:_SHORT_NIC_NAME]


def _port(session: Session, kind: str, address: str, isolation: int) -> Port:
    guid = session.source.guid
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
