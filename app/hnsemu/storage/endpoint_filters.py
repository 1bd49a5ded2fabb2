"""Filters of endpoints as SQL, and the lists that need nothing but columns.

A condition here and `domain.query.matches` select the same endpoints.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, literal, select, tuple_

from hnsemu.domain.digits import number_in
from hnsemu.domain.guid import is_guid, parse_guid
from hnsemu.storage.tables import endpoints, networks
from hnsemu.storage.transaction import Transaction

# Members that a filter may name in either dialect, by the columns that hold them.
_IDS = {
    "ID": endpoints.c.id,
    "VirtualNetwork": networks.c.id,
    "HostComputeNetwork": networks.c.id,
}
_TEXTS = {
    "Name": endpoints.c.name,
    "Owner": endpoints.c.owner,
    "MacAddress": endpoints.c.mac_address,
    "VirtualMachine": endpoints.c.virtual_machine,
    "VirtualNetworkName": networks.c.name,
}
_NUMBERS = {"State": endpoints.c.state, "Flags": endpoints.c.flags}
_OF_NETWORK = {"VirtualNetwork", "HostComputeNetwork", "VirtualNetworkName"}

_LARGEST = (1 << 63) - 1


def is_answered_by_columns(wanted: Mapping[str, object]) -> bool:
    """Tell whether the database alone can answer the filter."""
    return wanted.keys() <= _IDS.keys() | _TEXTS.keys() | _NUMBERS.keys()


def documents(
    tx: Transaction,
    wanted: Mapping[str, object],
    limit: int | None,
    after: int,
) -> list[str]:
    """Return the HCN 2 answers of the endpoints whose columns equal `wanted`, in creation order.

    after: key of the one before the first.
    """
    query = narrowed(tx, _with_network(endpoints.c.document), wanted, after)
    return list(tx.connection.execute(query.limit(limit)).scalars())


def ids(
    tx: Transaction,
    wanted: Mapping[str, object],
    limit: int | None,
    after: int,
) -> list[str]:
    """Return the ids of the endpoints whose columns equal `wanted`, in creation order.

    after: key of the one before the first.
    """
    query = narrowed(tx, _with_network(endpoints.c.id), wanted, after)
    return list(tx.connection.execute(query.limit(limit)).scalars())


def narrowed(
    tx: Transaction, query: Select[Any], wanted: Mapping[str, object], after: int
) -> Select[Any]:
    """Return a query of endpoints and networks, narrowed to those of the host that may match.

    They come in creation order, behind the key `after`. Members of `wanted` that no column holds
    do not narrow it.
    """
    conditions = _conditions(wanted)
    of_network = [conditions[name] for name in conditions if name in _OF_NETWORK]
    keys = _two_networks(tx, of_network) if of_network else []
    if len(keys) == 1:
        others = [conditions[name] for name in conditions if name not in _OF_NETWORK]
        return in_network(query, keys[0], after).where(*others)
    if of_network and not keys:
        return query.where(false())
    query = query.where(endpoints.c.host_key == tx.host.key, *conditions.values())
    if after:
        query = query.where(endpoints.c.key > after)
    return query.order_by(endpoints.c.key)


# ACLs whose RuleType is no plain Switch. Their settings are stored as they were sent, where the
# type may be a number, and any character may be escaped; so this may be true of others, too.
# An index is over these rows, and the planner knows it by these words.
MAY_HAVE_HOST_ACLS = (
    "(replace(lower(document), '\"ruletype\":\"switch\"', '') LIKE '%ruletype%'"
    " OR document LIKE '%\\u%' ESCAPE '!')"
)


def in_network(query: Select[Any], network_key: int, after: int) -> Select[Any]:
    """Return a query narrowed to a network's endpoints behind a key, in creation order.

    PostgreSQL would look for a page in the order of all endpoints, and read those of other
    networks on the way; ordered and bounded like this, only the index of the network fits.
    """
    place = tuple_(endpoints.c.network_key, endpoints.c.key)
    return query.where(
        place > tuple_(literal(network_key), literal(after)),
        endpoints.c.network_key <= network_key,
    ).order_by(endpoints.c.network_key, endpoints.c.key)


def _with_network(column: ColumnElement[str]) -> Select[Any]:
    return select(column).join(networks, networks.c.key == endpoints.c.network_key)


def _conditions(wanted: Mapping[str, object]) -> dict[str, ColumnElement[bool]]:
    return {
        **{name: _is_id(_IDS[name], value) for name, value in wanted.items() if name in _IDS},
        **{name: _is_text(_TEXTS[name], value) for name, value in wanted.items() if name in _TEXTS},
        **{
            name: _is_number(_NUMBERS[name], value)
            for name, value in wanted.items()
            if name in _NUMBERS
        },
    }


def _two_networks(tx: Transaction, conditions: Iterable[ColumnElement[bool]]) -> list[int]:
    """Return the keys of two networks of the host that meet the conditions, or of all there are."""
    query = select(networks.c.key).where(networks.c.host_key == tx.host.key, *conditions)
    return list(tx.connection.execute(query.limit(2)).scalars())


def _is_id(column: ColumnElement[str], value: object) -> ColumnElement[bool]:
    if not isinstance(value, str) or not is_guid(value):
        return false()
    return column == parse_guid(value)


def _is_text(column: ColumnElement[str], value: object) -> ColumnElement[bool]:
    """Compare exactly, but texts that are GUIDs in any case and with or without braces."""
    if not isinstance(value, str) or "\0" in value:
        return false()
    if not is_guid(value):
        return column == value
    plain = parse_guid(value)
    return func.lower(column).in_((plain, f"{{{plain}}}"))


def _is_number(column: ColumnElement[int], value: object) -> ColumnElement[bool]:
    """Compare numbers, also those written as text or with a fraction of zero."""
    if isinstance(value, bool):
        return false()
    if isinstance(value, str):
        number = number_in(value)
        return column == number if str(number) == value else false()
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    return column == value if isinstance(value, int) and abs(value) <= _LARGEST else false()
