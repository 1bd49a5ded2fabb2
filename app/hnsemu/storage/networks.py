"""Rows of networks with everything that hangs on them."""

import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    Row,
    Select,
    bindparam,
    case,
    delete,
    insert,
    select,
    update,
)

from hnsemu.domain.facts import Dns, Route, VSwitch
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import (
    IpSubnet,
    MacRange,
    NatInstance,
    Network,
    Subnet,
)
from hnsemu.storage import policies, vswitches
from hnsemu.storage.identity import identity_of, identity_values
from hnsemu.storage.prepared import Keyed, Prepared
from hnsemu.storage.tables import (
    adapters,
    ip_subnets,
    nat_instances,
    networks,
    subnets,
    vswitch_ports,
)
from hnsemu.storage.tables import vswitches as vswitch_table
from hnsemu.storage.transaction import Transaction

_Query = Select[Any]

_NETWORKS = select(networks).order_by(networks.c.key)
_OF_HOST = _NETWORKS.where(networks.c.host_key == bindparam("host_key"))
_BY_ID = _OF_HOST.where(networks.c.id == bindparam("id"))
_BY_NAME = _OF_HOST.where(networks.c.name == bindparam("name"))
_BY_KEY = _NETWORKS.where(networks.c.key == bindparam("key"))
_ON_SWITCH = select(networks.c.isolation).where(networks.c.vswitch_key == bindparam("key"))
_NATS = Keyed(select(nat_instances), nat_instances.c.network_key)
_OWN_PORTS = Keyed(
    select(vswitch_ports).where(vswitch_ports.c.endpoint_key.is_(None)),
    vswitch_ports.c.network_key,
)
_SWITCHES = Keyed(select(vswitch_table), vswitch_table.c.key)
_BOUND = Keyed(
    select(adapters.c.vswitch_key, adapters.c.name).order_by(adapters.c.position),
    adapters.c.vswitch_key,
)
_SUBNETS = Keyed(
    select(
        subnets,
        ip_subnets.c.key.label("pool_key"),
        ip_subnets.c.id.label("pool_id"),
        ip_subnets.c.prefix.label("pool_prefix"),
        ip_subnets.c.flags.label("pool_flags"),
    )
    .outerjoin(ip_subnets, ip_subnets.c.subnet_key == subnets.c.key)
    .order_by(subnets.c.network_key, subnets.c.key, ip_subnets.c.key),
    subnets.c.network_key,
)
_COUNT = Prepared(
    update(networks)
    .where(networks.c.key == bindparam("b_key"))
    .values(
        current_endpoints=networks.c.current_endpoints + bindparam("b_change"),
        total_endpoints=networks.c.total_endpoints + bindparam("b_new"),
        max_endpoints=case(
            (
                networks.c.current_endpoints + bindparam("b_change") > networks.c.max_endpoints,
                networks.c.current_endpoints + bindparam("b_change"),
            ),
            else_=networks.c.max_endpoints,
        ),
    )
)


def find(tx: Transaction, network_id: str) -> Network | None:
    """Return the network of the host with that id."""
    return _one(tx, _BY_ID, {"host_key": tx.host.key, "id": network_id})


def find_by_key(tx: Transaction, network_key: int) -> Network | None:
    """Return the network with that key."""
    return _one(tx, _BY_KEY, {"key": network_key})


def all_of(tx: Transaction, name: str | None = None) -> list[Network]:
    """Return the networks of the host, or those called exactly `name`, in creation order."""
    if name is None:
        return _networks(tx, _OF_HOST, {"host_key": tx.host.key})
    return _networks(tx, _BY_NAME, {"host_key": tx.host.key, "name": name})


def vlans_on(tx: Transaction, vswitch_key: int) -> list[int]:
    """Return the VLANs that tell the networks on a switch apart."""
    return list(tx.connection.execute(_ON_SWITCH, {"key": vswitch_key}).scalars())


def insert_network(tx: Transaction, vswitch_key: int, made: Network, mac_seed: int) -> int:
    """Insert a network without its subnets, policies and ports; return its key."""
    row = {
        "host_key": tx.host.key,
        "vswitch_key": vswitch_key,
        **identity_values(made),
        "mode": made.mode.value,
        "type_text": made.type_text,
        "flags": made.flags,
        "ipam_type": made.ipam_type,
        "dns": _dns_text(made.dns),
        "adapter_name": made.adapter_name,
        "management_ip": made.management_ip,
        "management_ip_at": made.management_ip_at,
        "dr_mac": made.dr_mac,
        "isolation": made.isolation,
        "mac_ranges": json.dumps([[each.start, each.end] for each in made.mac_ranges]),
        "mac_seed": mac_seed,
    }
    return int(tx.connection.execute(insert(networks).returning(networks.c.key), row).scalar_one())


def insert_nat(tx: Transaction, network_key: int, nat: NatInstance) -> None:
    """Insert the NAT instance of a network."""
    tx.connection.execute(insert(nat_instances), {"network_key": network_key, **asdict(nat)})


def insert_subnet(tx: Transaction, network_key: int, subnet: Subnet, seeds: Iterable[int]) -> None:
    """Insert a subnet behind the others, with its policies and pools.

    seeds: one per pool; each names the permutation that addresses are drawn by.
    """
    row = {
        "network_key": network_key,
        "id": subnet.id,
        "prefix": subnet.prefix,
        "gateway": subnet.gateway,
        "routes": json.dumps([asdict(route) for route in subnet.routes]),
        "flags": subnet.flags,
    }
    key = int(tx.connection.execute(insert(subnets).returning(subnets.c.key), row).scalar_one())
    policies.insert_all(tx, "subnet", key, subnet.policies)
    insert_pools(tx, key, subnet.ip_subnets, seeds)


def insert_pools(
    tx: Transaction, subnet_key: int, pools: Iterable[IpSubnet], seeds: Iterable[int]
) -> None:
    """Insert pools of a subnet behind the others; `seeds` as in `insert_subnet`."""
    rows = [
        {
            "subnet_key": subnet_key,
            "id": pool.id,
            "prefix": pool.prefix,
            "flags": pool.flags,
            "seed": seed,
        }
        for pool, seed in zip(pools, seeds, strict=True)
    ]
    if rows:
        tx.connection.execute(insert(ip_subnets), rows)


def delete_subnet(tx: Transaction, subnet_key: int) -> None:
    """Delete a subnet with its policies and pools."""
    tx.connection.execute(delete(subnets).where(subnets.c.key == subnet_key))


def delete_pool(tx: Transaction, ip_subnet_key: int) -> None:
    """Delete a pool."""
    tx.connection.execute(delete(ip_subnets).where(ip_subnets.c.key == ip_subnet_key))


def set_dns(tx: Transaction, network_key: int, dns: Dns) -> None:
    """Keep new resolver settings."""
    tx.connection.execute(
        update(networks).where(networks.c.key == network_key).values(dns=_dns_text(dns))
    )


def touch(tx: Transaction, network_key: int, now: int) -> None:
    """Stamp the network as changed at FILETIME `now`."""
    tx.connection.execute(update(networks).where(networks.c.key == network_key).values(updated=now))


def count_endpoint(tx: Transaction, network_key: int, change: int) -> None:
    """Count one endpoint more (1) or less (-1), keeping the high-water mark and the total."""
    _COUNT.run(tx.connection, {"b_key": network_key, "b_change": change, "b_new": max(change, 0)})


def remove(tx: Transaction, network_key: int) -> None:
    """Delete the network with its endpoints and everything else that hangs on it."""
    tx.connection.execute(delete(networks).where(networks.c.key == network_key))


def read_dns(text: str) -> Dns:
    """Return the resolver settings that a `dns` column holds."""
    members = json.loads(text)
    return Dns(
        domain=members.get("domain", ""),
        search=tuple(members.get("search", ())),
        server_list=tuple(members.get("server_list", ())),
        options=tuple(members.get("options", ())),
    )


def _dns_text(dns: Dns) -> str:
    return json.dumps({name: value for name, value in asdict(dns).items() if value})


def _one(tx: Transaction, query: _Query, wanted: Mapping[str, object]) -> Network | None:
    return next(iter(_networks(tx, query, wanted)), None)


def _networks(tx: Transaction, query: _Query, wanted: Mapping[str, object]) -> list[Network]:
    rows = tx.connection.execute(query, wanted).all()
    if not rows:
        return []
    keys = [row.key for row in rows]
    carried = policies.of_many(tx, "network", keys)
    inside = _subnets(tx, keys)
    ports = {
        (row.network_key, row.kind): vswitches.port(row)
        for row in _OWN_PORTS.rows(tx.connection, keys)
    }
    nats = {row.network_key: _nat(row) for row in _NATS.rows(tx.connection, keys)}
    switches = _switches(tx, {row.vswitch_key for row in rows})
    return [
        _network(
            row,
            policies=carried.get(row.key, ()),
            subnets=inside.get(row.key, ()),
            nat=nats.get(row.key),
            vswitch=switches[row.vswitch_key],
            host_vnic=ports.get((row.key, "HostVnic")),
            rdid_port=ports.get((row.key, "RDID")),
        )
        for row in rows
    ]


def _network(row: Row[Any], **parts: Any) -> Network:  # noqa: ANN401 (fields of Network)
    return Network(
        key=row.key,
        mode=Mode(row.mode),
        type_text=row.type_text,
        flags=row.flags,
        ipam_type=row.ipam_type,
        mac_ranges=tuple(MacRange(start, end) for start, end in json.loads(row.mac_ranges)),
        dns=read_dns(row.dns),
        adapter_name=row.adapter_name,
        management_ip=row.management_ip,
        management_ip_at=row.management_ip_at,
        dr_mac=row.dr_mac,
        isolation=row.isolation,
        current_endpoints=row.current_endpoints,
        max_endpoints=row.max_endpoints,
        total_endpoints=row.total_endpoints,
        **identity_of(row),
        **parts,
    )


def _nat(row: Any) -> NatInstance:  # noqa: ANN401 (a row)
    return NatInstance(
        engine=row.engine,
        allocator_id=row.allocator_id,
        interface_id=row.interface_id,
        subnet_address=row.subnet_address,
        gateway=row.gateway,
        prefix_length=row.prefix_length,
    )


def _subnets(tx: Transaction, network_keys: list[int]) -> dict[int, tuple[Subnet, ...]]:
    rows = _SUBNETS.rows(tx.connection, network_keys)
    if not rows:
        return {}
    carried = policies.of_many(tx, "subnet", list({row.key for row in rows}))
    found: dict[int, list[Subnet]] = {}
    for _, several in itertools.groupby(rows, key=lambda row: row.key):
        first, *more = several
        pools = (first, *more) if first.pool_key is not None else ()
        found.setdefault(first.network_key, []).append(
            Subnet(
                key=first.key,
                id=first.id,
                prefix=first.prefix,
                gateway=first.gateway,
                routes=tuple(Route(**route) for route in json.loads(first.routes)),
                flags=first.flags,
                policies=carried.get(first.key, ()),
                ip_subnets=tuple(
                    IpSubnet(row.pool_key, row.pool_id, row.pool_prefix, row.pool_flags)
                    for row in pools
                ),
            )
        )
    return {key: tuple(several) for key, several in found.items()}


def _switches(tx: Transaction, keys: set[int]) -> dict[int, VSwitch]:
    bound: dict[int, list[str]] = {}
    for row in _BOUND.rows(tx.connection, keys):
        bound.setdefault(row.vswitch_key, []).append(row.name)
    rows = _SWITCHES.rows(tx.connection, keys)
    return {row.key: vswitches.vswitch(row, bound.get(row.key, ())) for row in rows}
