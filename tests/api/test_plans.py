"""No request reads a whole table that grows: each statement is explained, on both databases.

PostgreSQL is told to avoid sequential scans, as its tables are small here; what it cannot avoid
then would be read in whole, too, from a table that is large.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from psycopg import sql
from sqlalchemy import create_engine, event
from sqlalchemy.pool import Pool

from hnsemu.api.examples import ENDPOINT, NETWORK
from hnsemu.storage.tables import metadata
from tests import postgres
from tests.api.calls import AFTER, WORKING

# The beginning of a statement, up to the ; if it is whole, and why it may read a table in whole.
ALLOWED = {
    "SELECT hosts.name FROM hosts;": "hosts are listed in their natural order, which no index has",
    "SELECT hosts.number FROM hosts": "the lowest free number of a new host: one index, no rows",
    "SELECT hosts.name, count(*) AS count_1 FROM hosts JOIN": "/metrics counts objects",
    "SELECT hosts.name, sum(networks.current_endpoints)": "/metrics asks all networks",
    "SELECT coalesce(max(notification_numbers.used)": "it has one row",
    "UPDATE journals SET last_number=journals.reserved": "once, when the service starts",
    "UPDATE calls SET sure_until": "once, when the service starts",
}

# Partial indexes with few rows, which the planner may read in whole while there are few hosts.
SMALL_INDEXES = {"ix_vswitch_ports_of_host"}

# To an address that nobody has, and to a load balancer.
TRACES = [
    {"From": sender, "Packet": {"Destination": destination, "DestinationPort": 80}}
    for sender in ({"Endpoint": ENDPOINT}, {"Host": True})
    for destination in ("10.99.99.99", "10.96.0.10")
]


@dataclass
class Statements:
    """What was sent to the database, each text once, with the parameters of one run."""

    texts: dict[str, Any] = field(default_factory=dict)

    def note(self, text: str, parameters: object = None) -> None:
        """Keep a statement of a request."""
        if text.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            self.texts.setdefault(" ".join(text.split()), parameters)


@contextmanager
def noted() -> Iterator[Statements]:
    """Note all statements on connections that are opened in the block."""
    statements = Statements()

    def connected(connection: Any, _record: object) -> None:
        if hasattr(connection, "set_trace_callback"):
            connection.set_trace_callback(statements.note)
            return

        class Noting(connection.cursor_factory):  # type: ignore[misc]  # a driver's class
            def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
                statements.note(str(query), params)
                return super().execute(query, params, **options)

        connection.cursor_factory = Noting
        if hasattr(connection, "send"):  # of the service, not of a test itself
            connection.send = _noting_sent(statements, connection.send)

    event.listen(Pool, "connect", connected)
    try:
        yield statements
    finally:
        event.remove(Pool, "connect", connected)


def _noting_sent(statements: Statements, send: Any) -> Any:
    """Return what notes the prepared statements, which go to PostgreSQL without a cursor."""

    def noting(text: str, values: Any) -> Any:
        statements.note(text, values)
        return send(text, values)

    return noting


@pytest.fixture
def postgres_databases(postgres_template: str) -> Iterator[postgres.Databases]:
    """Return new databases: what tables of used ones once held changes their plans."""
    databases = postgres.Databases(postgres_template)
    yield databases
    databases.close()


@pytest.fixture
def statements(database_url: str) -> Iterator[Statements]:
    assert database_url  # migrated by now, which is no request
    with noted() as found:
        yield found


async def test_no_request_reads_a_table_in_whole(
    statements: Statements, world: httpx.AsyncClient, database_url: str
) -> None:
    for trace in TRACES:
        walked = await world.post("/host/trace", json=trace)
        assert walked.status_code == 200, walked.text
    calls = [*WORKING.values(), *(call for calls in AFTER.values() for call in calls)]
    for call in calls:
        await call.send(world)
    assert len(statements.texts) > 100
    scans = [
        f"{table}: {text}"
        for table, text in _scans(statements, database_url)
        if table in metadata.tables and not f"{text};".startswith(tuple(ALLOWED))
    ]
    assert scans == []


async def test_a_trace_reads_few_endpoints_of_its_host(
    statements: Statements, world: httpx.AsyncClient, database_url: str
) -> None:
    for trace in TRACES:
        assert (await world.post("/host/trace", json=trace)).status_code == 200
    ports = [text for text in statements.texts if "JOIN vswitch_ports" in text]
    (of_host,) = [text for text in ports if "compartment = 1" in text]
    plan = " ".join(_plan(of_host, statements.texts[of_host], database_url))
    assert "ix_vswitch_ports_of_host" in plan
    assert "ix_endpoints_host_key" not in plan


async def test_a_page_of_ports_reads_the_endpoints_of_its_network_alone(
    statements: Statements, world: httpx.AsyncClient, database_url: str
) -> None:
    assert (await world.get("/host/vfp/ports?limit=9")).status_code == 200
    found = [text for text in statements.texts if "(endpoints.network_key, endpoints" in text]
    _assert_read_by("ix_endpoints_network_key_key", found, statements, database_url)


async def test_a_page_of_a_network_reads_its_endpoints_alone(
    statements: Statements, world: httpx.AsyncClient, database_url: str
) -> None:
    for member in ("HostComputeNetwork", "VirtualNetwork", "VirtualNetworkName"):
        value = "vxlan0" if member == "VirtualNetworkName" else NETWORK
        query = quote(json.dumps({"Filter": json.dumps({member: value})}))
        listed = await world.get(f"/v2/endpoints?limit=2&query={query}")
        assert [endpoint["ID"] for endpoint in listed.json()] == [ENDPOINT]
        behind = await world.get(f"/v2/endpoints?limit=2&query={query}&after={ENDPOINT}")
        assert behind.json() == []
    found = [text for text in statements.texts if text.startswith("SELECT endpoints.document")]
    for text in found:
        assert "(endpoints.network_key, endpoints" in text  # no other index has that order
    _assert_read_by("ix_endpoints_network_key_key", found, statements, database_url)


async def test_the_firewall_reads_endpoints_that_may_have_host_acls_alone(
    statements: Statements, world: httpx.AsyncClient, database_url: str
) -> None:
    assert (await world.get("/host/firewall?limit=9")).status_code == 200
    found = [text for text in statements.texts if "ruletype" in text]
    _assert_read_by("ix_endpoints_host_acls", found, statements, database_url)


async def test_a_page_of_no_network_reads_no_endpoint(
    statements: Statements, client: httpx.AsyncClient
) -> None:
    query = quote(json.dumps({"Filter": json.dumps({"VirtualNetworkName": "of nobody"})}))
    assert (await client.get(f"/v2/endpoints?limit=2&query={query}")).json() == []
    (listing,) = [text for text in statements.texts if text.startswith("SELECT endpoints.document")]
    assert re.search("WHERE (false|0 = 1) ", listing)


def _assert_read_by(index: str, found: list[str], statements: Statements, url: str) -> None:
    """Fail unless there are statements, and all of them use the index."""
    assert found
    for text in found:
        plan = " ".join(_plan(text, statements.texts[text], url, "bitmapscan", "sort"))
        assert index in plan


def _plan(statement: str, parameters: Any, url: str, *avoided: str) -> Iterator[str]:
    """Yield the lines of a plan, as the database writes them. avoided: ways of PostgreSQL."""
    engine = create_engine(url)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            rows = driver.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
            yield from (str(row[-1]) for row in rows)
        else:
            for way in ("seqscan", *avoided):
                driver.execute(f"SET enable_{way} = off")
            yield json.dumps(_postgres_plan(driver, statement, parameters))
    engine.dispose()


def _scans(statements: Statements, url: str) -> Iterator[tuple[str, str]]:
    """Yield each table that a statement reads in whole, and the statement."""
    engine = create_engine(url)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            for text in statements.texts:
                for *_, detail in driver.execute(f"EXPLAIN QUERY PLAN {text}"):
                    if detail.startswith("SCAN "):
                        yield detail.split()[1], text
        else:
            driver.execute("SET enable_seqscan = off")
            for text, parameters in statements.texts.items():
                for table in _whole(_postgres_plan(driver, text, parameters)):
                    yield table, text
    engine.dispose()


def _postgres_plan(driver: Any, text: str, parameters: Any) -> dict[str, Any]:
    """Return the plan of a statement with the parameters of a cursor, or with prepared ones."""
    if "$1" not in text:
        (rows,) = driver.execute(f"EXPLAIN (FORMAT JSON) {text}", parameters).fetchone()
    else:
        driver.execute("SET plan_cache_mode = force_generic_plan")
        driver.execute(f"PREPARE noted AS {text}")
        values = sql.SQL(", ").join([sql.Literal(value) for value in parameters])
        explained = sql.SQL("EXPLAIN (FORMAT JSON) EXECUTE noted ({})").format(values)
        (rows,) = driver.execute(explained).fetchone()
        driver.execute("DEALLOCATE noted")
    plan = rows if isinstance(rows, list) else json.loads(rows)
    found: dict[str, Any] = plan[0]["Plan"]
    return found


def _whole(plan: dict[str, Any]) -> Iterator[str]:
    """Yield the tables that a plan of PostgreSQL reads in whole."""
    if "Relation Name" in plan and plan["Node Type"] in {
        "Seq Scan", "Index Scan", "Index Only Scan"
    } and "Index Cond" not in plan and plan.get("Index Name") not in SMALL_INDEXES:  # fmt: skip
        yield plan["Relation Name"]
    for inner in plan.get("Plans", ()):
        yield from _whole(inner)
