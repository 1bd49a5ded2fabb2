"""Network use cases: HcnCreateNetwork and its kin."""

from collections.abc import Sequence
from dataclasses import replace

from hnsemu.domain.facts import Policy, VSwitch
from hnsemu.domain.nat import lowest_vlan
from hnsemu.domain.network_rules import (
    Flag,
    check_allowed,
    check_subnets,
    check_unique,
    dr_mac,
    kept_flags,
    own_mac_range,
)
from hnsemu.domain.network_types import Mode, NetworkType, SwitchKind, network_type
from hnsemu.domain.networks import MacRange, Network, Subnet, properties
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.domain.subnets import SubnetRequest, plan_subnets
from hnsemu.domain.switch import choose_switch
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.network_requests import accepted
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.schema.v2.read_networks import (
    asked_dr_mac,
    asked_mac_ranges,
    asked_subnets,
    dns_of,
    ipam_type,
    mode_of,
    wanted_switch,
)
from hnsemu.services.identity import identity
from hnsemu.services.listing import selected, wanted_id
from hnsemu.services.networks import parts as network_parts
from hnsemu.storage import adapters, endpoints, networks, policies, vswitches
from hnsemu.storage.transaction import Transaction, reads, writes


@writes
def create_network(tx: Transaction, asked: HostComputeNetwork) -> Network:
    """Make a network with its switch, pools, host vNIC and NAT as its type wants them.

    Raises: as `add_network`.
    """
    return add_network(tx, asked).seen_at(tx.now)


@reads
def get_network(tx: Transaction, network_id: str) -> Network:
    """Return the network.

    Raises: HCN_E_NETWORK_NOT_FOUND.
    """
    return found(tx, network_id).seen_at(tx.now)


@reads
def list_networks(
    tx: Transaction, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[Network]:
    """Return the networks that `query` selects, in creation order."""
    wanted = query.wanted
    one = wanted_id(wanted) if after is None else None
    if one is None:
        every = networks.all_of(tx)
    else:
        held = networks.find(tx, one)
        every = [] if held is None else [held]
    seen = (network.seen_at(tx.now) for network in every)
    return selected(seen, wanted, properties, limit, after)


@writes
def delete_network(tx: Transaction, network_id: str) -> None:
    """Delete the network with its endpoints, and its switch when it was the last one on it.

    Raises: HCN_E_NETWORK_NOT_FOUND. Source: hns-behaviour.md section 7.7 [O]/[I].
    """
    remove_network(tx, found(tx, network_id))


def found(tx: Transaction, network_id: str) -> Network:
    """Return the network inside another use case.

    Raises: HCN_E_NETWORK_NOT_FOUND.
    """
    network = networks.find(tx, network_id)
    if network is None:
        raise HnsError(
            Hr.HCN_E_NETWORK_NOT_FOUND,
            f"no network has the ID {network_id}; list them to see which exist",
        )
    return network


def remove_network(tx: Transaction, network: Network) -> None:
    """Delete the network inside another use case.

    A switch made with the Hyper-V tools stays; one that others stand on gets a new owner.
    """
    switch = network.vswitch
    assert switch is not None  # noqa: S101 (every stored network stands on one)
    told = {"Flags": network.flags}
    tx.notify(Notification(HcnNotification.NETWORK_PRE_DELETE, network.id, data=told))
    for endpoint_id in endpoints.attached_to_network(tx, network.key):
        tx.notify(Notification(HcnNotification.NETWORK_ENDPOINT_DETACHED, endpoint_id, network.id))
    networks.remove(tx, network.key)
    tx.notify(Notification(HcnNotification.NETWORK_DELETE, network.id, data=told))
    heir = vswitches.oldest_network(tx, switch.key)
    if heir is not None:
        if switch.owner_id == network.id:
            vswitches.set_owner(tx, switch.key, heir)
    elif switch.by_hns:
        vswitches.remove(tx, switch.key)


def add_network(tx: Transaction, asked: HostComputeNetwork) -> Network:
    """Make a network inside another use case.

    Raises: HCN_E_NETWORK_ALREADY_EXISTS, HCN_E_INVALID_NETWORK_TYPE, HCN_E_INVALID_NETWORK,
            HCN_E_VFP_NOT_ALLOWED, HCN_E_ADAPTER_NOT_FOUND, HCN_E_LAYER_NOT_FOUND, and what
            subnets and policies raise.
    """
    host = tx.host
    mode = mode_of(asked)
    rules = network_type(mode)
    flags = asked.flags or 0
    check_allowed(mode, flags, host.release, azure_vm=host.azure_vm)
    carried = accepted(asked.policies or (), mode, host.release)
    made = _plan(tx, asked, mode, rules, carried)
    placement = choose_switch(
        rules,
        wanted_switch(carried, isolated=bool(flags & Flag.ISOLATE_VSWITCH)),
        vswitches.all_of(tx),
        adapters.all_of(tx),
        shares_internal=host.release.nat_on_winnat,
    )
    wanted = network_parts.wanted_extensions(tx, carried, placement)
    if placement.switch is None:
        switch = network_parts.new_switch(tx, placement, rules.switch, made, wanted)
    else:
        switch = network_parts.join_switch(tx, placement.switch, made.id)
    return _store(tx, made, switch, rules)


def add_external_switch(tx: Transaction, name: str, adapter_names: Sequence[str]) -> Network:
    """Put a switch made with the Hyper-V tools on a host, and the network that HNS makes of it.

    The network is Transparent, named as the switch, without subnets and ManagementIP.
    Source: hns-behaviour.md section 7.1, S:transparent-9.1 [O].
    """
    asked = HostComputeNetwork.model_validate({"Name": name, "Type": "Transparent"})
    rules = network_type(Mode.TRANSPARENT)
    made = _plan(tx, asked, Mode.TRANSPARENT, rules, ())
    have = adapters.all_of(tx)
    guid = tx.source.guid
    switch = network_parts.store_switch(
        tx,
        VSwitch(
            key=0,
            id=guid(),
            name=name,
            kind=SwitchKind.EXTERNAL,
            family=rules.family,
            layer_id=guid(),
            owner_id=made.id,
            parent_id=guid(),
            by_hns=False,
        ),
        tuple(each for each in have if each.name in adapter_names),
    )
    return _stored(tx, network_parts.store_network(tx, made, switch, rules))


def _plan(
    tx: Transaction,
    asked: HostComputeNetwork,
    mode: Mode,
    rules: NetworkType,
    carried: tuple[Policy, ...],
) -> Network:
    """Return the network asked for, completed, without what follows from its switch."""
    release = tx.host.release
    others = networks.all_of(tx)
    named = identity(tx, asked)
    check_unique(named["id"], named["name"], others)
    ranges = asked_mac_ranges(asked) or _own_range(tx, others)
    return Network(
        key=0,
        mode=mode,
        type_text=asked.type_text or mode.value,
        flags=kept_flags(asked.flags or 0, mode, release),
        policies=carried,
        subnets=_subnets(tx, asked, mode, rules, others),
        ipam_type=ipam_type(asked),
        mac_ranges=ranges,
        dns=dns_of(asked.dns),
        adapter_name=",".join(wanted_switch(carried, isolated=False).adapters),
        dr_mac=_dr_mac(tx, carried, ranges) if mode is Mode.OVERLAY else "",
        **named,
    )


def _own_range(tx: Transaction, others: list[Network]) -> tuple[MacRange, ...]:
    taken = [each for other in others for each in other.mac_ranges]
    return (own_mac_range(tx.source.below(1 << 12), taken),)


def _dr_mac(tx: Transaction, carried: tuple[Policy, ...], ranges: tuple[MacRange, ...]) -> str:
    return asked_dr_mac(carried) or dr_mac(tx.source.below, ranges)


def _subnets(
    tx: Transaction,
    asked: HostComputeNetwork,
    mode: Mode,
    rules: NetworkType,
    others: list[Network],
) -> tuple[Subnet, ...]:
    release = tx.host.release
    wanted = asked_subnets(asked)
    if rules.allocates and all(each.wants_choice for each in wanted):
        kept = wanted[0] if wanted else SubnetRequest()
        wanted = [network_parts.with_chosen_prefix(tx, kept, others)]
    planned = plan_subnets(wanted, mode, rules, release, tx.source.guid)
    check_subnets(mode, rules, planned, others, release)
    return planned


def _store(tx: Transaction, made: Network, switch: VSwitch, rules: NetworkType) -> Network:
    made = replace(
        made,
        management_ip=network_parts.management_ip(tx, made.flags, switch),
        management_ip_at=tx.now + tx.host.management_ip_delay,
        isolation=_isolation(tx, made.mode, switch),
    )
    key = network_parts.store_network(tx, made, switch, rules)
    policies.insert_all(tx, "network", key, made.policies)
    return _stored(tx, key)


def _isolation(tx: Transaction, mode: Mode, switch: VSwitch) -> int:
    """Return the VLAN of a NAT network on the switch it shares; 0 elsewhere."""
    if mode is not Mode.NAT or not tx.host.release.nat_on_winnat:
        return 0
    return lowest_vlan(networks.vlans_on(tx, switch.key))


def _stored(tx: Transaction, network_key: int) -> Network:
    stored = networks.find_by_key(tx, network_key)
    assert stored is not None  # noqa: S101 (inserted in this transaction)
    for kind in (HcnNotification.NETWORK_PRE_CREATE, HcnNotification.NETWORK_CREATE):
        tx.notify(Notification(kind, stored.id, data={"Flags": stored.flags}))
    return stored
