"""Rows of policies; each belongs to one network, subnet or endpoint and keeps its place."""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import bindparam, delete, insert, select

from hnsemu.domain.facts import Policy
from hnsemu.storage.chunks import chunks
from hnsemu.storage.prepared import Prepared, are_few
from hnsemu.storage.tables import policies
from hnsemu.storage.transaction import Transaction

Owner = Literal["network", "subnet", "endpoint"]

_OWNERS = {
    "network": policies.c.network_key,
    "subnet": policies.c.subnet_key,
    "endpoint": policies.c.endpoint_key,
}
_INSERT = Prepared(
    insert(policies), [column.name for column in policies.columns if column.name != "key"]
)
_OF = {
    name: Prepared(
        select(policies.c.type, policies.c.settings)
        .where(column == bindparam("owner"))
        .order_by(policies.c.position)
    )
    for name, column in _OWNERS.items()
}
_DELETE = {
    name: Prepared(delete(policies).where(column == bindparam("owner")))
    for name, column in _OWNERS.items()
}
_OF_MANY = {
    name: select(column.label("owner"), policies.c.type, policies.c.settings)
    .where(column.in_(bindparam("owners", expanding=True)))
    .order_by(column, policies.c.position)
    for name, column in _OWNERS.items()
}


def insert_all(
    tx: Transaction,
    owner: Owner,
    owner_key: int,
    wanted: Sequence[Policy],
    first: int = 0,
) -> None:
    """Insert policies of an owner in their order, behind the `first` ones it has."""
    if not wanted:
        return
    keys = {f"{name}_key": None for name in _OWNERS} | {f"{owner}_key": owner_key}
    for position, policy in enumerate(wanted, first):
        row = {**keys, "position": position, "type": policy.type, "settings": policy.settings}
        _INSERT.run(tx.connection, row)


def replace(tx: Transaction, owner: Owner, owner_key: int, wanted: Sequence[Policy]) -> None:
    """Put `wanted` in the place of all policies of an owner."""
    _DELETE[owner].run(tx.connection, {"owner": owner_key})
    insert_all(tx, owner, owner_key, wanted)


def of(tx: Transaction, owner: Owner, owner_key: int) -> tuple[Policy, ...]:
    """Return the policies of an owner in their order."""
    rows = _OF[owner].rows(tx.connection, {"owner": owner_key})
    return tuple(Policy(row.type, row.settings) for row in rows)


def of_many(
    tx: Transaction, owner: Owner, owner_keys: Sequence[int]
) -> dict[int, tuple[Policy, ...]]:
    """Return the policies of several owners by their keys, each in its order."""
    if are_few(tx.connection, owner_keys):
        return {key: of(tx, owner, key) for key in owner_keys}
    found: dict[int, list[Policy]] = {}
    for chunk in chunks(owner_keys):
        for row in tx.connection.execute(_OF_MANY[owner], {"owners": chunk}):
            found.setdefault(row.owner, []).append(Policy(row.type, row.settings))
    return {key: tuple(several) for key, several in found.items()}
