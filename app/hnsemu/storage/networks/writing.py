"""Networks written: one function for each use case."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace

from sqlalchemy import Table, delete, insert, select, update

from hnsemu.domain.facts import Dns, Port, VSwitch
from hnsemu.domain.network_changes import NetworkChange
from hnsemu.domain.network_creation import NewNetwork
from hnsemu.domain.network_deletion import NetworkDeletion
from hnsemu.domain.networks import IpSubnet, Network, Subnet
from hnsemu.storage import adapters, allocations, policies, vswitches
from hnsemu.storage.chunks import chunks
from hnsemu.storage.identity import identity_values
from hnsemu.storage.prepared import Prepared, PreparedInsert
from hnsemu.storage.tables import endpoints, ip_subnets, nat_instances, networks, subnets
from hnsemu.storage.transaction import Transaction

_INSERT = PreparedInsert(networks)
_INSERT_ONE = {table.name: PreparedInsert(table) for table in (subnets, ip_subnets)}
_INSERT_NAT = Prepared(insert(nat_instances), [column.name for column in nat_instances.columns])


def create(tx: Transaction, new: NewNetwork) -> Network:
    """Write a network with everything that comes with it; return it with the keys of its rows."""
    switch = _settle(tx, new)
    key = _insert(tx, new, switch)
    stored = _insert_subnets(tx, key, new.network.subnets, iter(new.pool_seeds))
    if new.host_mac is not None:
        allocations.take_mac(tx, key, new.host_mac, state="free", endpoint_key=None)
    network = replace(
        new.network,
        vswitch=switch,
        key=key,
        subnets=stored,
        host_vnic=_insert_port(tx, switch.key, key, new.network.host_vnic),
        rdid_port=_insert_port(tx, switch.key, key, new.network.rdid_port),
    )
    if network.nat is not None:
        row = {"network_key": network.key, **asdict(network.nat)}
        _INSERT_NAT.run(tx.connection, row)
    policies.insert_all(tx, "network", network.key, network.policies)
    tx.notify(*new.notifications)
    tx.note_created("network", network.id)
    return network


def change(tx: Transaction, before: Network, changed: NetworkChange) -> Network:
    """Write what differs from the network `before`; return it with the keys of new rows."""
    after = changed.network
    tx.connection.execute(
        update(networks)
        .where(networks.c.key == before.key)
        .values(updated=after.updated, dns=_dns_text(after.dns))
    )
    if after.vswitch is not None and after.vswitch != before.vswitch:
        vswitches.set_extensions(tx, after.vswitch.key, after.vswitch.extensions)
    _change_policies(tx, before, after)
    if after.subnets == before.subnets:
        return after
    return replace(after, subnets=_change_subnets(tx, before, changed))


def remove(tx: Transaction, deletion: NetworkDeletion) -> None:
    """Delete the network with its endpoints and everything else that hangs on it."""
    network = deletion.network
    if tx.watcher is not None:
        _note_endpoints(tx, network.key)
    tx.note_removed("network", network.id)
    tx.connection.execute(delete(networks).where(networks.c.key == network.key))
    assert network.vswitch is not None  # noqa: S101 (every stored network stands on one)
    if deletion.heir:
        vswitches.set_owner(tx, network.vswitch.key, deletion.heir)
    if deletion.removes_switch:
        vswitches.remove(tx, network.vswitch.key)
    tx.notify(*deletion.notifications)


def _note_endpoints(tx: Transaction, network_key: int) -> None:
    """Note the endpoints that go with a network."""
    query = select(endpoints.c.id).where(endpoints.c.network_key == network_key)
    for endpoint_id in tx.connection.execute(query).scalars():
        tx.note_removed("endpoint", endpoint_id)


def _settle(tx: Transaction, new: NewNetwork) -> VSwitch:
    """Return the switch of the network, inserted and bound to its adapters if it is new."""
    switch = new.switch
    if switch.key:
        if switch.owner_id == new.network.id:
            vswitches.set_owner(tx, switch.key, new.network.id)
        return switch
    key = vswitches.insert_switch(tx, switch)
    if new.adapters:
        adapters.bind(tx, [adapter.key for adapter in new.adapters], key)
    return replace(switch, key=key)


def _insert(tx: Transaction, new: NewNetwork, switch: VSwitch) -> int:
    network = new.network
    ranges = [[macs.start, macs.end] for macs in network.mac_ranges]
    row = {
        "host_key": tx.host.key,
        "vswitch_key": switch.key,
        **identity_values(network),
        "mode": network.mode.value,
        "type_text": network.type_text,
        "flags": network.flags,
        "ipam_type": network.ipam_type,
        "dns": _dns_text(network.dns),
        "adapter_name": network.adapter_name,
        "management_ip": network.management_ip,
        "management_ip_at": network.management_ip_at,
        "dr_mac": network.dr_mac,
        "dns_compartment": network.dns_compartment,
        "isolation": network.isolation,
        "from_hcn": network.from_hcn,
        "mac_ranges": json.dumps(ranges),
        "mac_seed": new.mac_seed,
        "mac_cursor": 0 if new.host_mac is None else 1,
    }
    return _INSERT.key(tx.connection, row)


def _insert_subnets(
    tx: Transaction, network_key: int, new: Sequence[Subnet], seeds: Iterator[int]
) -> tuple[Subnet, ...]:
    """Insert subnets behind the others, with their policies and pools."""
    rows = [
        {
            "network_key": network_key,
            "id": subnet.id,
            "prefix": subnet.prefix,
            "gateway": subnet.gateway,
            "routes": json.dumps([asdict(route) for route in subnet.routes]),
            "flags": subnet.flags,
        }
        for subnet in new
    ]
    written = [
        replace(subnet, key=key)
        for subnet, key in zip(new, _insert_many(tx, subnets, rows), strict=True)
    ]
    for subnet in written:
        policies.insert_all(tx, "subnet", subnet.key, subnet.policies)
    owned = [(subnet.key, pool) for subnet in written for pool in subnet.ip_subnets]
    pools = iter(_insert_pools(tx, owned, seeds))
    return tuple(
        replace(subnet, ip_subnets=tuple(next(pools) for _ in subnet.ip_subnets))
        for subnet in written
    )


def _insert_pools(
    tx: Transaction, owned: Sequence[tuple[int, IpSubnet]], seeds: Iterator[int]
) -> list[IpSubnet]:
    """Insert pools, each with the key of its subnet."""
    rows = [
        {
            "subnet_key": subnet_key,
            "id": pool.id,
            "prefix": pool.prefix,
            "flags": pool.flags,
            "seed": next(seeds),
        }
        for subnet_key, pool in owned
    ]
    keys = _insert_many(tx, ip_subnets, rows)
    return [replace(pool, key=key) for (_, pool), key in zip(owned, keys, strict=True)]


def _insert_many(tx: Transaction, table: Table, rows: list[dict[str, object]]) -> list[int]:
    """Insert rows in as few statements as the driver takes; return their keys in order."""
    if len(rows) <= 1:
        return [_INSERT_ONE[table.name].key(tx.connection, row) for row in rows]
    statement = insert(table).returning(table.c.key, sort_by_parameter_order=True)
    return list(tx.connection.execute(statement, rows).scalars())


def _insert_port(
    tx: Transaction, vswitch_key: int, network_key: int, port: Port | None
) -> Port | None:
    """Return a port of the network itself, inserted."""
    if port is None:
        return None
    key = vswitches.insert_network_port(tx, vswitch_key, network_key, port)
    return replace(port, key=key)


def _change_policies(tx: Transaction, before: Network, after: Network) -> None:
    known = len(before.policies)
    if after.policies[:known] == before.policies:  # the hot case: routes and sets come one by one
        added = after.policies[known:]
        policies.insert_all(tx, "network", before.key, added, first=known)
    else:
        policies.replace(tx, "network", before.key, after.policies)


def _change_subnets(tx: Transaction, before: Network, changed: NetworkChange) -> tuple[Subnet, ...]:
    after, seeds = changed.network, iter(changed.pool_seeds)
    kept = {subnet.key: subnet for subnet in after.subnets if subnet.key}
    for subnet in before.subnets:
        if subnet.key not in kept:
            tx.connection.execute(delete(subnets).where(subnets.c.key == subnet.key))
        elif subnet.ip_subnets != kept[subnet.key].ip_subnets:
            _delete_pools(tx, subnet.ip_subnets, kept[subnet.key].ip_subnets)
    old = _with_new_pools(tx, [subnet for subnet in after.subnets if subnet.key], seeds)
    new = [subnet for subnet in after.subnets if not subnet.key]
    return (*old, *_insert_subnets(tx, before.key, new, seeds))


def _delete_pools(tx: Transaction, before: Sequence[IpSubnet], after: Sequence[IpSubnet]) -> None:
    gone = {pool.key for pool in before} - {pool.key for pool in after}
    for chunk in chunks(gone):
        tx.connection.execute(delete(ip_subnets).where(ip_subnets.c.key.in_(chunk)))


def _with_new_pools(
    tx: Transaction, known: Sequence[Subnet], seeds: Iterator[int]
) -> tuple[Subnet, ...]:
    """Insert the new pools of subnets that are there."""
    owned = [(subnet.key, pool) for subnet in known for pool in subnet.ip_subnets if not pool.key]
    pools = iter(_insert_pools(tx, owned, seeds))
    return tuple(
        replace(
            subnet,
            ip_subnets=tuple(pool if pool.key else next(pools) for pool in subnet.ip_subnets),
        )
        for subnet in known
    )


def _dns_text(dns: Dns) -> str:
    return json.dumps({name: value for name, value in asdict(dns).items() if value})
