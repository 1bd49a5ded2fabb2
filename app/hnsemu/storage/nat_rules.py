"""Rows of published ports."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    tuple_,
)

from hnsemu.domain.facts import Policy
from hnsemu.domain.host_ports import NewNatRule, PortKey
from hnsemu.domain.policies.portmapping import CHOSEN_PORTS, PortMapping
from hnsemu.domain.winnat import NatRule
from hnsemu.errors import HnsError, Hr
from hnsemu.storage import host_numbers
from hnsemu.storage.chunks import chunks
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import endpoints, nat_rules, networks, policies
from hnsemu.storage.transaction import Transaction

_RULES = (
    select(
        nat_rules,
        endpoints.c.id.label("endpoint_id"),
        networks.c.id.label("network_id"),
    )
    .join(endpoints, endpoints.c.key == nat_rules.c.endpoint_key)
    .join(networks, networks.c.key == endpoints.c.network_key)
    .order_by(nat_rules.c.key)
)
_HOLDER = Prepared(
    select(endpoints.c.id)
    .join(nat_rules, nat_rules.c.endpoint_key == endpoints.c.key)
    .where(
        nat_rules.c.host_key == bindparam("host_key"),
        nat_rules.c.protocol == bindparam("protocol"),
        nat_rules.c.ipv6 == bindparam("ipv6"),
        nat_rules.c.vip == bindparam("vip"),
        nat_rules.c.external_port == bindparam("external_port"),
    )
)
_CHOSEN = Prepared(
    select(nat_rules.c.ipv6, nat_rules.c.vip, nat_rules.c.external_port).where(
        nat_rules.c.host_key == bindparam("host_key"),
        nat_rules.c.protocol == bindparam("protocol"),
        nat_rules.c.external_port.between(bindparam("first"), bindparam("last")),
    )
)
_INSERT = Prepared(
    insert(nat_rules), [column.name for column in nat_rules.columns if column.name != "key"]
)


def all_of(tx: Transaction) -> list[NatRule]:
    """Return the published ports of the host in the order they were published."""
    return [
        _rule(row)
        for row in tx.connection.execute(_RULES.where(nat_rules.c.host_key == tx.host.key))
    ]


def portions(
    tx: Transaction, engine: str, mapping_id: int | None, size: int | None
) -> Iterator[list[NatRule]]:
    """Yield the published ports of an engine by their numbers, `size` at a time.

    mapping_id: StaticMappingID of the one before the first, None for all.
    Raises: E_INVALIDARG when nothing has that number.
    """
    of_engine = nat_rules.c.host_key == tx.host.key, nat_rules.c.engine == engine
    place = nat_rules.c.mapping_id, nat_rules.c.key
    query = _RULES.where(*of_engine).order_by(None).order_by(*place).limit(size)
    last = (-1, 0) if mapping_id is None else _place(tx, mapping_id, of_engine)
    has_more = True
    while has_more:
        behind = tuple_(*place) > tuple_(*map(literal, last))
        found = [_rule(row) for row in tx.connection.execute(query.where(behind))]
        has_more = bool(found) and len(found) == size
        if found:
            yield found
            last = found[-1].mapping_id, found[-1].key


def _place(
    tx: Transaction, mapping_id: int, conditions: Iterable[ColumnElement[bool]]
) -> tuple[int, int]:
    key: int | None = tx.connection.execute(
        select(nat_rules.c.key).where(*conditions, nat_rules.c.mapping_id == mapping_id)
    ).scalar()
    if key is None:
        raise HnsError(
            Hr.E_INVALIDARG,
            f"after: published port {mapping_id} is not there any more; list again from the start",
        )
    return mapping_id, key


def counts_before(tx: Transaction, key: int, engine: str, ids: Iterable[str]) -> dict[str, int]:
    """Return how many ports of an engine these endpoints published before the one of this key."""
    found: dict[str, int] = {}
    for chunk in chunks(dict.fromkeys(ids)):
        rows = tx.connection.execute(
            select(endpoints.c.id, func.count(nat_rules.c.key).label("number"))
            .join(nat_rules, nat_rules.c.endpoint_key == endpoints.c.key)
            .where(
                endpoints.c.host_key == tx.host.key,
                endpoints.c.id.in_(chunk),
                nat_rules.c.engine == engine,
                nat_rules.c.key < key,
            )
            .group_by(endpoints.c.id)
        )
        found |= {row.id: row.number for row in rows}
    return found


def taking(tx: Transaction, protocol: int, port: int) -> list[NatRule]:
    """Return the published ports of the host that have this protocol and external port."""
    rows = tx.connection.execute(
        _RULES.where(
            nat_rules.c.host_key == tx.host.key,
            nat_rules.c.protocol == protocol,
            nat_rules.c.external_port == port,
        )
    )
    return [_rule(row) for row in rows]


def of_endpoint(tx: Transaction, endpoint_key: int) -> list[NatRule]:
    """Return the published ports of an endpoint."""
    rows = tx.connection.execute(_RULES.where(nat_rules.c.endpoint_key == endpoint_key))
    return [_rule(row) for row in rows]


def mapping_policies(
    tx: Transaction, rules: Iterable[NatRule]
) -> dict[str, list[tuple[int, Policy]]]:
    """Return the PortMapping policies of the endpoints of rules, by their ids, with positions."""
    found: dict[str, list[tuple[int, Policy]]] = {}
    for ids in chunks(dict.fromkeys(rule.endpoint_id for rule in rules)):
        for row in tx.connection.execute(
            select(endpoints.c.id, policies.c.position, policies.c.type, policies.c.settings)
            .join(endpoints, endpoints.c.key == policies.c.endpoint_key)
            .where(
                endpoints.c.host_key == tx.host.key,
                endpoints.c.id.in_(ids),
                policies.c.type == "PortMapping",
            )
            .order_by(policies.c.position)
        ):
            found.setdefault(row.id, []).append((row.position, Policy(row.type, row.settings)))
    return found


def holder(tx: Transaction, wanted: PortKey) -> str | None:
    """Return the id of the endpoint that has published this port of the host."""
    protocol, ipv6, vip, port = wanted
    found: str | None = _HOLDER.scalar(
        tx.connection,
        {
            "host_key": tx.host.key,
            "protocol": protocol,
            "ipv6": ipv6,
            "vip": vip,
            "external_port": port,
        },
    )
    return found


def chosen_ports(tx: Transaction, protocol: int) -> list[PortKey]:
    """Return what is published on the host of the ports that HNS chooses from."""
    wanted = {
        "host_key": tx.host.key,
        "protocol": protocol,
        "first": CHOSEN_PORTS.start,
        "last": CHOSEN_PORTS.stop - 1,
    }
    rows = _CHOSEN.rows(tx.connection, wanted)
    return [(protocol, bool(row.ipv6), row.vip, row.external_port) for row in rows]


def taken_ports(tx: Transaction, protocol: int) -> set[int]:
    """Return the external ports of a protocol that are published on the host."""
    rows = tx.connection.execute(
        select(nat_rules.c.external_port).where(
            nat_rules.c.host_key == tx.host.key, nat_rules.c.protocol == protocol
        )
    )
    return {row.external_port for row in rows}


def insert_all(tx: Transaction, endpoint_key: int, rules: Iterable[NewNatRule]) -> None:
    """Publish ports of the endpoint; each gets the host's next StaticMappingID."""
    for rule in rules:
        row = {
            "host_key": tx.host.key,
            "endpoint_key": endpoint_key,
            "engine": rule.engine,
            "mapping_id": host_numbers.take_nat_mapping(tx),
            "protocol": rule.mapping.protocol,
            "ipv6": rule.mapping.ipv6,
            "vip": rule.mapping.vip,
            "external_port": rule.mapping.external_port,
            "internal_address": rule.internal_address,
            "internal_port": rule.mapping.internal_port,
        }
        _INSERT.run(tx.connection, row)


def remove(tx: Transaction, keys: Iterable[int]) -> None:
    """Withdraw published ports."""
    for chunk in chunks(keys):
        tx.connection.execute(delete(nat_rules).where(nat_rules.c.key.in_(chunk)))


def _rule(row: Row[Any]) -> NatRule:
    return NatRule(
        key=row.key,
        engine=row.engine,
        mapping_id=row.mapping_id,
        endpoint_id=row.endpoint_id,
        network_id=row.network_id,
        mapping=PortMapping(
            protocol=row.protocol,
            internal_port=row.internal_port,
            external_port=row.external_port,
            vip=row.vip,
            ipv6=row.ipv6,
        ),
        internal_address=row.internal_address,
    )
