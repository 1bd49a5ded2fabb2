"""Rows of counters: of endpoints and of VFP rules. Only traces that count write them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from sqlalchemy import bindparam, delete, select

from hnsemu.domain.stats import Traffic
from hnsemu.domain.vfp.counters import RuleCounter, RuleKey
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import endpoint_counters, endpoints, rule_counters
from hnsemu.storage.transaction import Transaction
from hnsemu.storage.upserts import insert_into

_TRAFFIC = Prepared(
    select(endpoint_counters).where(endpoint_counters.c.endpoint_key == bindparam("endpoint_key"))
)


def traffic(tx: Transaction, endpoint_key: int) -> Traffic:
    """Return what the switch port of an endpoint has counted."""
    row = _TRAFFIC.row(tx.connection, {"endpoint_key": endpoint_key})
    if row is None:
        return Traffic()
    return Traffic(**{name: getattr(row, name) for name in asdict(Traffic())})


def add_traffic(tx: Transaction, endpoint_key: int, more: Traffic) -> None:
    """Count more traffic of an endpoint."""
    counts = asdict(more)
    statement = insert_into(endpoint_counters, tx.connection.dialect.name).values(
        endpoint_key=endpoint_key, **counts
    )
    tx.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["endpoint_key"],
            set_={name: endpoint_counters.c[name] + count for name, count in counts.items()},
        )
    )


def of_port(tx: Transaction, port_id: str) -> Mapping[RuleKey, RuleCounter]:
    """Return the counters of the rules of a port that have matched."""
    rows = tx.connection.execute(
        select(rule_counters).where(
            rule_counters.c.host_key == tx.host.key, rule_counters.c.port_id == port_id
        )
    )
    return {
        (row.port_id, row.layer, row.group_id, row.rule): RuleCounter(row.matched, row.dropped)
        for row in rows
    }


def add_rules(tx: Transaction, counted: Iterable[tuple[RuleKey, str, bool]]) -> None:
    """Count matches: key of the rule, id of the endpoint whose port it is ("" for none), drop."""
    matches = list(counted)
    owners = _endpoint_keys(tx, {endpoint_id for _, endpoint_id, _ in matches})
    for (port_id, layer, group, rule), endpoint_id, dropped in matches:
        statement = insert_into(rule_counters, tx.connection.dialect.name).values(
            host_key=tx.host.key,
            endpoint_key=owners.get(endpoint_id),
            port_id=port_id,
            layer=layer,
            group_id=group,
            rule=rule,
            matched=1,
            dropped=int(dropped),
        )
        tx.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["host_key", "port_id", "layer", "group_id", "rule"],
                set_={
                    "matched": rule_counters.c.matched + 1,
                    "dropped": rule_counters.c.dropped + int(dropped),
                },
            )
        )


def _endpoint_keys(tx: Transaction, ids: set[str]) -> dict[str, int]:
    """Return the keys of endpoints by their ids; those that are gone have none."""
    query = select(endpoints.c.id, endpoints.c.key).where(
        endpoints.c.host_key == tx.host.key, endpoints.c.id.in_(ids)
    )
    return {row.id: row.key for row in tx.connection.execute(query)}


def clear(tx: Transaction) -> None:
    """Set every counter of the host to zero, as a reboot does."""
    of_host = select(endpoints.c.key).where(endpoints.c.host_key == tx.host.key)
    tx.connection.execute(
        delete(endpoint_counters).where(endpoint_counters.c.endpoint_key.in_(of_host))
    )
    tx.connection.execute(delete(rule_counters).where(rule_counters.c.host_key == tx.host.key))
