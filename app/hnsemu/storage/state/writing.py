"""The nouns of a state document as rows of a host that has none of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any

from sqlalchemy import ColumnElement, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from hnsemu.domain.state.shapes import Json, Text, check_members, wrong
from hnsemu.storage.chunks import chunks
from hnsemu.storage.nouns import Noun
from hnsemu.storage.tables import hosts
from hnsemu.storage.transaction import Transaction

_AT_ONCE = 1000


@dataclass(slots=True, eq=False)
class NewRow:
    """A row to be written. at: where it stands in the document."""

    noun: Noun
    at: str
    values: dict[str, Any]
    parent: "NewRow | None"
    names: dict[str, tuple[str, str]] = field(default_factory=dict)  # column: table and id
    key: int | None = None


def rows_of(
    document: Mapping[str, Json], nouns: Sequence[Noun], at: str = ""
) -> dict[str, list[NewRow]]:
    """Return the rows that the nouns of a document say, by table; nothing is written.

    Raises: E_INVALIDARG, naming the first wrong member.
    """
    found: dict[str, list[NewRow]] = {}
    by_id: dict[str, set[str]] = {}
    named: list[NewRow] = []
    for noun in nouns:
        if noun.name in document:
            for row in _rows(noun, document[noun.name], f"{at}{noun.name}", None):
                found.setdefault(row.noun.table.name, []).append(row)
                if row.noun.has_key and "id" in row.values:
                    by_id.setdefault(row.noun.table.name, set()).add(row.values["id"])
                if row.names:
                    named.append(row)
    for row in named:
        for reference in row.noun.references:
            name = row.names.get(reference.column)
            if name is not None and name[1] not in by_id.get(name[0], ()):
                nouns_of_host = name[0].replace("_", " ")
                what = f"the document has no {name[1]} among its {nouns_of_host}"
                raise wrong(f"{row.at}.{reference.name}", what)
    for several in found.values():
        _check_unique(several)
    return found


def write(
    tx: Transaction,
    nouns: Sequence[Noun],
    rows: Mapping[str, list[NewRow]],
    last_numbers: Mapping[str, int],
) -> None:
    """Insert the rows, except the host's own, which is there.

    last_numbers: the number that the host gave last before, by the table of a noun that counts.
    Raises: E_INVALIDARG for rows that exclude each other.
    """
    keys: dict[tuple[str, str], int] = {}
    for noun in _in_order(nouns):
        name = noun.table.name
        if noun.table is hosts:
            continue
        several = rows.get(name, [])
        first = _first_number(noun, last_numbers.get(name, 0), len(several))
        for number, row in enumerate(several, first):
            _complete(tx, row, keys, number)
        _insert(tx, noun, several)
        if noun.counter is not None:
            _count(tx, noun.counter, first + len(several) - 1)
        if noun.has_key and "id" in noun.table.c:
            keys.update({(name, row.values["id"]): row.key or 0 for row in several})


def last_numbers(tx: Transaction, nouns: Sequence[Noun]) -> dict[str, int]:
    """Return the number that the host gave last, by the table of each noun that counts."""
    counters = {noun.table.name: noun.counter for noun in nouns if noun.counter is not None}
    return {
        name: tx.connection.execute(
            select(table.c[column]).where(_is_host(table, tx.host.key))
        ).scalar_one_or_none()
        or 0
        for name, (table, column) in counters.items()
    }


def _first_number(noun: Noun, last: int, count: int) -> int:
    """Return the number of the first row.

    Readers behind `last` notice that one number is missing and read everything again, where rows
    are heard; elsewhere they go on with what happens from now on.
    """
    return last + 2 if noun.is_heard else max(last - count, 0) + 1


def _count(tx: Transaction, counter: tuple[Table, str], number: int) -> None:
    table, column = counter
    tx.connection.execute(
        update(table).where(_is_host(table, tx.host.key)).values({column: number})
    )


def _is_host(table: Table, host_key: int) -> ColumnElement[bool]:
    column: ColumnElement[int] = table.c.key if table is hosts else table.c.host_key
    return column == host_key


def _rows(noun: Noun, value: Json, at: str, parent: NewRow | None) -> Iterator[NewRow]:
    if noun.is_single:
        yield from _row(noun, value, at, parent, 0)
        return
    if not isinstance(value, list):
        raise wrong(at, "must be a list")
    for position, item in enumerate(value):
        yield from _row(noun, item, f"{at}[{position}]", parent, position)


def _row(
    noun: Noun, value: Json, at: str, parent: NewRow | None, position: int
) -> Iterator[NewRow]:
    check_members(value, noun.names, at)
    row = NewRow(noun, at, {}, parent)
    for member in noun.members:
        if member.shown in value:
            stored = member.shape.read(value[member.shown], f"{at}.{member.shown}")
        elif member.column in noun.required:
            raise wrong(f"{at}.{member.shown}", "is missing")
        else:
            stored = noun.defaults[member.column]
        row.values[member.column] = stored
    for reference in noun.references:
        row.values[reference.column] = None
        if reference.name in value:
            object_id = Text().read(value[reference.name], f"{at}.{reference.name}")
            row.names[reference.column] = (reference.table, object_id)
        elif reference.column in noun.required:
            raise wrong(f"{at}.{reference.name}", "is missing")
    if noun.position:
        row.values[noun.position] = position
    yield row
    for part in noun.parts:
        if part.name in value:
            yield from _rows(part, value[part.name], f"{at}.{part.name}", row)


def _check_unique(rows: Sequence[NewRow]) -> None:
    """Refuse two rows with one id where they hang on the same row, or on the host.

    Raises: E_INVALIDARG.
    """
    noun = rows[0].noun
    if "id" not in noun.table.c:
        return
    seen: set[tuple[int, str]] = set()
    for row in rows:
        key = (id(row.parent), row.values["id"])
        if key in seen:
            raise wrong(f"{row.at}.id", f"{row.values['id']} is there twice; leave one out")
        seen.add(key)


def _complete(
    tx: Transaction, row: NewRow, keys: Mapping[tuple[str, str], int], number: int
) -> None:
    """Fill in what a row has from the host, from the rows above it and from those it names."""
    noun = row.noun
    if "host_key" in noun.table.c:
        row.values["host_key"] = tx.host.key
    if noun.parent and row.parent is not None:
        row.values[noun.parent] = row.parent.key
    for column, table in noun.ancestors:
        above = row.parent
        while above is not None and above.noun.table.name != table:
            above = above.parent
        row.values[column] = None if above is None else above.key
    for column, name in row.names.items():
        row.values[column] = keys[name]
    if noun.counter is not None:
        row.values["number"] = number


def _insert(tx: Transaction, noun: Noun, rows: Sequence[NewRow]) -> None:
    columns = [c.name for c in noun.table.columns if c.name != "key" or not noun.has_key]
    statement = insert(noun.table)
    returning = statement.returning(noun.table.c.key, sort_by_parameter_order=True) if (
        noun.has_key
    ) else statement  # fmt: skip
    for chunk in chunks(rows, _AT_ONCE):
        values = [
            {
                column: row.values[column] if column in row.values else noun.defaults[column]
                for column in columns
            }
            for row in chunk
        ]
        try:
            result = tx.connection.execute(returning, values)
        except IntegrityError as error:
            what = "two of them exclude each other, or one names nothing or two objects"
            raise wrong(chunk[0].at.partition("[")[0], f"{what}; send what GET answered") from error
        if noun.has_key:
            for row, key in zip(chunk, result.scalars(), strict=True):
                row.key = key


def _in_order(nouns: Sequence[Noun]) -> Iterator[Noun]:
    """Yield one noun of each table so that what a row names or hangs on comes before it."""
    above: dict[str, set[str]] = {}
    by_table: dict[str, Noun] = {}
    for top in nouns:
        for noun, parent in _with_parents(top, None):
            name = noun.table.name
            by_table.setdefault(name, noun)
            before = above.setdefault(name, set())
            before.update(reference.table for reference in noun.references)
            before.update(table for _, table in noun.ancestors)
            if parent is not None:
                before.add(parent.table.name)
    for name in TopologicalSorter(above).static_order():
        yield by_table[name]


def _with_parents(noun: Noun, parent: Noun | None) -> Iterator[tuple[Noun, Noun | None]]:
    yield noun, parent
    for part in noun.parts:
        yield from _with_parents(part, noun)
