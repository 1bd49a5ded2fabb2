"""Rows of virtual switches and their ports."""

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from hnsemu.domain.facts import Port, VSwitch
from hnsemu.domain.network_types import SwitchKind
from hnsemu.storage.prepared import Prepared, PreparedInsert
from hnsemu.storage.tables import adapters, vswitch_ports, vswitches
from hnsemu.storage.transaction import Transaction

_PORT_COLUMNS = [field.name for field in fields(Port)]
_OF_HOST = Prepared(
    select(vswitches).where(vswitches.c.host_key == bindparam("host_key")).order_by(vswitches.c.key)
)
_BOUND = Prepared(
    select(adapters.c.vswitch_key, adapters.c.name)
    .where(adapters.c.host_key == bindparam("host_key"), adapters.c.vswitch_key.is_not(None))
    .order_by(adapters.c.position)
)
_INSERT = PreparedInsert(vswitches)
_INSERT_NETWORK_PORT = PreparedInsert(vswitch_ports)
_INSERT_PORT = Prepared(
    insert(vswitch_ports),
    [column.name for column in vswitch_ports.columns if column.name != "key"],
)


def all_of(tx: Transaction) -> list[VSwitch]:
    """Return the switches of the host in the order they were switch."""
    bound: dict[int, list[str]] = {}
    host = {"host_key": tx.host.key}
    for row in _BOUND.rows(tx.connection, host):
        bound.setdefault(row.vswitch_key, []).append(row.name)
    rows = _OF_HOST.rows(tx.connection, host)
    return [vswitch(tx, row, bound.get(row.key, ())) for row in rows]


def insert_switch(tx: Transaction, switch: VSwitch) -> int:
    """Insert a switch and return its key."""
    row = {
        "host_key": tx.host.key,
        "id": switch.id,
        "name": switch.name,
        "kind": switch.kind.value,
        "family": switch.family,
        "layer_id": switch.layer_id,
        "owner_id": switch.owner_id,
        "parent_id": switch.parent_id,
        "by_hns": switch.by_hns,
        "extensions": json.dumps(switch.extensions),
    }
    return _INSERT.key(tx.connection, row)


def set_owner(tx: Transaction, vswitch_key: int, network_id: str) -> None:
    """Keep which network owns the switch."""
    tx.connection.execute(
        update(vswitches).where(vswitches.c.key == vswitch_key).values(owner_id=network_id)
    )


def set_extensions(
    tx: Transaction, vswitch_key: int, extensions: Sequence[tuple[str, bool]]
) -> None:
    """Keep which extensions are switched away from their default."""
    tx.connection.execute(
        update(vswitches)
        .where(vswitches.c.key == vswitch_key)
        .values(extensions=json.dumps(extensions))
    )


def remove(tx: Transaction, vswitch_key: int) -> None:
    """Delete the switch; its adapters are free again."""
    tx.connection.execute(delete(vswitches).where(vswitches.c.key == vswitch_key))


def insert_network_port(tx: Transaction, vswitch_key: int, network_key: int, port: Port) -> int:
    """Insert a port that belongs to a network itself; return its key."""
    return _INSERT_NETWORK_PORT.key(tx.connection, _port_row(vswitch_key, network_key, None, port))


def insert_port(
    tx: Transaction,
    vswitch_key: int,
    port: Port,
    *,
    network_key: int | None = None,
    endpoint_key: int | None = None,
) -> None:
    """Insert a port of the switch that belongs to an endpoint of a network."""
    _INSERT_PORT.run(tx.connection, _port_row(vswitch_key, network_key, endpoint_key, port))


def vswitch(
    tx: Transaction,
    row: Any,  # noqa: ANN401 (a row)
    adapter_names: Sequence[str],
) -> VSwitch:
    """Return the switch of a row of `vswitches`."""
    return VSwitch(
        key=row.key,
        id=row.id,
        name=row.name,
        kind=SwitchKind(row.kind),
        family=row.family,
        layer_id=row.layer_id,
        owner_id=row.owner_id,
        parent_id=row.parent_id,
        adapters=tuple(adapter_names),
        by_hns=bool(row.by_hns),
        extensions=tuple((extension, enabled) for extension, enabled in json.loads(row.extensions)),
        installed=tx.host.extensions,
    )


def port(row: Any, prefix: str = "") -> Port:  # noqa: ANN401 (a row)
    """Return the port of a row of `vswitch_ports`; its columns may have a prefix."""
    values = {name: getattr(row, prefix + name) for name in _PORT_COLUMNS}
    values["number"] = values["number"] or 0
    return Port(**{**values, "connected": bool(values["connected"])})


def _port_row(
    vswitch_key: int, network_key: int | None, endpoint_key: int | None, port: Port
) -> dict[str, object]:
    return {
        "vswitch_key": vswitch_key,
        "network_key": network_key,
        "endpoint_key": endpoint_key,
        "kind": port.kind,
        "port_id": port.port_id,
        "nic_id": port.nic_id,
        "interface_id": port.interface_id,
        "allocator_id": port.allocator_id,
        "friendly_name": port.friendly_name,
        "mac": port.mac,
        "isolation": port.isolation,
        "compartment": port.compartment,
        "connected": port.connected,
        "number": port.number or None,
    }
