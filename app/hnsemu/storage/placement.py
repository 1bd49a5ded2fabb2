"""Rows of a network as an endpoint needs them that is made there or leaves."""

import ipaddress
import json
from typing import Any

from sqlalchemy import Row, bindparam, select

from hnsemu.domain.ipam import DO_NOT_RESERVE_GATEWAY, Pool
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import MacRange
from hnsemu.domain.placement import Place
from hnsemu.storage.networks import read_dns
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import ip_subnets, networks, policies, subnets, vswitches
from hnsemu.storage.transaction import Transaction

_VLAN = (
    select(policies.c.settings)
    .where(policies.c.subnet_key == subnets.c.key, policies.c.type == "VLAN")
    .order_by(policies.c.position)
    .limit(1)
    .scalar_subquery()
)

_PLACE = Prepared(
    select(
        networks.c.key,
        networks.c.id,
        networks.c.name,
        networks.c.mode,
        networks.c.type_text,
        networks.c.dns,
        networks.c.vswitch_key,
        networks.c.isolation,
        networks.c.mac_ranges,
        networks.c.mac_cursor,
        networks.c.mac_seed,
        vswitches.c.id.label("switch_id"),
        vswitches.c.parent_id,
        subnets.c.gateway,
        subnets.c.flags.label("subnet_flags"),
        _VLAN.label("vlan"),
        ip_subnets.c.key.label("pool_key"),
        ip_subnets.c.id.label("pool_id"),
        ip_subnets.c.prefix,
        ip_subnets.c.flags.label("pool_flags"),
        ip_subnets.c.cursor,
        ip_subnets.c.seed,
    )
    .join(vswitches, vswitches.c.key == networks.c.vswitch_key)
    .outerjoin(subnets, subnets.c.network_key == networks.c.key)
    .outerjoin(ip_subnets, ip_subnets.c.subnet_key == subnets.c.key)
    .where(networks.c.host_key == bindparam("host_key"), networks.c.id == bindparam("id"))
    .order_by(subnets.c.key, ip_subnets.c.key)
)


def find(tx: Transaction, network_id: str) -> Place | None:
    """Return what an endpoint needs to know of the network."""
    rows = _PLACE.rows(tx.connection, {"host_key": tx.host.key, "id": network_id})
    if not rows:
        return None
    first = rows[0]
    return Place(
        network_key=first.key,
        network_id=first.id,
        network_name=first.name,
        mode=Mode(first.mode),
        type_text=first.type_text,
        dns=read_dns(first.dns),
        vswitch_key=first.vswitch_key,
        switch_id=first.switch_id,
        parent_id=first.parent_id,
        isolation=first.isolation,
        mac_ranges=tuple(MacRange(start, end) for start, end in json.loads(first.mac_ranges)),
        mac_cursor=first.mac_cursor,
        mac_seed=first.mac_seed,
        pools=tuple(_pool(row) for row in rows if row.pool_key is not None),
    )


def _pool(row: Row[Any]) -> Pool:
    network = ipaddress.ip_network(row.prefix, strict=False)
    gateway = ipaddress.ip_address(row.gateway) if row.gateway else None
    if gateway and (gateway not in network or row.subnet_flags & DO_NOT_RESERVE_GATEWAY):
        gateway = None
    return Pool(
        key=row.pool_key,
        id=row.pool_id,
        network=network,
        flags=row.pool_flags,
        gateway=gateway,
        cursor=row.cursor,
        seed=row.seed,
        next_hop=row.gateway,
        vlan=row.vlan or "",
    )
