"""A state document has every row of every table of a host, and every column of it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Table

from hnsemu.docker.door import CLIENTS
from hnsemu.storage.nouns import Noun
from hnsemu.storage.state import NOUNS
from hnsemu.storage.tables import hosts, metadata

EVERY = [*NOUNS, *(noun for client in CLIENTS for noun in client.nouns)]


def _places() -> Iterator[Noun]:
    for noun in EVERY:
        yield from noun.walk()


def _of_a_host(table: Table) -> bool:
    above = {key.column.table for key in table.foreign_keys}
    return hosts in above or any(_of_a_host(other) for other in above if other is not table)


TABLES = sorted(
    table.name
    for table in metadata.tables.values()
    if (table is hosts or _of_a_host(table)) and table.info.get("is_state", True)
)


@pytest.mark.parametrize("name", TABLES)
def test_each_table_of_a_host_is_in_the_document(name: str) -> None:
    assert name in {noun.table.name for noun in _places()}


@pytest.mark.parametrize("name", TABLES)
def test_each_column_is_shown_or_follows_from_its_place(name: str) -> None:
    table = metadata.tables[name]
    places = [noun for noun in _places() if noun.table is table]
    covered = {"key", "host_key"}
    for noun in places:
        covered |= {member.column for member in noun.members}
        covered |= {reference.column for reference in noun.references}
        covered |= {noun.parent, noun.position, *noun.derived}
        covered |= {column for column, _ in noun.ancestors}
        covered |= {"number"} if noun.counter else set()
    assert {column.name for column in table.columns} <= covered
