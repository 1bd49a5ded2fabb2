"""Bring a database to this version's schema."""

from app.storage.engine import Database
from app.storage.tables import metadata


def upgrade(url: str) -> None:
    """Upgrade the database at `url` to the newest schema, from whatever it holds."""
    database = Database(url)
    metadata.create_all(database.engine)
    database.dispose()
