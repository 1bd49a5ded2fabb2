"""Network use cases: HcnCreateNetwork and its kin."""

import ipaddress
from collections.abc import Sequence
from dataclasses import replace

from app.domain import mac
from app.domain.facts import Dns, Policy, Port, Route, VSwitch
from app.domain.nat import check_prefix, choose_slice, has_one_prefix, lowest_vlan
from app.domain.network_types import Mode, NetworkType, SwitchKind, network_type
from app.domain.networks import (
    IpNetwork,
    IpSubnet,
    MacRange,
    NatInstance,
    Network,
    Subnet,
    properties,
)
from app.domain.permutation import element
from app.domain.releases import Release, require
from app.domain.subnets import AskedSubnet, choose_prefix, plan_subnets
from app.domain.switch import Placement, Wanted, place
from app.errors import HnsError, Hr
from app.schema.v2.common import DNS
from app.schema.v2.networks import HostComputeNetwork
from app.schema.v2.policies import NETWORK_POLICY_SETTINGS, SUBNET_POLICY_SETTINGS, typed
from app.schema.v2.policies.interface import (
    LayerConstraintNetworkPolicySetting,
    NetAdapterNameNetworkPolicySetting,
)
from app.schema.v2.policies.isolation import (
    DrMacAddressNetworkPolicySetting,
    ProviderAddressNetworkPolicySetting,
    VlanPolicySetting,
    VsidPolicySetting,
)
from app.schema.v2.policies.wire import SubnetPolicy
from app.schema.v2.query import HostComputeQuery
from app.schema.v2.subnets import Subnet as WireSubnet
from app.services.identity import identity
from app.services.listing import selected
from app.services.network_policies import accepted
from app.storage import adapters, allocations, networks, policies, vswitches
from app.storage.engine import Session, reads, writes

_NON_PERSISTENT, _PERSISTENT, _DISABLE_HOST_PORT = 8, 16, 1024
_ADDS_NON_PERSISTENT = (10, 0)  # Source: hns-behaviour.md section 7.6 [O]
_SMALLEST_VSID, _LARGEST_VSID, _LARGEST_VLAN = 4096, 0xFFFFFF, 4094
_SEEDS = 1 << 31


@writes
def create_network(session: Session, asked: HostComputeNetwork) -> Network:
    """Make a network with its switch, pools, host vNIC and NAT as its type wants them.

    Raises: HCN_E_NETWORK_ALREADY_EXISTS, HCN_E_INVALID_NETWORK(_TYPE), HCN_E_INVALID_SUBNET,
            HCN_E_ADAPTER_NOT_FOUND and what the parts raise.
    """
    return add_network(session, asked).seen_at(session.now)


@reads
def get_network(session: Session, network_id: str) -> Network:
    """Return the network.

    Raises: HCN_E_NETWORK_NOT_FOUND.
    """
    return found(session, network_id).seen_at(session.now)


@reads
def list_networks(
    session: Session, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[Network]:
    """Return the networks that `query` selects, in creation order."""
    every = networks.all_of(session.connection, session.host.key)
    seen = (network.seen_at(session.now) for network in every)
    return selected(seen, query.wanted, properties, limit, after)


@writes
def delete_network(session: Session, network_id: str) -> None:
    """Delete the network with its endpoints, and its switch when it was the last one on it.

    Raises: HCN_E_NETWORK_NOT_FOUND. Source: hns-behaviour.md section 7.7 [O]/[I].
    """
    remove_network(session, found(session, network_id))


def remove_network(session: Session, network: Network) -> None:
    """Delete the network inside another use case."""
    switch = network.vswitch
    networks.remove(session.connection, network.key)
    if switch is None or not switch.by_hns:
        return
    if not vswitches.count_networks(session.connection, switch.key):
        vswitches.remove(session.connection, switch.key)


def found(session: Session, network_id: str) -> Network:
    """Return the network inside another use case.

    Raises: HCN_E_NETWORK_NOT_FOUND.
    """
    network = networks.find(session.connection, session.host.key, network_id)
    if network is None:
        raise HnsError(Hr.HCN_E_NETWORK_NOT_FOUND, f"there is no network {network_id}")
    return network


def add_network(session: Session, asked: HostComputeNetwork) -> Network:
    """Make a network inside another use case."""
    release = session.host.release
    mode = Mode(asked.type) if asked.type is not None else Mode.NAT
    rules = network_type(mode)
    _check_allowed(session, mode, asked)
    others = networks.all_of(session.connection, session.host.key)
    named = identity(session, asked)
    _check_unique(named["id"], named["name"], others)
    carried = accepted(asked.policies or (), mode, release)
    subnets = _subnets(session, asked, mode, rules, others)
    placement = place(
        rules,
        _wanted_switch(carried),
        vswitches.all_of(session.connection, session.host.key),
        adapters.all_of(session.connection, session.host.key),
        shares_internal=release.nat_on_winnat,
    )
    switch = placement.switch or _new_switch(session, placement, rules, named["id"], named["name"])
    ranges = _mac_ranges(session, asked)
    made = Network(
        key=0,
        mode=mode,
        type_text=asked.type_text or mode.value,
        flags=_flags(asked.flags or 0, mode, release),
        policies=carried,
        subnets=subnets,
        ipam_type=str(next((each.type for each in asked.ipams or () if each.type), "Static")),
        mac_ranges=ranges,
        dns=dns_of(asked.dns),
        adapter_name=_named_adapters(carried),
        resource_id=named["activity_id"],
        management_ip=_management_ip(session, rules, switch),
        management_ip_at=session.now + session.host.management_ip_delay,
        dr_mac=_dr_mac(session, mode, carried, ranges),
        isolation=_isolation(mode, release, others),
        **named,
    )
    return _store(session, made, switch, rules)


def add_external_switch(session: Session, name: str, adapter_names: Sequence[str]) -> Network:
    """Put a switch made with the Hyper-V tools on a fresh host, and the network HNS makes of it.

    Source: hns-behaviour.md section 7.1: a Transparent network named as the switch, no subnets [O].
    """
    bound = [adapters.find(session.connection, session.host.key, each) for each in adapter_names]
    network_id = session.source.guid()
    switch = VSwitch(
        key=0,
        id=session.source.guid(),
        name=name,
        kind=SwitchKind.EXTERNAL,
        family="transparent",
        layer_id=session.source.guid(),
        owner_id=network_id,
        parent_id=session.source.guid(),
        adapters=tuple(adapter_names),
        by_hns=False,
    )
    key = vswitches.insert_switch(session.connection, session.host.key, switch)
    adapters.bind(session.connection, [each.key for each in bound if each is not None], key)
    document = HostComputeNetwork.model_validate(
        {
            "ID": network_id,
            "Name": name,
            "Type": "Transparent",
            "Policies": [
                {"Type": "LayerConstraint", "Settings": {"LayerId": switch.layer_id}},
            ],
        }
    )
    return add_network(session, document)


def dns_of(asked: DNS | None) -> Dns:
    """Return resolver settings as facts; blanks in lists are dropped, as `Search: [""]` has them."""
    if asked is None:
        return Dns()
    return Dns(
        domain=asked.domain or "",
        search=tuple(each for each in asked.search or () if each),
        server_list=tuple(each for each in asked.server_list or () if each),
        options=tuple(each for each in asked.options or () if each),
    )


def asked_subnet(asked: WireSubnet) -> AskedSubnet:
    """Return a subnet of a document as values.

    Raises: HCN_E_INVALID_POLICY for a VLAN or VSID out of range.
    """
    return AskedSubnet(
        id=asked.id or "",
        prefix=asked.ip_address_prefix or "",
        routes=tuple(
            Route(each.next_hop or "", each.destination_prefix or "", each.metric or 0)
            for each in asked.routes or ()
        ),
        flags=asked.flags or 0,
        policies=tuple(_subnet_policy(each) for each in asked.policies or () if each.type),
        ip_subnets=tuple(
            IpSubnet(
                0,
                each.id or "",
                each.ip_address_prefix or "",
                3 if each.flags is None else each.flags,
            )
            for each in asked.ip_subnets or ()
        ),
    )


def _check_allowed(session: Session, mode: Mode, asked: HostComputeNetwork) -> None:
    host = session.host
    if mode is Mode.TRANSPARENT and host.azure_vm and not _has_layer(asked):
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            "Transparent networks do not work on an Azure virtual machine; use L2Bridge",
        )
    if (asked.flags or 0) & _DISABLE_HOST_PORT:
        require(
            host.release, "DisableHostPort", Hr.HCN_E_INVALID_NETWORK, "the flag DisableHostPort"
        )


def _has_layer(asked: HostComputeNetwork) -> bool:
    return any(each.type == "LayerConstraint" for each in asked.policies or ())


def _check_unique(network_id: str, name: str, others: Sequence[Network]) -> None:
    """Names are compared exactly. Source: hns-behaviour.md sections 1.5 [O] and 20 of clients.md."""
    for other in others:
        if other.id == network_id or (name and other.name == name):
            raise HnsError(
                Hr.HCN_E_NETWORK_ALREADY_EXISTS,
                f"network {other.id} has the {'ID' if other.id == network_id else f'name {name!r}'}"
                " already; use it, delete it, or choose another",
            )


def _subnets(
    session: Session,
    asked: HostComputeNetwork,
    mode: Mode,
    rules: NetworkType,
    others: Sequence[Network],
) -> tuple[Subnet, ...]:
    wanted = [asked_subnet(each) for ipam in asked.ipams or () for each in ipam.subnets or ()]
    if rules.allocates and all(each.wants_choice for each in wanted):
        wanted = [_chosen_subnet(session, others)]
    if mode is Mode.OVERLAY and not wanted:
        raise HnsError(
            Hr.HCN_E_INVALID_NETWORK, "an Overlay network needs a subnet with a VSID policy"
        )
    planned = plan_subnets(wanted, mode, rules, session.host.release, session.source.guid)
    if mode is Mode.NAT:
        check_prefix(planned[0].network, _nat_prefixes(others), session.host.release)
    return planned


def _chosen_subnet(session: Session, others: Sequence[Network]) -> AskedSubnet:
    nats = _nat_prefixes(others)
    draw = session.source.below
    if nats and has_one_prefix(session.host.release):
        prefix = choose_slice(nats, draw)
    else:
        prefix = choose_prefix(_prefixes_in_use(session, others), draw)
    return AskedSubnet(prefix=str(prefix))


def _prefixes_in_use(session: Session, others: Sequence[Network]) -> list[IpNetwork]:
    """Return the prefixes of networks and adapters, which HNS steers clear of."""
    bound = adapters.all_of(session.connection, session.host.key)
    return [subnet.network for other in others for subnet in other.subnets] + [
        ipaddress.ip_network(f"{each.address}/{each.prefix_length}", strict=False)
        for each in bound
        if each.address
    ]


def _nat_prefixes(others: Sequence[Network]) -> list[IpNetwork]:
    return [each.subnets[0].network for each in others if each.mode is Mode.NAT and each.subnets]


def _subnet_policy(asked: SubnetPolicy) -> Policy:
    policy = Policy(str(asked.type), asked.settings or "{}")
    settings = typed(SUBNET_POLICY_SETTINGS, policy.type, policy.settings)
    if isinstance(settings, VsidPolicySetting):
        _check_range("VSID", settings.isolation_id, _SMALLEST_VSID, _LARGEST_VSID)
    if isinstance(settings, VlanPolicySetting):
        _check_range("VLAN", settings.isolation_id, 0, _LARGEST_VLAN)
    return policy


def _check_range(what: str, value: int | None, smallest: int, largest: int) -> None:
    if value is None or not smallest <= value <= largest:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY,
            f"{what}: IsolationId {value} is not between {smallest} and {largest}",
        )


def _wanted_switch(carried: Sequence[Policy]) -> Wanted:
    adapters_wanted: tuple[str, ...] = ()
    address = layer_id = ""
    for policy in carried:
        settings = typed(NETWORK_POLICY_SETTINGS, policy.type, policy.settings)
        if isinstance(settings, NetAdapterNameNetworkPolicySetting):
            names = (settings.network_adapter_name or "").split(",")
            adapters_wanted = tuple(each.strip() for each in names if each.strip())
        elif isinstance(settings, ProviderAddressNetworkPolicySetting):
            address = (settings.provider_address or "").partition("/")[0]
        elif isinstance(settings, LayerConstraintNetworkPolicySetting):
            layer_id = settings.layer_id or ""
    return Wanted(adapters_wanted, address, layer_id)


def _named_adapters(carried: Sequence[Policy]) -> str:
    return ",".join(_wanted_switch(carried).adapters)


def _new_switch(
    session: Session, placement: Placement, rules: NetworkType, network_id: str, name: str
) -> VSwitch:
    guid = session.source.guid
    own_id = rules.family == "" and rules.switch is SwitchKind.INTERNAL  # as on ICS [O]
    switch = VSwitch(
        key=0,
        id=network_id if own_id else guid(),
        name=name,
        kind=rules.switch,
        family=rules.family,
        layer_id=guid(),
        owner_id=network_id,
        parent_id=guid(),
        adapters=tuple(each.name for each in placement.adapters),
    )
    key = vswitches.insert_switch(session.connection, session.host.key, switch)
    if placement.adapters:
        adapters.bind(session.connection, [each.key for each in placement.adapters], key)
    return replace(switch, key=key)


def _mac_ranges(session: Session, asked: HostComputeNetwork) -> tuple[MacRange, ...]:
    wanted = asked.mac_pool.ranges if asked.mac_pool else None
    if not wanted:
        return (mac.random_range(session.source.below(1 << 12)),)
    ranges = tuple(
        MacRange(each.start_mac_address or "", each.end_mac_address or "") for each in wanted
    )
    mac.check_ranges(ranges)
    return ranges


def _flags(asked: int, mode: Mode, release: Release) -> int:
    if mode is Mode.NAT and release.hns >= _ADDS_NON_PERSISTENT and not asked & _PERSISTENT:
        return asked | _NON_PERSISTENT
    return asked


def _management_ip(session: Session, rules: NetworkType, switch: VSwitch) -> str:
    if rules.switch is not SwitchKind.EXTERNAL:
        return ""
    have = adapters.all_of(session.connection, session.host.key)
    return next((each.address for each in have if each.name in switch.adapters), "")


def _dr_mac(
    session: Session, mode: Mode, carried: Sequence[Policy], ranges: Sequence[MacRange]
) -> str:
    """Return the DR MAC of an overlay network: the caller's, else one outside its pool [O]."""
    if mode is not Mode.OVERLAY:
        return ""
    for policy in carried:
        settings = typed(NETWORK_POLICY_SETTINGS, policy.type, policy.settings)
        if isinstance(settings, DrMacAddressNetworkPolicySetting) and settings.address:
            return settings.address
    while True:
        chosen = 0x00155D << 24 | session.source.below(1 << 24)
        if not mac.holds(ranges, chosen):
            return mac.format_mac(chosen)


def _isolation(mode: Mode, release: Release, others: Sequence[Network]) -> int:
    if mode is not Mode.NAT or not release.nat_on_winnat:
        return 0
    return lowest_vlan([each.isolation for each in others if each.mode is Mode.NAT])


def _store(session: Session, made: Network, switch: VSwitch, rules: NetworkType) -> Network:
    connection = session.connection
    seed = session.source.below(_SEEDS)
    key = networks.insert_network(connection, session.host.key, switch.key, made, seed)
    policies.insert_all(connection, "network", key, made.policies)
    for position, subnet in enumerate(made.subnets):
        store_subnet(session, key, position, subnet)
    if rules.host_vnic:
        port = _host_vnic(session, made, key, seed, switch)
        vswitches.insert_port(connection, switch.key, port, network_key=key)
        if made.subnets and made.mode is not Mode.INTERNAL:
            networks.insert_nat(connection, key, _nat(session, made, port))
    if made.mode is Mode.OVERLAY:
        rdid = _port(session, "RDID", "", 0, made.isolation)
        vswitches.insert_port(connection, switch.key, rdid, network_key=key)
    stored = networks.find_by_key(connection, key)
    assert stored is not None  # noqa: S101 (inserted above)
    return stored


def store_subnet(session: Session, network_key: int, position: int, subnet: Subnet) -> None:
    """Insert a subnet; each of its pools gets a permutation of its own."""
    seeds = [session.source.below(_SEEDS) for _ in subnet.ip_subnets]
    networks.insert_subnet(session.connection, network_key, position, subnet, seeds)


def _host_vnic(
    session: Session, made: Network, network_key: int, seed: int, switch: VSwitch
) -> Port:
    """Return the vNIC that owns the gateway address; it takes the pool's first MAC."""
    address = mac.at(made.mac_ranges, element(0, mac.size(made.mac_ranges), seed))
    allocations.take_mac(session.connection, network_key, address, state="free", endpoint_key=None)
    allocations.set_mac_cursor(session.connection, network_key, 1)
    port = _port(session, "HostVnic", made.name[:15], address, made.isolation)
    if switch.id != made.id:
        return port
    return replace(port, port_id=made.id, nic_id=made.id)  # as on ICS [O]


def _port(session: Session, kind: str, name: str, address: int, isolation: int) -> Port:
    guid = session.source.guid
    return Port(
        key=0,
        kind=kind,
        port_id=guid(),
        nic_id=guid(),
        interface_id=guid(),
        allocator_id=guid(),
        friendly_name=name,
        mac=mac.format_mac(address) if address else "",
        isolation=isolation,
    )


def _nat(session: Session, made: Network, port: Port) -> NatInstance:
    on_winnat = made.mode is Mode.NAT and session.host.release.nat_on_winnat
    subnet = made.subnets[0]
    first = subnet.network.network_address
    return NatInstance(
        engine="WinNAT" if on_winnat else "ICS",
        allocator_id=session.source.guid(),
        interface_id=port.interface_id,
        subnet_address=str(first),
        gateway=subnet.gateway or str(ipaddress.ip_address(int(first) + 1)),
        prefix_length=subnet.network.prefixlen,
    )
