"""Rows of addresses and MACs in use, and of released ones until they are given out again."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from hnsemu.domain.drawing import State
from hnsemu.domain.ipam import Pool, text_key
from hnsemu.storage.chunks import chunks
from hnsemu.storage.prepared import Answer, Prepared
from hnsemu.storage.tables import ip_allocations, ip_subnets, mac_allocations, subnets
from hnsemu.storage.transaction import Transaction

K = TypeVar("K", str, int)

_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)

_IP_NETWORK = and_(
    ip_allocations.c.network_key == bindparam("b_network_key"),
    ip_allocations.c.remote == bindparam("b_remote"),
)
_IP = and_(_IP_NETWORK, ip_allocations.c.address == bindparam("b_address"))
_IP_STATE = Prepared(select(ip_allocations.c.released).where(_IP))
_IP_STATES = select(ip_allocations.c.address, ip_allocations.c.released).where(
    _IP_NETWORK, ip_allocations.c.address.in_(_KEYS)
)
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
_IP_OLDEST = (
    select(ip_allocations.c.address)
    .where(
        ip_allocations.c.ip_subnet_key == bindparam("ip_subnet_key"),
        ip_allocations.c.released.is_not(None),
        ip_allocations.c.address.not_in(_KEYS),
    )
    .order_by(ip_allocations.c.released)
    .limit(1)
)
_IP_COUNTS = Prepared(  # of the pool's own range, by the key of the table
    select(
        func.count().label("known"),
        func.count(ip_allocations.c.released).label("released"),
    ).where(
        _IP_NETWORK,
        ip_allocations.c.address.between(bindparam("b_first"), bindparam("b_last")),
        ip_allocations.c.ip_subnet_key == bindparam("b_ip_subnet_key"),
    )
)
_IP_CURSOR = Prepared(
    update(ip_subnets)
    .where(ip_subnets.c.key == bindparam("b_key"))
    .values(cursor=bindparam("b_cursor"))
)
_IP_RELEASE = Prepared(
    update(ip_allocations).where(_IP).values(released=bindparam("b_released"), endpoint_key=None)
)
_IP_FORGET = Prepared(delete(ip_allocations).where(_IP))

_MAC = and_(
    mac_allocations.c.network_key == bindparam("b_network_key"),
    mac_allocations.c.mac == bindparam("b_mac"),
)
_MAC_STATE = Prepared(select(mac_allocations.c.released).where(_MAC))
_MAC_STATES = select(mac_allocations.c.mac, mac_allocations.c.released).where(
    mac_allocations.c.network_key == bindparam("b_network_key"), mac_allocations.c.mac.in_(_KEYS)
)
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
_MAC_RELEASE = Prepared(
    update(mac_allocations).where(_MAC).values(released=bindparam("b_released"), endpoint_key=None)
)
_MAC_FORGET = Prepared(delete(mac_allocations).where(_MAC))


def address_states(
    tx: Transaction, network_key: int, addresses: Sequence[str], *, remote: bool
) -> dict[str, State]:
    """Return how those of the addresses stand that were ever used, as text keys."""
    where = {"b_network_key": network_key, "b_remote": remote}
    if len(addresses) == 1:  # the hot path
        row = _IP_STATE.row(tx.connection, {**where, "b_address": addresses[0]})
        return {} if row is None else {addresses[0]: _state(row.released)}
    rows = tx.connection.execute(_IP_STATES, {**where, "keys": addresses})
    return {row.address: _state(row.released) for row in rows}


class AskedStates:
    """How addresses of local endpoints and MACs stand, once somebody reads it."""

    def __init__(self, addresses: Mapping[str, Answer], macs: Mapping[int, Answer]) -> None:
        """Hold the answers, by text key and by number."""
        self._answers = addresses, macs
        self._read: tuple[dict[str, State], dict[int, State]] | None = None

    def addresses(self) -> Mapping[str, State]:
        """Return how the addresses stand, all of them."""
        return self._states()[0]

    def macs(self) -> Mapping[int, State]:
        """Return how the MACs stand, all of them."""
        return self._states()[1]

    def _states(self) -> tuple[dict[str, State], dict[int, State]]:
        if self._read is None:
            addresses, macs = self._answers
            self._read = _read(addresses), _read(macs)
        return self._read


def ask_states(
    tx: Transaction, network_key: int, addresses: Sequence[str], macs: Sequence[int]
) -> AskedStates:
    """Ask how addresses of local endpoints, as text keys, and MACs stand."""
    of, network = tx.connection, {"b_network_key": network_key}
    return AskedStates(
        {
            key: _IP_STATE.ask(of, {**network, "b_remote": False, "b_address": key})
            for key in addresses
        },
        {number: _MAC_STATE.ask(of, {**network, "b_mac": number}) for number in macs},
    )


def take_address(
    tx: Transaction,
    network_key: int,
    address: str,
    *,
    state: State,
    ip_subnet_key: int | None,
    endpoint_key: int | None,
    remote: bool = False,
) -> None:
    """Give `address`, which is in `state`, to the endpoint."""
    if state == "free":
        _IP_INSERT.run(
            tx.connection,
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
        tx.connection,
        {
            "b_network_key": network_key,
            "b_remote": remote,
            "b_address": address,
            "b_ip_subnet_key": ip_subnet_key,
            "b_endpoint_key": endpoint_key,
        },
    )


def release_address(tx: Transaction, network_key: int, address: str, released: int) -> None:
    """Put the address of a local endpoint back into its pool.

    released: FILETIME of the machine. It is an order, which a clock that stands would not give.
    """
    _IP_RELEASE.run(
        tx.connection,
        {
            "b_network_key": network_key,
            "b_remote": False,
            "b_address": address,
            "b_released": released,
        },
    )


def forget_address(tx: Transaction, network_key: int, address: str, *, remote: bool) -> None:
    """Drop an address that no pool waits for."""
    _IP_FORGET.run(
        tx.connection, {"b_network_key": network_key, "b_remote": remote, "b_address": address}
    )


def oldest_released_address(
    tx: Transaction, ip_subnet_key: int, besides: Collection[str]
) -> str | None:
    """Return the address of the pool that was released longest ago, none of `besides`."""
    found: str | None = tx.connection.execute(
        _IP_OLDEST, {"ip_subnet_key": ip_subnet_key, "keys": list(besides)}
    ).scalar()
    return found


def set_address_cursor(tx: Transaction, ip_subnet_key: int, cursor: int) -> None:
    """Remember how far the pool's permutation has been drawn."""
    _IP_CURSOR.run(tx.connection, {"b_key": ip_subnet_key, "b_cursor": cursor})


def counts(tx: Transaction, ip_subnet_keys: list[int]) -> dict[int, tuple[int, int]]:
    """Return (in use, released) of each pool that ever gave an address out."""
    found: dict[int, tuple[int, int]] = {}
    for chunk in chunks(ip_subnet_keys):
        found.update(_counts(tx, chunk))
    return found


def _counts(tx: Transaction, ip_subnet_keys: list[int]) -> dict[int, tuple[int, int]]:
    rows = tx.connection.execute(
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


def counts_of_pool(tx: Transaction, network_key: int, pool: Pool) -> tuple[int, int]:
    """Return how many addresses of the pool are in use, and how many were released."""
    row = _IP_COUNTS.row(
        tx.connection,
        {
            "b_network_key": network_key,
            "b_remote": False,
            "b_first": text_key(pool.network.network_address),
            "b_last": text_key(pool.network.broadcast_address),
            "b_ip_subnet_key": pool.key,
        },
    )
    assert row is not None  # noqa: S101 (counts always are)
    return row.known - row.released, row.released


def mac_states(tx: Transaction, network_key: int, macs: Sequence[int]) -> dict[int, State]:
    """Return how those of the MACs stand that were ever used."""
    if len(macs) == 1:  # the hot path
        row = _MAC_STATE.row(tx.connection, {"b_network_key": network_key, "b_mac": macs[0]})
        return {} if row is None else {macs[0]: _state(row.released)}
    rows = tx.connection.execute(_MAC_STATES, {"b_network_key": network_key, "keys": macs})
    return {row.mac: _state(row.released) for row in rows}


def take_mac(
    tx: Transaction, network_key: int, mac: int, *, state: State, endpoint_key: int | None
) -> None:
    """Give `mac`, which is in `state`, to the endpoint, or to the network itself (None)."""
    if state == "free":
        _MAC_INSERT.run(
            tx.connection,
            {
                "network_key": network_key,
                "mac": mac,
                "endpoint_key": endpoint_key,
                "released": None,
            },
        )
        return
    _MAC_REUSE.run(
        tx.connection,
        {"b_network_key": network_key, "b_mac": mac, "b_endpoint_key": endpoint_key},
    )


def release_mac(tx: Transaction, network_key: int, mac: int, released: int) -> None:
    """Put the MAC back into the pool of the network, as `release_address` does."""
    _MAC_RELEASE.run(
        tx.connection, {"b_network_key": network_key, "b_mac": mac, "b_released": released}
    )


def forget_mac(tx: Transaction, network_key: int, mac: int) -> None:
    """Drop a MAC that is in no pool."""
    _MAC_FORGET.run(tx.connection, {"b_network_key": network_key, "b_mac": mac})


def oldest_released_mac(tx: Transaction, network_key: int) -> int | None:
    """Return the MAC of the network that was released longest ago."""
    found: int | None = _MAC_OLDEST.scalar(tx.connection, {"b_network_key": network_key})
    return found


def count_macs(tx: Transaction, network_key: int, ranges: Sequence[tuple[int, int]]) -> int:
    """Return how many MACs between these first and last ones were ever used."""
    inside = or_(*(mac_allocations.c.mac.between(first, last) for first, last in ranges))
    query = select(func.count()).where(mac_allocations.c.network_key == network_key, inside)
    return int(tx.connection.execute(query).scalar_one())


def _read(answers: Mapping[K, Answer]) -> dict[K, State]:
    rows = {key: answer.row() for key, answer in answers.items()}
    return {key: "free" if row is None else _state(row.released) for key, row in rows.items()}


def _state(released: int | None) -> State:
    return "taken" if released is None else "released"
