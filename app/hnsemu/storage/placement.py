"""Rows of a network as the site of an endpoint that is created or deleted there."""

import functools
import ipaddress
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import BigInteger, Row, bindparam, case, func, select, update

from hnsemu.domain.ipam import DO_NOT_RESERVE_GATEWAY, Pool
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import MacRange
from hnsemu.domain.placement import NetworkSite
from hnsemu.storage.networks import read_dns
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import (
    endpoints,
    hosts,
    ip_subnets,
    networks,
    policies,
    subnets,
    vswitches,
)
from hnsemu.storage.transaction import Transaction

_VLAN = (
    select(policies.c.settings)
    .where(policies.c.subnet_key == subnets.c.key, policies.c.type == "VLAN")
    .order_by(policies.c.position)
    .limit(1)
    .scalar_subquery()
)

_SITES = (
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
    .join(hosts, hosts.c.key == networks.c.host_key)
    .join(vswitches, vswitches.c.key == networks.c.vswitch_key)
    .outerjoin(subnets, subnets.c.network_key == networks.c.key)
    .outerjoin(ip_subnets, ip_subnets.c.subnet_key == subnets.c.key)
    .where(hosts.c.name == bindparam("host_name"))
    .order_by(subnets.c.key, ip_subnets.c.key)
)
_BY_ID = Prepared(_SITES.where(networks.c.id == bindparam("id")))
_BY_NAME = _SITES.where(networks.c.name == bindparam("name"))
# The high-water mark and the total follow the count of endpoints.
_COUNT_NEW = Prepared(
    update(networks)
    .where(networks.c.key == bindparam("b_key"))
    .values(
        current_endpoints=networks.c.current_endpoints + 1,
        total_endpoints=networks.c.total_endpoints + 1,
        max_endpoints=case(
            (
                networks.c.current_endpoints + 1 > networks.c.max_endpoints,
                networks.c.current_endpoints + 1,
            ),
            else_=networks.c.max_endpoints,
        ),
        mac_cursor=func.coalesce(bindparam("b_cursor", type_=BigInteger), networks.c.mac_cursor),
    )
)
_COUNT_LOST = Prepared(
    update(networks)
    .where(networks.c.key == bindparam("b_key"))
    .values(current_endpoints=networks.c.current_endpoints - 1)
)


_COUNT_ALL = (
    update(networks)
    .where(networks.c.host_key == bindparam("b_host_key"))
    .values(
        current_endpoints=select(func.count(endpoints.c.key))
        .where(endpoints.c.network_key == networks.c.key)
        .scalar_subquery()
    )
)


def find(tx: Transaction, network_id: str) -> NetworkSite | None:
    """Return the network of that id as the site of an endpoint."""
    return _site(_BY_ID.rows(tx.connection, {"host_name": tx.host_name, "id": network_id}))


def find_by_name(tx: Transaction, name: str) -> NetworkSite | None:
    """Return the network of that name, which is not empty, as the site of an endpoint."""
    return _site(tx.connection.execute(_BY_NAME, {"host_name": tx.host_name, "name": name}).all())


def count_new(tx: Transaction, network_key: int, mac_cursor: int | None) -> None:
    """Count an endpoint more; remember how far the network's MACs have been drawn, if it moved."""
    _COUNT_NEW.run(tx.connection, {"b_key": network_key, "b_cursor": mac_cursor})


def count_lost(tx: Transaction, network_key: int) -> None:
    """Count an endpoint less."""
    _COUNT_LOST.run(tx.connection, {"b_key": network_key})


def count_again(tx: Transaction) -> None:
    """Count the endpoints of each network of the host, whatever was believed of them."""
    tx.connection.execute(_COUNT_ALL, {"b_host_key": tx.host.key})


def _site(rows: Sequence[Any]) -> NetworkSite | None:
    if not rows:
        return None
    first = rows[0]
    return NetworkSite(
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
        mac_ranges=_mac_ranges(first.mac_ranges),
        mac_cursor=first.mac_cursor,
        mac_seed=first.mac_seed,
        pools=tuple(_pool(row) for row in rows if row.pool_key is not None),
    )


@functools.lru_cache(maxsize=1024)
def _mac_ranges(text: str) -> tuple[MacRange, ...]:
    return tuple(MacRange(start, end) for start, end in orjson.loads(text))


# Reading a prefix takes longer than reading its row.
_network = functools.lru_cache(maxsize=4096)(functools.partial(ipaddress.ip_network, strict=False))
_address = functools.lru_cache(maxsize=4096)(ipaddress.ip_address)


def _pool(row: Row[Any]) -> Pool:
    network = _network(row.prefix)
    gateway = _address(row.gateway) if row.gateway else None
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
