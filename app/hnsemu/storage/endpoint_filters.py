"""Filters of endpoints as SQL, and the lists that need nothing but columns.

A condition here and `domain.query.matches` select the same endpoints.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select

from hnsemu.domain.digits import number_in
from hnsemu.domain.guid import is_guid, parse_guid
from hnsemu.storage.tables import endpoints, networks
from hnsemu.storage.transaction import Transaction

# Members that a filter may name in either dialect, by the columns that hold them.
_IDS = {"ID": endpoints.c.id}
_NETWORKS = {"VirtualNetwork", "HostComputeNetwork"}
_TEXTS = {
    "Name": endpoints.c.name,
    "Owner": endpoints.c.owner,
    "MacAddress": endpoints.c.mac_address,
    "VirtualMachine": endpoints.c.virtual_machine,
    "VirtualNetworkName": networks.c.name,
}
_NUMBERS = {"State": endpoints.c.state, "Flags": endpoints.c.flags}

_LARGEST = (1 << 63) - 1


def is_answered_by_columns(wanted: Mapping[str, object]) -> bool:
    """Tell whether the database alone can answer the filter."""
    return wanted.keys() <= _IDS.keys() | _TEXTS.keys() | _NUMBERS.keys() | _NETWORKS


def documents(
    tx: Transaction,
    wanted: Mapping[str, object],
    limit: int | None,
    after: str | None,
) -> list[str]:
    """Return the HCN 2 answers of the endpoints whose columns equal `wanted`, in creation order."""
    query = narrowed(_of_host(endpoints.c.document, tx.host.key), tx.host.key, wanted, after)
    return list(tx.connection.execute(query.limit(limit)).scalars())


def ids(
    tx: Transaction,
    wanted: Mapping[str, object],
    limit: int | None,
    after: str | None,
) -> list[str]:
    """Return the ids of the endpoints whose columns equal `wanted`, in creation order."""
    query = narrowed(_of_host(endpoints.c.id, tx.host.key), tx.host.key, wanted, after)
    return list(tx.connection.execute(query.limit(limit)).scalars())


def narrowed(
    query: Select[Any], host_key: int, wanted: Mapping[str, object], after: str | None
) -> Select[Any]:
    """Return a query of endpoints and networks, narrowed to those behind `after` that may match.

    Members of `wanted` that no column holds do not narrow it.
    """
    for name, value in wanted.items():
        if name in _IDS:
            query = query.where(_is_id(_IDS[name], value))
        elif name in _NETWORKS:
            query = query.where(_is_in(host_key, value))
        elif name in _TEXTS:
            query = query.where(_is_text(_TEXTS[name], value))
        elif name in _NUMBERS:
            query = query.where(_is_number(_NUMBERS[name], value))
    if after is None:
        return query
    last_seen = select(endpoints.c.key).where(
        endpoints.c.host_key == host_key, endpoints.c.id == after
    )
    return query.where(endpoints.c.key > last_seen.scalar_subquery())


def _of_host(column: ColumnElement[str], host_key: int) -> Select[Any]:
    return (
        select(column)
        .join(networks, networks.c.key == endpoints.c.network_key)
        .where(endpoints.c.host_key == host_key)
        .order_by(endpoints.c.key)
    )


def _is_id(column: ColumnElement[str], value: object) -> ColumnElement[bool]:
    if not isinstance(value, str) or not is_guid(value):
        return false()
    return column == parse_guid(value)


def _is_in(host_key: int, value: object) -> ColumnElement[bool]:
    """Ask for the network's key first: the index on it makes a list cost what it returns."""
    network = select(networks.c.key).where(
        networks.c.host_key == host_key, _is_id(networks.c.id, value)
    )
    return endpoints.c.network_key == network.scalar_subquery()


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
