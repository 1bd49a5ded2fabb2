"""Several services in one PostgreSQL, each in a schema of its own."""

import pytest
from sqlalchemy import create_engine, inspect, text
from typer.testing import CliRunner

from hnsemu.cli.app import cli
from tests.conftest import DATABASES
from tests.e2e.servers import serving
from tests.e2e.streams import listening, news
from tests.e2e.test_notifications import create_namespace

pytestmark = pytest.mark.parametrize("bare_database_url", DATABASES[1:], indirect=True)


def migrate(url: str, schema: str) -> None:
    """Create the tables in a schema by the command."""
    done = CliRunner().invoke(cli, ["migrate", "--database-url", url, "--schema", schema])
    assert done.exit_code == 0, done.stderr


def test_two_services_in_one_database_do_not_see_each_other(bare_database_url: str) -> None:
    for schema in ("east", "west"):
        migrate(bare_database_url, schema)
    with (
        serving(bare_database_url, "--schema", "east") as east,
        serving(bare_database_url, HNSEMU_SCHEMA="west") as west,
        east.client() as of_east,
        west.client() as of_west,
        listening(f"{east.url}/v2/notifications") as (_, in_east),
        listening(f"{west.url}/v2/notifications") as (_, in_west),
    ):
        created, other = create_namespace(of_east), create_namespace(of_west)
        assert [event.subject for event in news(in_east, 1)] == [created]
        assert [event.subject for event in news(in_west, 1)] == [other]
        assert of_west.get(f"/v2/namespaces/{created}").status_code == 404
        assert of_west.put("/emulator/hosts/only-west").status_code == 201
        assert of_east.get("/hosts/only-west/v2/networks").status_code == 404
    engine = create_engine(bare_database_url)
    assert inspect(engine).get_table_names("public") == []
    engine.dispose()


def test_a_schema_is_migrated_again_without_the_right_to_create_one(
    bare_database_url: str,
) -> None:
    migrate(bare_database_url, "east")
    engine = create_engine(bare_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE ROLE hnsemu_east LOGIN"))
        connection.execute(text("GRANT ALL ON SCHEMA east TO hnsemu_east"))
        connection.execute(text("GRANT ALL ON ALL TABLES IN SCHEMA east TO hnsemu_east"))
    try:
        migrate(bare_database_url.replace("hnsemu@", "hnsemu_east@"), "east")
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP OWNED BY hnsemu_east"))
            connection.execute(text("DROP ROLE hnsemu_east"))
        engine.dispose()
