"""Which revision of the schema a database has, without loading Alembic."""

from sqlalchemy import inspect, text

from hnsemu.storage.database import Database

HEAD = "0031"
"""The revision this version of hnsemu wants; a test compares it with the migrations."""


def revision(database: Database) -> str:
    """Return the revision of the database, "" when it was never migrated."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return str(found or "")
