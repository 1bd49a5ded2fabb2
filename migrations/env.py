"""How Alembic reaches the database: by the URL of its configuration or HNSEMU_DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import Connection, create_engine, text

from hnsemu.storage.tables import metadata

# Any constant will do; it keeps two replicas from migrating one PostgreSQL at once.
_LOCK = 0x686E73656D75


def _run(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,  # SQLite alters a table by copying it
        compare_type=True,
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
    with engine.begin() as opened:
        _run(opened)
    engine.dispose()
