"""What a noun of a state document is: rows of a table, the members they show, and where they hang.

A document names objects by their ids; keys of rows are the database's own and stay inside. Lists
keep the order of creation. A member that is left out has the default of its column.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Table

from hnsemu.domain.state.shapes import Json, Shape


@dataclass(frozen=True, slots=True)
class Member:
    """A member that shows a column.

    name:        in the document, the column's where it is empty.
    default:     what a column without a default of its own holds when nothing is said.
    is_optional: whether nothing need be said of a column that has no default.
    or_key:      whether an empty column shows the key of its row.
    """

    column: str
    shape: Shape
    name: str = ""
    default: object = None
    is_optional: bool = False
    or_key: bool = False

    @property
    def shown(self) -> str:
        """Return the name in the document."""
        return self.name or self.column


@dataclass(frozen=True, slots=True)
class Reference:
    """A member that names an object of the host by its id.

    table: where the object is. is_loose: whether a row may keep the key of one that is gone.
    """

    name: str
    column: str
    table: str
    is_loose: bool = False


@dataclass(frozen=True, eq=False)
class Noun:
    """The rows of a table in one place of the document.

    parent:     the column that names the row which it hangs on; "" for the host.
    ancestors:  columns that follow from where it hangs, with the table of the row above.
    position:   the column that counts the rows of one parent from 0; "" without one.
    counter:    the table and column of the host's last `number`, of rows that have one. Numbers
                are the service's and never shown.
    is_heard:   whether readers of the numbers must notice that the rows were replaced.
    derived:    columns that somebody computes from the others when the rows are written.
    without:    a column; only rows in which it names no row of `without_table` belong here.
    is_single:  whether there is one row at the most, an object in the document.
    """

    name: str
    table: Table
    members: Sequence[Member]
    references: Sequence[Reference] = ()
    parts: "Sequence[Noun]" = ()
    parent: str = ""
    ancestors: tuple[tuple[str, str], ...] = ()
    position: str = ""
    counter: tuple[Table, str] | None = None
    is_heard: bool = False
    derived: Sequence[str] = ()
    without: str = ""
    without_table: str = ""
    is_single: bool = False

    @property
    def has_key(self) -> bool:
        """Tell whether the database counts the rows."""
        return "key" in self.table.c

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the members, parts and references."""
        return frozenset(
            [
                *(member.shown for member in self.members),
                *(reference.name for reference in self.references),
                *(part.name for part in self.parts),
            ]
        )

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """What each column holds when nothing is said; None where it may be empty."""
        columns: list[Any] = list(self.table.columns)
        declared = {
            column.name: None if column.default is None else column.default.arg
            for column in columns
        }
        return declared | {
            member.column: member.default for member in self.members if member.default is not None
        }

    @cached_property
    def required(self) -> frozenset[str]:
        """The columns in which a row must say something."""
        optional = {member.column for member in self.members if member.is_optional}
        return frozenset(
            column.name
            for column in self.table.columns
            if not column.nullable
            and self.defaults[column.name] is None
            and column.name not in optional
        )

    def walk(self) -> "Iterator[Noun]":
        """Yield this noun and those that hang on it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def schema(self) -> dict[str, Json]:
        """Return the JSON schema of one row."""
        members: dict[str, Json] = {member.shown: member.shape.schema() for member in self.members}
        required = [member.shown for member in self.members if member.column in self.required]
        for reference in self.references:
            what = f"The id of one of the host's {reference.table.replace('_', ' ')}."
            members[reference.name] = {"type": "string", "description": what}
            if reference.column in self.required:
                required.append(reference.name)
        for part in self.parts:
            members[part.name] = part.list_schema()
        schema: dict[str, Json] = {
            "title": "".join(map(str.capitalize, self.table.name.split("_"))) + "State",
            "type": "object",
            "properties": dict(sorted(members.items())),
        }
        return {**schema, "required": sorted(required)} if required else schema

    def list_schema(self) -> dict[str, Json]:
        """Return the JSON schema of the rows."""
        return self.schema() if self.is_single else {"type": "array", "items": self.schema()}
