"""What every connection begins with."""

import pytest
from sqlalchemy.engine import make_url

from hnsemu.storage.sessions import with_schema, with_session

_URL = "postgresql+psycopg://hnsemu:%40@server/db"


def test_without_a_schema_a_url_stays_as_it_is() -> None:
    assert with_schema(_URL, "") == _URL


def test_a_schema_joins_the_options_of_a_url() -> None:
    placed = make_url(with_schema(f"{_URL}?options=-c%20lock_timeout%3D9", "east"))
    assert placed.query["options"] == "-c lock_timeout=9 -c search_path=east"
    assert placed.render_as_string(hide_password=False).startswith(
        "postgresql+psycopg://hnsemu:%40@"
    )


@pytest.mark.parametrize(
    ("session", "options"),
    [
        ("prefer-standby", "-c default_transaction_read_only=on"),
        ("read-only", "-c default_transaction_read_only=on"),
        ("read-write", None),
        ("any", None),
    ],
)
def test_who_looks_for_a_standby_only_reads(session: str, options: str | None) -> None:
    url = make_url(f"{_URL}?target_session_attrs={session}")
    assert with_session(url).query.get("options") == options
