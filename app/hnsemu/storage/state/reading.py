"""A host's rows as the nouns of a state document."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select

from hnsemu.domain.state.shapes import Json
from hnsemu.storage.nouns import Noun
from hnsemu.storage.tables import hosts
from hnsemu.storage.transaction import Transaction


def read(tx: Transaction, nouns: Sequence[Noun]) -> dict[str, Json]:
    """Return the rows of the host by noun; what is empty is left out."""
    found = _Rows(tx, nouns)
    document = {noun.name: _one_or_all(noun, found.shown(noun, None)) for noun in nouns}
    return {name: value for name, value in document.items() if value}


def _one_or_all(noun: Noun, rows: list[dict[str, Json]]) -> Json:
    return (rows[0] if rows else {}) if noun.is_single else rows


@dataclass(slots=True)
class _Rows:
    """All rows of a host, by noun and by the row they hang on; and the ids of rows by key."""

    tx: Transaction
    nouns: Sequence[Noun]
    ids: dict[str, dict[int, str]] = field(default_factory=dict)
    by_parent: dict[int, dict[int | None, list[Row[Any]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the tables, each with one query a noun."""
        for noun, above in _below(self.nouns):
            rows = self.tx.connection.execute(_query(noun, above, self.tx.host.key)).all()
            if noun.has_key and "id" in noun.table.c:
                self.ids.setdefault(noun.table.name, {}).update({row.key: row.id for row in rows})
            grouped = self.by_parent.setdefault(id(noun), {})
            for row in rows:
                grouped.setdefault(getattr(row, noun.parent) if noun.parent else None, []).append(
                    row
                )

    def shown(self, noun: Noun, parent: int | None) -> list[dict[str, Json]]:
        """Return the rows of a noun that hang on the row with this key."""
        rows = self.by_parent[id(noun)].get(parent, ())
        if noun.without:
            elsewhere = self.ids.get(noun.without_table, {})
            rows = [row for row in rows if getattr(row, noun.without) not in elsewhere]
        return [self._row(noun, row) for row in rows]

    def _row(self, noun: Noun, row: Row[Any]) -> dict[str, Json]:
        members: dict[str, Json] = {}
        for member in noun.members:
            value = getattr(row, member.column)
            if value is None and member.or_key:
                value = row.key
            if value is None:
                continue
            default = noun.defaults[member.column]
            if default is None or value != default:
                members[member.shown] = member.shape.show(value)
        for reference in noun.references:
            key = getattr(row, reference.column)
            object_id = self.ids.get(reference.table, {}).get(key) if key is not None else None
            if object_id is not None:
                members[reference.name] = object_id
        for part in noun.parts:
            value = _one_or_all(part, self.shown(part, row.key))
            if value:
                members[part.name] = value
        return members


def _below(nouns: Sequence[Noun], above: Sequence[Noun] = ()) -> Iterator[tuple[Noun, list[Noun]]]:
    """Yield each noun with those that it hangs on, the nearest last."""
    for noun in nouns:
        yield noun, list(above)
        yield from _below(noun.parts, [*above, noun])


def _query(noun: Noun, above: Sequence[Noun], host_key: int) -> Select[Any]:
    query = select(noun.table).where(_of_host(noun, above, host_key))
    table = noun.table
    if noun.counter is not None:
        return query.order_by(table.c.number)
    if noun.position:
        return query.order_by(table.c[noun.position], *_keys(noun))
    return query.order_by(*_keys(noun))


def _keys(noun: Noun) -> list[Any]:
    return list(noun.table.primary_key.columns)


def _of_host(noun: Noun, above: Sequence[Noun], host_key: int) -> ColumnElement[bool]:
    """Return the condition that a row is the host's."""
    table = noun.table
    if table is hosts:
        return table.c.key == host_key
    if not above:
        return table.c.host_key == host_key
    nearest, further = above[-1], above[:-1]
    of_parent = select(nearest.table.c.key).where(_of_host(nearest, further, host_key))
    condition: ColumnElement[bool] = table.c[noun.parent].in_(of_parent)
    for column, name in noun.ancestors:  # what the rows may be indexed by
        place = next(n for n, ancestor in enumerate(above) if ancestor.table.name == name)
        keys = select(above[place].table.c.key).where(
            _of_host(above[place], above[:place], host_key)
        )
        condition = condition & table.c[column].in_(keys)
    return condition
