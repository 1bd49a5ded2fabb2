"""Rows of addresses and MACs in use, and of released ones until they are given out again."""

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from app.storage.prepared import Prepared
from app.storage.tables import (
    ip_allocations,
    ip_subnets,
    mac_allocations,
    networks,
    subnets,
)

_IP = and_(
    ip_allocations.c.network_key == bindparam("b_network_key"),
    ip_allocations.c.remote == bindparam("b_remote"),
    ip_allocations.c.address == bindparam("b_address"),
)
_IP_HOLDER = Prepared(select(ip_allocations.c.released).where(_IP))
_IP_INSERT = Prepared(
    insert(ip_allocations),
    ("network_key", "remote", "address", "ip_subnet_key", "endpoint_key", "released"),
)
_IP_REUSE = Prepared(
    update(ip_allocations)
    .where(_IP)
    .values(
        ip_subnet_key=bindparam("b_ip_subnet_key"),
        endpoint_key=bindparam("b_endpoint_key"),
        released=None,
    )
)
_IP_RELEASE = Prepared(
    update(ip_allocations).where(_IP).values(endpoint_key=None, released=bindparam("b_released"))
)
_MAC_RELEASE = Prepared(
    update(mac_allocations)
    .where(
        mac_allocations.c.network_key == bindparam("b_network_key"),
        mac_allocations.c.mac == bindparam("b_mac"),
        mac_allocations.c.endpoint_key == bindparam("b_endpoint_key"),
    )
    .values(endpoint_key=None, released=bindparam("b_released"))
)
_IP_OLDEST = Prepared(
    select(ip_allocations.c.address)
    .where(
        ip_allocations.c.ip_subnet_key == bindparam("b_ip_subnet_key"),
        ip_allocations.c.released.is_not(None),
    )
    .order_by(ip_allocations.c.released)
    .limit(1)
)
_IP_CURSOR = Prepared(
    update(ip_subnets)
    .where(ip_subnets.c.key == bindparam("b_key"))
    .values(cursor=bindparam("b_cursor"))
)
_MAC = and_(
    mac_allocations.c.network_key == bindparam("b_network_key"),
    mac_allocations.c.mac == bindparam("b_mac"),
)
_MAC_HOLDER = Prepared(select(mac_allocations.c.released).where(_MAC))
_MAC_INSERT = Prepared(insert(mac_allocations), ("network_key", "mac", "endpoint_key", "released"))
_MAC_REUSE = Prepared(
    update(mac_allocations)
    .where(_MAC)
    .values(endpoint_key=bindparam("b_endpoint_key"), released=None)
)
_MAC_OLDEST = Prepared(
    select(mac_allocations.c.mac)
    .where(
        mac_allocations.c.network_key == bindparam("b_network_key"),
        mac_allocations.c.released.is_not(None),
    )
    .order_by(mac_allocations.c.released)
    .limit(1)
)
_MAC_CURSOR = Prepared(
    update(networks)
    .where(networks.c.key == bindparam("b_key"))
    .values(mac_cursor=bindparam("b_cursor"))
)


def address_state(connection: Connection, network_key: int, address: str, *, remote: bool) -> str:
    """Return "free" (never used), "released" or "taken"."""
    row = _IP_HOLDER.row(
        connection, {"b_network_key": network_key, "b_remote": remote, "b_address": address}
    )
    return "free" if row is None else "taken" if row.released is None else "released"


def take_address(
    connection: Connection,
    network_key: int,
    address: str,
    *,
    state: str,
    ip_subnet_key: int | None,
    endpoint_key: int | None,
    remote: bool = False,
) -> None:
    """Give `address`, which is in `state`, to the endpoint."""
    if state == "free":
        _IP_INSERT.run(
            connection,
            {
                "network_key": network_key,
                "remote": remote,
                "address": address,
                "ip_subnet_key": ip_subnet_key,
                "endpoint_key": endpoint_key,
                "released": None,
            },
        )
        return
    _IP_REUSE.run(
        connection,
        {
            "b_network_key": network_key,
            "b_remote": remote,
            "b_address": address,
            "b_ip_subnet_key": ip_subnet_key,
            "b_endpoint_key": endpoint_key,
        },
    )


def oldest_released_address(connection: Connection, ip_subnet_key: int) -> str | None:
    """Return the address of the pool that was released longest ago."""
    found: str | None = _IP_OLDEST.scalar(connection, {"b_ip_subnet_key": ip_subnet_key})
    return found


def set_address_cursor(connection: Connection, ip_subnet_key: int, cursor: int) -> None:
    """Remember how far the pool's permutation has been drawn."""
    _IP_CURSOR.run(connection, {"b_key": ip_subnet_key, "b_cursor": cursor})


def mac_state(connection: Connection, network_key: int, mac: int) -> str:
    """Return "free" (never used), "released" or "taken"."""
    row = _MAC_HOLDER.row(connection, {"b_network_key": network_key, "b_mac": mac})
    return "free" if row is None else "taken" if row.released is None else "released"


def take_mac(
    connection: Connection, network_key: int, mac: int, *, state: str, endpoint_key: int | None
) -> None:
    """Give `mac`, which is in `state`, to the endpoint, or to the network itself (None)."""
    if state == "free":
        _MAC_INSERT.run(
            connection,
            {
                "network_key": network_key,
                "mac": mac,
                "endpoint_key": endpoint_key,
                "released": None,
            },
        )
        return
    _MAC_REUSE.run(
        connection,
        {"b_network_key": network_key, "b_mac": mac, "b_endpoint_key": endpoint_key},
    )


def oldest_released_mac(connection: Connection, network_key: int) -> int | None:
    """Return the MAC of the network that was released longest ago."""
    found: int | None = _MAC_OLDEST.scalar(connection, {"b_network_key": network_key})
    return found


def set_mac_cursor(connection: Connection, network_key: int, cursor: int) -> None:
    """Remember how far the permutation of the network's MACs has been drawn."""
    _MAC_CURSOR.run(connection, {"b_key": network_key, "b_cursor": cursor})


def release_address(
    connection: Connection, network_key: int, address: str, now: int, *, remote: bool
) -> None:
    """Release an address at FILETIME `now`."""
    _IP_RELEASE.run(
        connection,
        {
            "b_network_key": network_key,
            "b_remote": remote,
            "b_address": address,
            "b_released": now,
        },
    )


def release_mac(
    connection: Connection, network_key: int, mac: int, endpoint_key: int, now: int
) -> None:
    """Release a MAC at FILETIME `now` if the endpoint holds it."""
    _MAC_RELEASE.run(
        connection,
        {
            "b_network_key": network_key,
            "b_mac": mac,
            "b_endpoint_key": endpoint_key,
            "b_released": now,
        },
    )


def counts(connection: Connection, ip_subnet_keys: list[int]) -> dict[int, tuple[int, int]]:
    """Return (in use, released) of each pool that ever gave an address out."""
    rows = connection.execute(
        select(
            ip_allocations.c.ip_subnet_key,
            func.count().label("all"),
            func.count(ip_allocations.c.released).label("released"),
        )
        .where(
            ip_allocations.c.network_key.in_(
                select(subnets.c.network_key)
                .join(ip_subnets, ip_subnets.c.subnet_key == subnets.c.key)
                .where(ip_subnets.c.key.in_(ip_subnet_keys))
            ),
            ip_allocations.c.ip_subnet_key.in_(ip_subnet_keys),
        )
        .group_by(ip_allocations.c.ip_subnet_key)
    )
    return {row[0]: (row[1] - row[2], row[2]) for row in rows}
