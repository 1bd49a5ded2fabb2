"""Bring a database to this version's schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from hnsemu.storage.sessions import with_schema

_PACKAGE = Path(__file__).resolve().parents[1]


def upgrade(url: str, revision: str = "head", schema: str = "") -> None:
    """Upgrade the database at `url`, from whatever it holds to `revision`, else the newest tables.

    schema: where PostgreSQL has the tables, created if there is none; "" for the usual place.
    Safe to call from several processes at once: PostgreSQL takes a lock, SQLite has one writer.
    """
    engine = create_engine(with_schema(url, schema))
    try:
        with engine.begin() as connection:
            config = _config()
            config.attributes.update(connection=connection, schema=schema)
            command.upgrade(config, revision)
    finally:
        engine.dispose()


def head() -> str:
    """Return the revision this version of hnsemu wants."""
    return revisions()[-1]


def revisions() -> list[str]:
    """Return every revision there is, oldest first."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return [script.revision for script in scripts][::-1]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_migrations()))
    return config


def _migrations() -> Path:
    """Return the folder of the migrations: in an installed package, or in a checkout."""
    installed = _PACKAGE / "migrations"
    return installed if installed.is_dir() else _PACKAGE.parents[1] / "migrations"
