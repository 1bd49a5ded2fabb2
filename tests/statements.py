"""Statements that a database is sent: what a use case costs on every machine, however busy."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, event

from hnsemu.storage.database import Database
from hnsemu.storage.prepared import Answer, Prepared


@contextmanager
def sent_to(database: Database) -> Iterator[list[str]]:
    """Collect what a block sends, prepared statements and those that SQLAlchemy runs itself."""
    seen: list[str] = []
    ask = Prepared.ask

    def noted(self: Prepared, connection: Connection, parameters: Mapping[str, object]) -> Answer:
        seen.append(self.sql(connection.dialect))
        return ask(self, connection, parameters)

    with pytest.MonkeyPatch.context() as patch, built_for(database) as built:
        patch.setattr(Prepared, "ask", noted)
        yield seen
        seen.extend(built)


@contextmanager
def built_for(database: Database) -> Iterator[list[str]]:
    """Collect the statements that SQLAlchemy runs, which cost several times what others do."""
    seen: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _note(*run: object) -> None:
        seen.append(str(run[2]))

    yield seen
    event.remove(database.engine, "before_cursor_execute", _note)
