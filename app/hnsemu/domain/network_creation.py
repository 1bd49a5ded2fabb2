"""Creating a network: what HNS makes of a request on a host as it stands.

Draws come in a fixed order, so that one seed gives one network: id and activity, MAC range,
subnets, distributed router, switch, MAC and pool permutations, ports, NAT.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hnsemu.domain import mac
from hnsemu.domain.extensions import check_extension, extensions
from hnsemu.domain.facts import Adapter, Dns, Policy, Port, VSwitch
from hnsemu.domain.hosts import Host, read_definition
from hnsemu.domain.identity import IdentityRequest, new_identity
from hnsemu.domain.nat import DEFAULT_PREFIX, choose_slice, has_one_prefix, lowest_vlan
from hnsemu.domain.network_rules import (
    Flag,
    check_subnets,
    check_unique,
    dr_mac,
    host_prefixes,
    kept_flags,
    lowest_dns_compartment,
    nat_instance,
    own_mac_range,
)
from hnsemu.domain.network_types import Mode, NetworkType, SwitchKind, network_type
from hnsemu.domain.networks import (
    DEFAULT_SWITCH_ID,
    IpNetwork,
    MacRange,
    Neighbour,
    Network,
    Subnet,
    network_of,
)
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.domain.permutation import element
from hnsemu.domain.releases import Release
from hnsemu.domain.source import Source
from hnsemu.domain.subnets import (
    ANY_IPV6_PREFIX,
    SubnetRequest,
    check_readable,
    choose_prefix,
    plan_subnets,
)
from hnsemu.domain.switch import ANY_SWITCH, SwitchChoice, SwitchRequest, choose_switch
from hnsemu.errors import HnsError, Hr

SEEDS = 1 << 31
"""How many permutations there are to draw MACs and addresses by."""

_RANGES = 1 << 12
_SWITCH_HAS_ID_OF_NETWORK = (15, 0)  # overlay and ICS [O]
_LONG_NIC_NAMES = (15, 0)
_SHORT_NIC_NAME = 15
_V4 = 4


@dataclass(frozen=True, slots=True)
class NetworkRequest:
    """A network as its caller wants it.

    type_text:  the type as the caller spelled it.
    policies:   those that such a network carries, accepted already.
    mac_ranges: none lets HNS choose one.
    switch, extensions, dr_mac: what the policies say of the switch and of the router's MAC.
    from_hcn:   whether the caller speaks HCN 2.
    """

    identity: IdentityRequest
    mode: Mode
    type_text: str
    flags: int = 0
    policies: tuple[Policy, ...] = ()
    subnets: tuple[SubnetRequest, ...] = ()
    ipam_type: str = "Static"
    mac_ranges: tuple[MacRange, ...] = ()
    dns: Dns = Dns()
    switch: SwitchRequest = ANY_SWITCH
    extensions: tuple[tuple[str, bool], ...] = ()
    dr_mac: str = ""
    from_hcn: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """The host that a network is created on, as it stands.

    now: FILETIME. networks and switches come oldest first, adapters in the host's order.
    """

    host: Host
    now: int
    networks: Sequence[Neighbour]
    switches: Sequence[VSwitch]
    adapters: Sequence[Adapter]


@dataclass(frozen=True, slots=True)
class NewNetwork:
    """What is written for a new network.

    network:       complete but for its switch and the keys of its rows.
    switch:        where it stands; key 0 for a new one, which is bound to `adapters`.
    mac_seed:      names the permutation that endpoints' MACs are drawn by.
    host_mac:      the first of them, which the host's own vNIC takes; None without such a vNIC.
    pool_seeds:    name the permutations of addresses: one per pool, subnet by subnet.
    notifications: what listeners are told.
    """

    network: Network
    switch: VSwitch
    adapters: tuple[Adapter, ...]
    mac_seed: int
    host_mac: int | None
    pool_seeds: tuple[int, ...]
    notifications: tuple[Notification, ...]


def new_network(site: Site, request: NetworkRequest, source: Source) -> NewNetwork:
    """Return a network with its switch, pools, host vNIC and NAT as its type wants them.

    Raises: HCN_E_NETWORK_ALREADY_EXISTS, HCN_E_INVALID_NETWORK, HCN_E_ADAPTER_NOT_FOUND,
            HCN_E_LAYER_NOT_FOUND, HCN_E_SWITCH_EXTENSION_NOT_FOUND,
            HCN_E_SHARED_SWITCH_MODIFICATION, and what subnets raise.
    """
    release = site.host.release
    rules = network_type(request.mode)
    network = _without_switch(site, request, rules, source)
    choice = choose_switch(
        rules,
        request.switch,
        site.switches,
        site.adapters,
        shares_internal=release.nat_on_winnat,
    )
    _check_extensions(request, choice, site.host)
    switch = _switch(site, request, network, choice, rules, source)
    network = replace(
        network,
        management_ip=_management_ip(site, network.flags, switch),
        management_ip_at=site.now + site.host.management_ip_delay,
        isolation=_vlan(site, network.mode, switch),
    )
    return _with_parts(network, switch, choice.adapters, rules, release, source)


def new_external_network(
    site: Site, name: str, adapter_names: Sequence[str], source: Source
) -> NewNetwork:
    """Return the network that HNS makes of an external switch made with the Hyper-V tools.

    It is Transparent, named as the switch, without subnets and ManagementIP.
    Source: hns-behaviour.md section 7.1, S:transparent-9.1 [O].
    """
    mode = Mode.TRANSPARENT
    request = NetworkRequest(IdentityRequest(name=name), mode, mode.value)
    rules = network_type(mode)
    network = _without_switch(site, request, rules, source)
    adapters = tuple(adapter for adapter in site.adapters if adapter.name in adapter_names)
    switch = VSwitch(
        key=0,
        id=source.guid(),
        name=name,
        kind=rules.switch,
        family=rules.family,
        layer_id=source.guid(),
        owner_id=network.id,
        parent_id=source.guid(),
        adapters=tuple(adapter.name for adapter in adapters),
        by_hns=False,
        installed=site.host.extensions,
    )
    return _with_parts(network, switch, adapters, rules, site.host.release, source)


def _without_switch(
    site: Site, request: NetworkRequest, rules: NetworkType, source: Source
) -> Network:
    """Return the network without what follows from its switch."""
    release = site.host.release
    identity = new_identity(request.identity, release, site.now, source)
    check_unique(identity["id"], identity["name"], site.networks)
    mac.check_ranges(request.mac_ranges)
    ranges = request.mac_ranges or _own_range(site, source)
    subnets = _subnets(site, request, rules, source)
    is_overlay = request.mode is Mode.OVERLAY
    taken = [network.dns_compartment for network in site.networks]
    return Network(
        key=0,
        mode=request.mode,
        type_text=request.type_text,
        flags=kept_flags(request.flags, request.mode, release),
        policies=request.policies,
        subnets=subnets,
        ipam_type=request.ipam_type,
        mac_ranges=ranges,
        dns=request.dns,
        adapter_name=",".join(request.switch.adapters),
        dr_mac=(request.dr_mac or dr_mac(source.below, ranges)) if is_overlay else "",
        dns_compartment=lowest_dns_compartment(taken) if is_overlay else 0,
        from_hcn=request.from_hcn,
        **identity,
    )


def _own_range(site: Site, source: Source) -> tuple[MacRange, ...]:
    taken = [taken for network in site.networks for taken in network.mac_ranges]
    return (own_mac_range(source.below(_RANGES), taken),)


def _subnets(
    site: Site, request: NetworkRequest, rules: NetworkType, source: Source
) -> tuple[Subnet, ...]:
    release = site.host.release
    requests = request.subnets
    check_readable(requests)
    if rules.allocates:
        requests = _with_chosen_prefix(site, requests, source)
    planned = plan_subnets(requests, request.mode, rules, release, source.guid)
    check_subnets(request.mode, rules, planned, site.networks, release)
    return planned


def _with_chosen_prefix(
    site: Site, requests: tuple[SubnetRequest, ...], source: Source
) -> tuple[SubnetRequest, ...]:
    """Return the requests with the IPv4 prefix that HNS chooses where none is given.

    IPv4 cannot be left out beside IPv6 [I]: Windows-Containers#522 asks for a way to do so. HNS
    chooses no IPv6 prefix: moby#48285 [O].
    Raises: E_ELEMENT_NOT_FOUND for ::/0.
    """
    if any(request.prefix == ANY_IPV6_PREFIX for request in requests):
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"subnet {ANY_IPV6_PREFIX}: HNS chooses no IPv6 prefix; name one, as in fd00:1::/64",
        )
    of_ipv6 = tuple(request for request in requests if ":" in request.prefix)
    others = [request for request in requests if ":" not in request.prefix]
    if not all(request.wants_choice for request in others):
        return requests
    first = others[0] if others else SubnetRequest()
    chosen = replace(first, prefix=str(_chosen_prefix(site, source)), routes=())
    return (chosen, *of_ipv6)


def _chosen_prefix(site: Site, source: Source) -> IpNetwork:
    """Return the prefix that HNS chooses for a NAT or ICS network.

    It steers clear of other networks, of the adapters' networks, and of the prefix of `nat`.
    Raises: HCN_E_INVALID_SUBNET or E_OBJECT_ALREADY_EXISTS when nothing is free.
    """
    prefixes = host_prefixes(site.networks)
    if prefixes and has_one_prefix(site.host.release):
        return choose_slice(prefixes, source.below)
    of_adapters = [
        network_of(f"{known.address}/{known.prefix_length}")
        for adapter in site.adapters
        for known in adapter.addresses
    ]
    of_networks = [prefix for network in site.networks for prefix in network.prefixes]
    fixed_cidr = read_definition(site.host.definition).docker_fixed_cidr
    of_nat = network_of(fixed_cidr) if fixed_cidr else DEFAULT_PREFIX
    return choose_prefix([of_nat, *of_adapters, *of_networks], source.below)


def _check_extensions(request: NetworkRequest, choice: SwitchChoice, host: Host) -> None:
    """Refuse VSwitchExtension policies for unknown extensions, or that change a shared switch [I].

    Those that say what the switch has already are fine: answers of HCN 2 have them, and clients
    post answers back.
    Raises: HCN_E_SWITCH_EXTENSION_NOT_FOUND, HCN_E_SHARED_SWITCH_MODIFICATION.
    """
    for extension_id, _ in request.extensions:
        check_extension(extension_id, host.release, host.extensions)
    if choice.switch is None:
        return
    as_it_is = {
        (extension.id, extension.is_enabled)
        for extension in extensions(choice.switch, request.mode, host.release, request.flags)
    }
    if not as_it_is.issuperset(request.extensions):
        raise HnsError(
            Hr.HCN_E_SHARED_SWITCH_MODIFICATION,
            f"VSwitchExtension: the network joins switch {choice.switch.name!r}; leave the "
            "policy out, or name an adapter that is free",
        )


def _switch(
    site: Site,
    request: NetworkRequest,
    network: Network,
    choice: SwitchChoice,
    rules: NetworkType,
    source: Source,
) -> VSwitch:
    """Return the switch of the network: an existing one, or a new one.

    The first network on a switch owns it. From HNS 15.0 on, and below the Default Switch always, a
    new switch has the id of its network, unless an older switch has that id already.
    Source: SwitchGuid names a network that clients open, hns-behaviour.md section 8 [C]; before
    15.0 S:nat-9.2, S:nat-13.3, and WSL's networks of 11.x in WSL#6913 and #6427 [O].
    """
    if choice.switch is not None:
        is_empty = not _networks_on(site, choice.switch)
        return replace(choice.switch, owner_id=network.id) if is_empty else choice.switch
    names_its_switch = (
        network.id == DEFAULT_SWITCH_ID or site.host.release.hns >= _SWITCH_HAS_ID_OF_NETWORK
    )
    taken = {switch.id for switch in site.switches}
    return VSwitch(
        key=0,
        id=network.id if names_its_switch and network.id not in taken else source.guid(),
        name=network.name,
        kind=rules.switch,
        family=choice.family,
        layer_id=source.guid(),
        owner_id=network.id,
        parent_id=source.guid(),
        adapters=tuple(adapter.name for adapter in site.adapters if adapter in choice.adapters),
        extensions=request.extensions,
        installed=site.host.extensions,
    )


def _networks_on(site: Site, switch: VSwitch) -> list[Neighbour]:
    return [network for network in site.networks if network.vswitch_key == switch.key]


def _management_ip(site: Site, flags: int, switch: VSwitch) -> str:
    """Return the address of the host's vNIC on an external switch, "" without one."""
    if switch.kind is not SwitchKind.EXTERNAL or flags & Flag.DISABLE_HOST_PORT:
        return ""
    bound = (adapter for adapter in site.adapters if adapter.name in switch.adapters)
    return next((adapter.address for adapter in bound), "")


def _vlan(site: Site, mode: Mode, switch: VSwitch) -> int:
    """Return the VLAN of a NAT network on the switch it shares; 0 elsewhere."""
    if mode is not Mode.NAT or not site.host.release.nat_on_winnat:
        return 0
    return lowest_vlan([network.isolation for network in _networks_on(site, switch)])


def _with_parts(
    network: Network,
    switch: VSwitch,
    adapters: tuple[Adapter, ...],
    rules: NetworkType,
    release: Release,
    source: Source,
) -> NewNetwork:
    """Return the network with its own ports, its NAT and the permutations of its pools."""
    mac_seed = source.below(SEEDS)
    pool_seeds = tuple(source.below(SEEDS) for subnet in network.subnets for _ in subnet.ip_subnets)
    host_mac = None
    if rules.host_vnic:
        host_mac = mac.at(network.mac_ranges, element(0, mac.size(network.mac_ranges), mac_seed))
        vnic = _host_vnic(network, switch, mac.format_mac(host_mac), release, source)
        network = replace(network, host_vnic=vnic)
        if rules.allocates:
            allocator, interface = source.guid(), vnic.interface_id
            first = _first_of_ipv4(network.subnets)
            nat = nat_instance(network.mode, release, first, allocator, interface)
            network = replace(network, nat=nat)
    if network.mode is Mode.OVERLAY:
        network = replace(network, rdid_port=_port("RDID", network.dr_mac, 0, source))
    data = {"Flags": network.flags}
    created = (HcnNotification.NETWORK_PRE_CREATE, HcnNotification.NETWORK_CREATE)
    return NewNetwork(
        network=network,
        switch=switch,
        adapters=adapters,
        mac_seed=mac_seed,
        host_mac=host_mac,
        pool_seeds=pool_seeds,
        notifications=tuple(Notification(kind, network.id, data=data) for kind in created),
    )


def _first_of_ipv4(subnets: Sequence[Subnet]) -> Subnet:
    """Return the subnet that is translated: WinNAT and ICS know IPv4 only."""
    return next(subnet for subnet in subnets if subnet.network.version == _V4)


def _host_vnic(
    network: Network, switch: VSwitch, address: str, release: Release, source: Source
) -> Port:
    """Return the vNIC that owns the gateway address; the first MAC of the pool is its own.

    Before 15.0 its name is cut to 15 characters. Source: section 2.7 [O].
    """
    port = _port("HostVnic", address, network.isolation, source)
    is_long = release.hns >= _LONG_NIC_NAMES
    name = network.name if is_long else network.name[:_SHORT_NIC_NAME]
    port = replace(port, friendly_name=name)
    if switch.id == switch.owner_id:
        port = replace(port, port_id=network.id, nic_id=network.id)  # as on ICS of 15.0 [O]
    return port


def _port(kind: str, address: str, isolation: int, source: Source) -> Port:
    return Port(
        key=0,
        kind=kind,
        port_id=source.guid(),
        nic_id=source.guid(),
        interface_id=source.guid(),
        allocator_id=source.guid(),
        friendly_name="",
        mac=address,
        isolation=isolation,
    )
