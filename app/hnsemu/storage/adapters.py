"""Rows of physical adapters."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from hnsemu.domain.facts import Adapter, gateways
from hnsemu.storage.chunks import chunks
from hnsemu.storage.prepared import Prepared, PreparedByKey, are_few
from hnsemu.storage.tables import adapters, vswitches
from hnsemu.storage.transaction import Transaction

_ADAPTERS = select(adapters, vswitches.c.id.label("switch_id")).outerjoin(
    vswitches, vswitches.c.key == adapters.c.vswitch_key
)

_OF_HOST = Prepared(
    _ADAPTERS.where(adapters.c.host_key == bindparam("host_key")).order_by(adapters.c.position)
)
_OF_HOSTS = PreparedByKey(
    _ADAPTERS.order_by(adapters.c.host_key, adapters.c.position), adapters.c.host_key
)
_INSERT = Prepared(
    insert(adapters),
    [column.name for column in adapters.columns if column.name not in {"key", "vswitch_key"}],
)
_BIND = Prepared(
    update(adapters)
    .where(adapters.c.key == bindparam("b_key"))
    .values(vswitch_key=bindparam("b_vswitch_key"))
)


def insert_all(tx: Transaction, new: Sequence[Adapter]) -> None:
    """Insert the adapters of a host, in their order and bound to no switch."""
    for position, adapter in enumerate(new):
        row = {
            "host_key": tx.host.key,
            "position": position,
            "id": adapter.id,
            "name": adapter.name,
            "mac": adapter.mac,
            "address": adapter.address,
            "prefix_length": adapter.prefix_length,
            "gateway": adapter.gateway,
            "wireless": adapter.wireless,
            "address6": adapter.address6,
            "prefix_length6": adapter.prefix_length6,
            "gateway6": adapter.gateway6,
        }
        _INSERT.run(tx.connection, row)


def all_of(tx: Transaction) -> list[Adapter]:
    """Return the adapters of the host in their order."""
    return [_adapter(row) for row in _OF_HOST.rows(tx.connection, {"host_key": tx.host.key})]


def of_hosts(tx: Transaction, host_keys: Sequence[int]) -> dict[int, list[Adapter]]:
    """Return the adapters of some hosts by host key; a host without adapters is not there."""
    found: dict[int, list[Adapter]] = {}
    for row in _OF_HOSTS.rows(tx.connection, host_keys):
        found.setdefault(row.host_key, []).append(_adapter(row))
    return found


def bind(tx: Transaction, adapter_keys: Sequence[int], vswitch_key: int) -> None:
    """Bind the adapters to the switch; deleting the switch frees them."""
    if are_few(tx.connection, adapter_keys):
        for key in adapter_keys:
            _BIND.run(tx.connection, {"b_key": key, "b_vswitch_key": vswitch_key})
        return
    for chunk in chunks(adapter_keys):
        tx.connection.execute(
            update(adapters).where(adapters.c.key.in_(chunk)).values(vswitch_key=vswitch_key)
        )


def _adapter(row: Any) -> Adapter:  # noqa: ANN401 (a row of either kind of statement)
    gateway, gateway6 = gateways(row.gateway, row.gateway6)
    return Adapter(
        key=row.key,
        id=row.id,
        name=row.name,
        mac=row.mac,
        address=row.address,
        prefix_length=row.prefix_length,
        gateway=gateway,
        wireless=bool(row.wireless),
        switch_id=row.switch_id or "",
        address6=row.address6,
        prefix_length6=row.prefix_length6,
        gateway6=gateway6,
    )
