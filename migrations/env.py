"""How Alembic reaches the database: by the URL of its configuration or HNSEMU_DATABASE_URL."""

import os

from alembic import context
from alembic.autogenerate.rewriter import Rewriter
from alembic.operations.ops import AddColumnOp
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.schema import CreateSchema

import hnsemu.docker.storage.partial_indexes
import hnsemu.storage.partial_indexes  # noqa: F401 (with Docker's, part of the schema)
from hnsemu.storage.tables import metadata

# Any constant will do; it keeps two replicas from migrating one PostgreSQL at once.
_LOCK = 0x686E73656D75

_drafts = Rewriter()


@_drafts.rewrites(AddColumnOp)
def _refuse_what_rows_cannot_have(
    _context: object, _revision: object, op: AddColumnOp
) -> AddColumnOp:
    """Let a draft pass unless databases with rows would refuse it.

    Raises: CommandError.
    """
    if not op.column.nullable and op.column.server_default is None:
        raise CommandError(
            f"{op.table_name}.{op.column.name} is NOT NULL, and databases have rows without it; "
            "give it a server_default in app/hnsemu/storage/tables.py: "
            f'_text("{op.column.name}", added=True), or the same with _integer or _boolean'
        )
    return op


def _is_other_default(*compared: object) -> bool | None:
    """Return False for two empty strings, which Alembic tells apart on SQLite; else let it decide.

    compared: context, column found, column wanted, default found, default wanted, that as SQL.
    """
    *_, found, _, wanted = compared
    return False if found == "('')" and wanted == "" else None


def _create_schema(connection: Connection, name: str) -> None:
    """Create the schema for the tables unless it is there: IF NOT EXISTS asks for the right to."""
    if name and not inspect(connection).has_schema(name):
        connection.execute(CreateSchema(name))


def _run(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        _create_schema(connection, context.config.attributes.get("schema", ""))
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,  # SQLite alters a table by copying it
        compare_type=True,
        compare_server_default=_is_other_default,
        process_revision_directives=_drafts,
    )
    context.run_migrations()


def _url() -> str:
    return (
        context.config.get_main_option("sqlalchemy.url")
        or os.environ.get("HNSEMU_DATABASE_URL")
        or "sqlite:///hnsemu.db"
    )


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    engine = create_engine(_url())
    try:
        with engine.begin() as opened:
            _run(opened)
    finally:
        engine.dispose()
