"""What every connection to PostgreSQL begins with, told by the URL of the database.

The pool, the listener and migrations all open their connections by it, and begin with the same.
"""

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL, make_url

_READERS = {"read-only", "standby", "prefer-standby"}

_SENDER = text("SELECT sender_host, sender_port FROM pg_stat_wal_receiver")


def with_session(url: URL) -> URL:
    """Return `url` with what it asks for: who looks for a standby changes nothing on a primary."""
    if url.query.get("target_session_attrs") not in _READERS:
        return url
    return _with_option(url, "default_transaction_read_only=on")


def with_schema(url: str, schema: str) -> str:
    """Return `url` so that the tables are looked for in `schema` alone; "" for the usual one."""
    if not schema:
        return url
    placed = _with_option(make_url(url), f"search_path={schema}")
    return placed.render_as_string(hide_password=False)


def is_reader(connection: Connection) -> bool:
    """Tell whether PostgreSQL would refuse every change: on a replica, or by a setting."""
    return bool(connection.execute(text("SHOW transaction_read_only")).scalar() == "on")


def primary_of(connection: Connection) -> str:
    """Return address and port of the server that a replica follows, "" when it is not told.

    PostgreSQL tells members of pg_monitor, while the replica is connected.
    """
    row = connection.execute(_SENDER).first()
    return "" if row is None or row.sender_host is None else f"{row.sender_host}:{row.sender_port}"


def _with_option(url: URL, option: str) -> URL:
    given = url.query.get("options", "")
    options = given if isinstance(given, str) else " ".join(given)
    return url.update_query_dict({"options": f"{options} -c {option}".strip()})
